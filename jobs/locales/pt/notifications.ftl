mail-notifications-subject = Novidades de { $workspace }
mail-notifications = Isto aconteceu em { $workspace }:
mail-notifications-more = … e mais { $count }.
mail-notifications-end = Tudo está em { $url }. Lá também escolhe o que recebe por e-mail.
