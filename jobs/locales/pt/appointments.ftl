keywords-book = agendar | marcar | agendamento | consulta
