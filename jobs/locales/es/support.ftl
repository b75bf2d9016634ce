keywords-support = incidencia | incidencias | soporte | informar de un problema
ticket-what = ¿De qué se trata? Escríbalo en un mensaje y nuestro equipo se ocupará.
ticket-more = Su incidencia «{ $subject }» está abierta. ¿Qué quiere añadir?
ticket-opened = Gracias. Su incidencia está abierta y nuestro equipo responderá aquí.
ticket-added = Gracias, se ha añadido a su incidencia.
ticket-unreadable = Escríbalo con palabras, hasta 4000 caracteres.
