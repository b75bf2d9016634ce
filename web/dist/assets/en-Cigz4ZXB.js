var e={title:`Order confirmation`,header:`Thank you for your order`,body:`Hello {{1}}, we have received your order *{{2}}*. The total is {{3}}.

We write to you as soon as it is on its way.`,examples:[`Amina`,`1024`,`KES 2,400`],buttons:[`See the order`]},t={title:`Delivery`,header:`Your order is on its way`,body:`Hello {{1}}, your order *{{2}}* is on its way. It arrives on {{3}}, between {{4}}.

Is somebody there to take it?`,examples:[`Amina`,`1024`,`Friday, 14 March`,`10:00 and 12:00`],buttons:[`Yes, somebody is`,`Another day, please`]},n={title:`Appointment reminder`,header:`Your appointment`,body:`Hello {{1}}, we look forward to seeing you: *{{2}}* on {{3}} at {{4}}.

Will you come?`,examples:[`Amina`,`Haircut`,`Friday, 14 March`,`15:30`],buttons:[`I will come`,`I cannot come`]},r={title:`Payment reminder`,header:`A payment is due`,body:`Hello {{1}}, your payment of *{{2}}* for {{3}} is due on {{4}}.

If you have paid already, thank you: nothing is left to do.`,examples:[`Amina`,`KES 2,400`,`order 1024`,`Friday, 14 March`],buttons:[`Pay now`]},i={title:`Welcome`,header:`Welcome`,body:`Hello {{1}}, it is good to have you with {{2}}.

Write to us here whenever you want to order, book or ask something.`,examples:[`Amina`,`Mama Zuri Market`],footer:`Reply STOP to get no more offers.`,buttons:[`Show me the products`,`I have a question`]},a={title:`Spring offer`,header:`Spring is here`,body:`Hello {{1}}, until {{2}} you get *{{3}} off* everything new in our shop.

Shall we show you the best of it?`,examples:[`Amina`,`31 March`,`15 %`],footer:`Reply STOP to get no more offers.`,buttons:[`Show me`,`Not this time`]},o={title:`Win back a customer`,body:`Hello {{1}}, we have not heard from you for a while and would like to see you again.

With your next order you get *{{2}} off*, until {{3}}.`,examples:[`Amina`,`10 %`,`31 March`],footer:`Reply STOP to get no more offers.`,buttons:[`What is new?`,`Not interested`]},s={title:`Feedback`,body:`Hello {{1}}, thank you for your order *{{2}}*.

How did you like it? One tap helps us to do better.`,examples:[`Amina`,`1024`],buttons:[`Very good`,`It was all right`,`Not good`]},c={order_confirmation:e,delivery_update:t,appointment_reminder:n,payment_reminder:r,welcome:i,spring_offer:a,win_back:o,feedback_request:s};export{n as appointment_reminder,c as default,t as delivery_update,s as feedback_request,e as order_confirmation,r as payment_reminder,a as spring_offer,i as welcome,o as win_back};