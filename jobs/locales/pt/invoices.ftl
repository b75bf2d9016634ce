invoice-title-invoice = Fatura
invoice-title-receipt = Recibo
invoice-title-credit_note = Nota de crédito
invoice-billed-to = Faturado a
invoice-issued-on = Data de emissão
invoice-paid-on = Pago em
invoice-order = Pedido
invoice-corrects = Da fatura
invoice-corrects-date = De
invoice-description = Descrição
invoice-quantity = Quantidade
invoice-price = Preço
invoice-amount = Valor
invoice-sum-subtotal = Subtotal
invoice-sum-discount = Desconto
invoice-sum-shipping = Envio
invoice-sum-tax = Imposto
invoice-sum-tax_included = Imposto incluído
invoice-total = Total
invoice-total-received = Recebido
invoice-total-credited = Creditado
invoice-paid = Pago
invoice-part = Parte reembolsada da fatura { $number }
invoice-note = A sua observação: { $note }
invoice-date = { $date } de { $year }
invoice-caption = 🧾 { $title } { $number }: { $total }
invoice-mail-subject = { $title } { $number } de { $seller }
invoice-mail-text =
    Olá, { $name }:

    em anexo segue este documento: { $title } { $number }, { $total }.

    { $seller }
