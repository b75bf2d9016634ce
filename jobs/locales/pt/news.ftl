keywords-news = notícias | noticias | minhas notícias
keywords-news-stop = parar notícias | sair notícias | stop notícias
