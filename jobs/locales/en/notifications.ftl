mail-notifications-subject = What happened at { $workspace }
mail-notifications = This happened at { $workspace }:
mail-notifications-more = … and { $count } more.
mail-notifications-end = Everything is at { $url }. There you also choose of what you get letters.
