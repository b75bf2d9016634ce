mail-notifications-subject = Nouvelles de { $workspace }
mail-notifications = Voici ce qui s’est passé chez { $workspace } :
mail-notifications-more = … et { $count } de plus.
mail-notifications-end = Tout se trouve sur { $url }. Vous y choisissez aussi ce que vous recevez par e-mail.
