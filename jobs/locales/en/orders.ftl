keywords-cart = cart | basket | my cart
