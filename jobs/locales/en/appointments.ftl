keywords-book = book | booking | appointment | bookings
