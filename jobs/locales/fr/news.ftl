keywords-news = actualités | actualites | infos | nouvelles
keywords-news-stop = stop infos | stop actualités | arrêt infos
