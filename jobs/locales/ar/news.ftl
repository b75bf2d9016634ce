keywords-news = أخبار | اخبار | الأخبار
keywords-news-stop = إيقاف الأخبار | ايقاف الاخبار
