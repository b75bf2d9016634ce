var e={title:`Confirmação de pedido`,header:`Obrigado pelo seu pedido`,body:`Olá {{1}}, recebemos o seu pedido *{{2}}*. O total é {{3}}.

Escrevemos assim que ele estiver a caminho.`,examples:[`Amina`,`1024`,`R$ 240,00`],buttons:[`Ver o pedido`]},t={title:`Entrega`,header:`O seu pedido está a caminho`,body:`Olá {{1}}, o seu pedido *{{2}}* está a caminho. Chega em {{3}}, entre {{4}}.

Haverá alguém para receber?`,examples:[`Amina`,`1024`,`sexta-feira, 14 de março`,`10h e 12h`],buttons:[`Sim`,`Outro dia, por favor`]},n={title:`Lembrete de horário`,header:`O seu horário`,body:`Olá {{1}}, esperamos por você: *{{2}}*, em {{3}}, às {{4}}.

Você vem?`,examples:[`Amina`,`Corte de cabelo`,`sexta-feira, 14 de março`,`15h30`],buttons:[`Eu vou`,`Não posso ir`]},r={title:`Lembrete de pagamento`,header:`Um pagamento está para vencer`,body:`Olá {{1}}, o seu pagamento de *{{2}}*, referente a {{3}}, vence em {{4}}.

Se já pagou, obrigado: não é preciso fazer mais nada.`,examples:[`Amina`,`R$ 240,00`,`pedido 1024`,`14 de março`],buttons:[`Pagar agora`]},i={title:`Boas-vindas`,header:`Boas-vindas`,body:`Olá {{1}}, é bom ter você com {{2}}.

Escreva aqui sempre que quiser pedir, agendar ou perguntar alguma coisa.`,examples:[`Amina`,`Mama Zuri Market`],footer:`Responda PARAR para não receber ofertas.`,buttons:[`Ver os produtos`,`Tenho uma pergunta`]},a={title:`Oferta de primavera`,header:`A primavera chegou`,body:`Olá {{1}}, até {{2}} você tem *{{3}} de desconto* em todas as novidades.

Quer ver as melhores?`,examples:[`Amina`,`31 de março`,`15%`],footer:`Responda PARAR para não receber ofertas.`,buttons:[`Quero ver`,`Desta vez não`]},o={title:`Trazer um cliente de volta`,body:`Olá {{1}}, faz tempo que não temos notícias suas e gostaríamos de ver você de novo.

No próximo pedido você tem *{{2}} de desconto*, até {{3}}.`,examples:[`Amina`,`10%`,`31 de março`],footer:`Responda PARAR para não receber ofertas.`,buttons:[`O que há de novo?`,`Não tenho interesse`]},s={title:`Opinião`,body:`Olá {{1}}, obrigado pelo seu pedido *{{2}}*.

Gostou? Com um toque você nos ajuda a melhorar.`,examples:[`Amina`,`1024`],buttons:[`Muito bom`,`Mais ou menos`,`Não gostei`]},c={order_confirmation:e,delivery_update:t,appointment_reminder:n,payment_reminder:r,welcome:i,spring_offer:a,win_back:o,feedback_request:s};export{n as appointment_reminder,c as default,t as delivery_update,s as feedback_request,e as order_confirmation,r as payment_reminder,a as spring_offer,i as welcome,o as win_back};