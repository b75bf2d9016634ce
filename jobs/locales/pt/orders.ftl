keywords-cart = carrinho | meu carrinho
