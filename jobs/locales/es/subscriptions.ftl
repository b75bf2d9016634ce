keywords-plans = planes | suscripción | suscripciones
