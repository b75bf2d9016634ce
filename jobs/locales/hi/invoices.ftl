invoice-title-invoice = चालान
invoice-title-receipt = रसीद
invoice-title-credit_note = क्रेडिट नोट
invoice-billed-to = बिल प्राप्तकर्ता
invoice-issued-on = जारी करने की तारीख
invoice-paid-on = भुगतान की तारीख
invoice-order = ऑर्डर
invoice-corrects = चालान के लिए
invoice-corrects-date = दिनांक
invoice-description = विवरण
invoice-quantity = मात्रा
invoice-price = मूल्य
invoice-amount = राशि
invoice-sum-subtotal = उप-योग
invoice-sum-discount = छूट
invoice-sum-shipping = शिपिंग
invoice-sum-tax = कर
invoice-sum-tax_included = शामिल कर
invoice-total = कुल
invoice-total-received = प्राप्त राशि
invoice-total-credited = लौटाई गई राशि
invoice-paid = भुगतान हो गया
invoice-part = चालान { $number } का लौटाया गया भाग
invoice-note = आपकी टिप्पणी: { $note }
invoice-date = { $date } { $year }
invoice-caption = 🧾 { $title } { $number }: { $total }
invoice-mail-subject = { $seller } से { $title } { $number }
invoice-mail-text =
    नमस्ते { $name },

    यह दस्तावेज़ संलग्न है: { $title } { $number }, { $total }।

    { $seller }
