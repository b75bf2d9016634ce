keywords-cart = कार्ट | टोकरी | मेरी टोकरी
