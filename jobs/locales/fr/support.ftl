keywords-support = ticket | tickets | assistance | signaler un problème
ticket-what = De quoi s’agit-il ? Écrivez-le en un message, notre équipe s’en occupera.
ticket-more = Votre ticket « { $subject } » est ouvert. Que souhaitez-vous ajouter ?
ticket-opened = Merci. Votre ticket est ouvert, notre équipe répondra ici.
ticket-added = Merci, c’est ajouté à votre ticket.
ticket-unreadable = Merci de l’écrire en mots, 4 000 caractères au plus.
