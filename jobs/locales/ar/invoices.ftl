invoice-title-invoice = فاتورة
invoice-title-receipt = إيصال
invoice-title-credit_note = إشعار دائن
invoice-billed-to = فاتورة إلى
invoice-issued-on = تاريخ الإصدار
invoice-paid-on = تاريخ الدفع
invoice-order = الطلب
invoice-corrects = عن الفاتورة
invoice-corrects-date = بتاريخ
invoice-description = الوصف
invoice-quantity = الكمية
invoice-price = السعر
invoice-amount = المبلغ
invoice-sum-subtotal = المجموع الفرعي
invoice-sum-discount = الخصم
invoice-sum-shipping = الشحن
invoice-sum-tax = الضريبة
invoice-sum-tax_included = الضريبة المشمولة
invoice-total = الإجمالي
invoice-total-received = المبلغ المستلم
invoice-total-credited = المبلغ المردود
invoice-paid = مدفوعة
invoice-part = الجزء المردود من الفاتورة { $number }
invoice-note = ملاحظتك: { $note }
invoice-date = { $date } { $year }
invoice-caption = 🧾 { $title } { $number }: { $total }
invoice-mail-subject = { $title } { $number } من { $seller }
invoice-mail-text =
    مرحبًا { $name }،

    تجد هذا المستند مرفقًا: { $title } { $number }، { $total }.

    { $seller }
