keywords-book = reservar | reserva | cita | citas
