var e={title:`Confirmation de commande`,header:`Merci pour votre commande`,body:`Bonjour {{1}}, nous avons bien reçu votre commande *{{2}}*. Le total est de {{3}}.

Nous vous écrivons dès qu’elle est en route.`,examples:[`Amina`,`1024`,`24,00 €`],buttons:[`Voir la commande`]},t={title:`Livraison`,header:`Votre commande est en route`,body:`Bonjour {{1}}, votre commande *{{2}}* est en route. Elle arrive le {{3}}, entre {{4}}.

Quelqu’un sera-t-il là pour la recevoir ?`,examples:[`Amina`,`1024`,`vendredi 14 mars`,`10 h et 12 h`],buttons:[`Oui`,`Un autre jour`]},n={title:`Rappel de rendez-vous`,header:`Votre rendez-vous`,body:`Bonjour {{1}}, nous vous attendons : *{{2}}*, le {{3}} à {{4}}.

Viendrez-vous ?`,examples:[`Amina`,`Coupe de cheveux`,`vendredi 14 mars`,`15 h 30`],buttons:[`Je viendrai`,`Je ne peux pas venir`]},r={title:`Rappel de paiement`,header:`Un paiement est attendu`,body:`Bonjour {{1}}, votre paiement de *{{2}}* pour {{3}} est attendu le {{4}}.

Si vous avez déjà payé, merci : il ne reste rien à faire.`,examples:[`Amina`,`24,00 €`,`la commande 1024`,`vendredi 14 mars`],buttons:[`Payer maintenant`]},i={title:`Bienvenue`,header:`Bienvenue`,body:`Bonjour {{1}}, nous sommes heureux de vous compter parmi les clients de {{2}}.

Écrivez-nous ici pour commander, réserver ou poser une question.`,examples:[`Amina`,`Mama Zuri Market`],footer:`Répondez STOP pour ne plus recevoir d’offres.`,buttons:[`Voir les produits`,`J’ai une question`]},a={title:`Offre de printemps`,header:`Le printemps est là`,body:`Bonjour {{1}}, jusqu’au {{2}} vous avez *{{3}} de remise* sur toutes nos nouveautés.

Voulez-vous voir les plus belles ?`,examples:[`Amina`,`31 mars`,`15 %`],footer:`Répondez STOP pour ne plus recevoir d’offres.`,buttons:[`Oui, montrez-moi`,`Pas cette fois`]},o={title:`Faire revenir un client`,body:`Bonjour {{1}}, nous n’avons plus de vos nouvelles depuis un moment et aimerions vous revoir.

Pour votre prochaine commande, vous avez *{{2}} de remise*, jusqu’au {{3}}.`,examples:[`Amina`,`10 %`,`31 mars`],footer:`Répondez STOP pour ne plus recevoir d’offres.`,buttons:[`Quoi de neuf ?`,`Pas intéressé`]},s={title:`Avis`,body:`Bonjour {{1}}, merci pour votre commande *{{2}}*.

Vous a-t-elle plu ? Une réponse nous aide à faire mieux.`,examples:[`Amina`,`1024`],buttons:[`Très bien`,`Correct`,`Pas bien`]},c={order_confirmation:e,delivery_update:t,appointment_reminder:n,payment_reminder:r,welcome:i,spring_offer:a,win_back:o,feedback_request:s};export{n as appointment_reminder,c as default,t as delivery_update,s as feedback_request,e as order_confirmation,r as payment_reminder,a as spring_offer,i as welcome,o as win_back};