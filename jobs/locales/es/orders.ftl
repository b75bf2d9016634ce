keywords-cart = carrito | mi carrito | cesta
