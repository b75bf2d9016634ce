var e={title:`Confirmación de pedido`,header:`Gracias por su pedido`,body:`Hola, {{1}}: hemos recibido su pedido *{{2}}*. El total es {{3}}.

Le escribiremos en cuanto esté en camino.`,examples:[`Amina`,`1024`,`24,00 €`],buttons:[`Ver el pedido`]},t={title:`Entrega`,header:`Su pedido está en camino`,body:`Hola, {{1}}: su pedido *{{2}}* está en camino. Llega el {{3}}, entre {{4}}.

¿Habrá alguien para recibirlo?`,examples:[`Amina`,`1024`,`viernes 14 de marzo`,`las 10:00 y las 12:00`],buttons:[`Sí`,`Otro día, por favor`]},n={title:`Recordatorio de cita`,header:`Su cita`,body:`Hola, {{1}}: le esperamos para *{{2}}* el {{3}} a las {{4}}.

¿Vendrá?`,examples:[`Amina`,`Corte de pelo`,`viernes 14 de marzo`,`15:30`],buttons:[`Iré`,`No puedo ir`]},r={title:`Recordatorio de pago`,header:`Tiene un pago pendiente`,body:`Hola, {{1}}: su pago de *{{2}}* por {{3}} vence el {{4}}.

Si ya ha pagado, gracias: no tiene que hacer nada más.`,examples:[`Amina`,`24,00 €`,`el pedido 1024`,`viernes 14 de marzo`],buttons:[`Pagar ahora`]},i={title:`Bienvenida`,header:`Le damos la bienvenida`,body:`Hola, {{1}}: nos alegra que esté con {{2}}.

Escríbanos aquí cuando quiera pedir, reservar o preguntar algo.`,examples:[`Amina`,`Mama Zuri Market`],footer:`Responda BAJA para no recibir más ofertas.`,buttons:[`Ver los productos`,`Tengo una pregunta`]},a={title:`Oferta de primavera`,header:`Ya es primavera`,body:`Hola, {{1}}: hasta el {{2}} tiene un *{{3}} de descuento* en todas las novedades.

¿Le mostramos las mejores?`,examples:[`Amina`,`31 de marzo`,`15 %`],footer:`Responda BAJA para no recibir más ofertas.`,buttons:[`Sí, quiero verlas`,`Esta vez no`]},o={title:`Recuperar a un cliente`,body:`Hola, {{1}}: hace tiempo que no sabemos de usted y nos gustaría volver a verle.

En su próximo pedido tiene un *{{2}} de descuento*, hasta el {{3}}.`,examples:[`Amina`,`10 %`,`31 de marzo`],footer:`Responda BAJA para no recibir más ofertas.`,buttons:[`¿Qué hay de nuevo?`,`No me interesa`]},s={title:`Opinión`,body:`Hola, {{1}}: gracias por su pedido *{{2}}*.

¿Qué le pareció? Con un toque nos ayuda a mejorar.`,examples:[`Amina`,`1024`],buttons:[`Muy bien`,`Regular`,`Mal`]},c={order_confirmation:e,delivery_update:t,appointment_reminder:n,payment_reminder:r,welcome:i,spring_offer:a,win_back:o,feedback_request:s};export{n as appointment_reminder,c as default,t as delivery_update,s as feedback_request,e as order_confirmation,r as payment_reminder,a as spring_offer,i as welcome,o as win_back};