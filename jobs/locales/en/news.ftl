keywords-news = news | my news
keywords-news-stop = stop news | no news | unsubscribe news
