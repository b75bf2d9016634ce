keywords-cart = panier | mon panier
