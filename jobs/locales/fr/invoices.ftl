invoice-title-invoice = Facture
invoice-title-receipt = Reçu
invoice-title-credit_note = Avoir
invoice-billed-to = Facturé à
invoice-issued-on = Date d’émission
invoice-paid-on = Payé le
invoice-order = Commande
invoice-corrects = Pour la facture
invoice-corrects-date = Du
invoice-description = Désignation
invoice-quantity = Quantité
invoice-price = Prix
invoice-amount = Montant
invoice-sum-subtotal = Sous-total
invoice-sum-discount = Remise
invoice-sum-shipping = Livraison
invoice-sum-tax = Taxe
invoice-sum-tax_included = Taxe incluse
invoice-total = Total
invoice-total-received = Reçu
invoice-total-credited = Remboursé
invoice-paid = Payé
invoice-part = Partie remboursée de la facture { $number }
invoice-note = Votre remarque : { $note }
invoice-date = { $date } { $year }
invoice-caption = 🧾 { $title } { $number } : { $total }
invoice-mail-subject = { $title } { $number } de { $seller }
invoice-mail-text =
    Bonjour { $name },

    vous trouverez ce document en pièce jointe : { $title } { $number }, { $total }.

    { $seller }
