keywords-cart = السلة | سلة | سلتي
