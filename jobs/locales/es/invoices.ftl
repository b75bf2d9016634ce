invoice-title-invoice = Factura
invoice-title-receipt = Recibo
invoice-title-credit_note = Nota de crédito
invoice-billed-to = Facturado a
invoice-issued-on = Fecha de emisión
invoice-paid-on = Pagado el
invoice-order = Pedido
invoice-corrects = De la factura
invoice-corrects-date = Del
invoice-description = Descripción
invoice-quantity = Cantidad
invoice-price = Precio
invoice-amount = Importe
invoice-sum-subtotal = Subtotal
invoice-sum-discount = Descuento
invoice-sum-shipping = Envío
invoice-sum-tax = Impuesto
invoice-sum-tax_included = Impuesto incluido
invoice-total = Total
invoice-total-received = Recibido
invoice-total-credited = Abonado
invoice-paid = Pagado
invoice-part = Parte reembolsada de la factura { $number }
invoice-note = Su comentario: { $note }
invoice-date = { $date } de { $year }
invoice-caption = 🧾 { $title } { $number }: { $total }
invoice-mail-subject = { $title } { $number } de { $seller }
invoice-mail-text =
    Hola, { $name }:

    adjuntamos este documento: { $title } { $number }, { $total }.

    { $seller }
