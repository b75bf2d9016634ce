keywords-book = حجز | موعد | مواعيد
