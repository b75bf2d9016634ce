keywords-news = समाचार | खबरें
keywords-news-stop = समाचार बंद | खबरें बंद
