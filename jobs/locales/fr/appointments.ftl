keywords-book = réserver | reserver | rendez-vous | réservation
