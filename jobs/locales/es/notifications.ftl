mail-notifications-subject = Novedades de { $workspace }
mail-notifications = Esto ha pasado en { $workspace }:
mail-notifications-more = … y { $count } más.
mail-notifications-end = Todo está en { $url }. Allí también elige lo que recibe por correo.
