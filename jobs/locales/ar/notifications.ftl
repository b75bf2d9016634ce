mail-notifications-subject = مستجدات { $workspace }
mail-notifications = هذا ما حدث في { $workspace }:
mail-notifications-more = … و{ $count } غيرها.
mail-notifications-end = تجد كل شيء في { $url }. وهناك تختار أيضًا ما يصلك بالبريد.
