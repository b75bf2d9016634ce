keywords-news = noticias | mis noticias
keywords-news-stop = baja noticias | stop noticias | parar noticias
