invoice-title-invoice = Invoice
invoice-title-receipt = Receipt
invoice-title-credit_note = Credit note
invoice-billed-to = Billed to
invoice-issued-on = Issued on
invoice-paid-on = Paid on
invoice-order = Order
invoice-corrects = For invoice
invoice-corrects-date = Of
invoice-description = Description
invoice-quantity = Quantity
invoice-price = Price
invoice-amount = Amount
invoice-sum-subtotal = Subtotal
invoice-sum-discount = Discount
invoice-sum-shipping = Shipping
invoice-sum-tax = Tax
invoice-sum-tax_included = Tax included
invoice-total = Total
invoice-total-received = Received
invoice-total-credited = Credited
invoice-paid = Paid
invoice-part = Part of invoice { $number } that is paid back
invoice-note = Your remark: { $note }
invoice-date = { $date } { $year }
invoice-caption = 🧾 { $title } { $number }: { $total }
invoice-mail-subject = { $title } { $number } from { $seller }
invoice-mail-text =
    Hello { $name },

    attached you find this document: { $title } { $number }, { $total }.

    { $seller }
