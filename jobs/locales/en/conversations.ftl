# What the bot says in English. Every language has the same keys; { $name } stands for what the program fills in.
language-name = English

hello = 👋 Welcome to { $business }!
ask-name = What is your name?
ask-name-again = Please tell me your name in a few letters.
ask-language = Nice to meet you, { $name }! Which language shall we use?
ask-language-again = Please choose one of these languages.
choose-language = Which language shall we use?
choose = Choose
welcome = All set, { $name }! Here is what I can do for you.
menu-text = How can I help you, { $name }?
menu-text-plain = How can I help you?
menu-button = Our services
menu-title = Menu
menu-description = Back to the start
numbers-hint = Reply with a number.
ask-search = 🔎 What are you looking for? Write a word or two.
search-results = Here is what I found for “{ $query }”:
details = Details
in-stock = In stock
out-of-stock = Out of stock
what-next = What would you like to do?
search-again = New search
agent-title = Talk to a person
handed-over = 🙋 A member of our team will answer you here. Write “menu” to come back to me.
opted-out = You will get no more offers from us. Write “{ $word }” to get them again.
opted-in = Welcome back! You will get our offers again.
not-text = I can only read text so far. Write to me, or choose from the menu.
form-received = Thank you! We have got your answers.
order-received = 🛒 Thank you! We have passed your order on to our team. They will write to you here.
kept = Thank you, I have kept it for our team. What can I do for you?
ai-unavailable = I cannot answer that just now. Here is what I can do; or write “agent” to talk to a person.
ai-unknown = I do not know that. Here is what I can do; or write “agent” to talk to a person.

keywords-stop = stop | unsubscribe | opt out | optout | stop all | stopall | end | quit | remove me | stop it | no more messages | stop messaging me | stop messaging | stop texting me | stop texting | stop writing me | stop writing to me | stop contacting me | stop bothering me | stop spamming me | stop spamming | stop this | stop that | stop everything | unsubscribe me | unsubscribe from everything | i want to unsubscribe | i'd like to unsubscribe | i would like to unsubscribe | opt me out | opt out of everything | i want to opt out | i'd like to opt out | i opt out | remove me from your list | remove me from the list | remove me from this list | remove my number | remove my number from your list | delete my number | take me off your list | take me off the list | take me off this list | take me off | don't message me | don't message me again | don't message me anymore | don't text me | don't text me again | don't text me anymore | don't write to me | don't write to me again | don't write to me anymore | don't contact me | don't contact me again | don't contact me anymore | never contact me again | never message me again | no longer interested | not interested | not interested anymore | i'm not interested | i am not interested | i'm not interested anymore | i am not interested anymore | i'm no longer interested | i am no longer interested | leave me alone | no spam | no more spam | do not message me | do not message me again | do not message me anymore | do not text me | do not text me again | do not text me anymore | do not write to me | do not write to me again | do not write to me anymore | do not contact me | do not contact me again | do not contact me anymore | stop msg | stop msgs | stop message | stop messages | stop sms | stopp
# Beside the keywords: one of the first words with one of the second, and any of the third, as in "stop your promotions".
words-stopping = stop | unsubscribe | opt out | no more | end | turn off | cancel | block | remove me | don't send | do not send | never send | stop sending | stop with | enough | enough of | enough with | i don't want | i do not want | i no longer want | don't want | no longer want | i want no | i want no more | opt me out | take me off | i want to unsubscribe | i want to opt out | i want to stop | not interested in | i'm not interested in | i am not interested in
words-offers = promotion | promotions | promo | promos | offer | offers | marketing | ad | ads | advertising | advertisements | message | messages | newsletter | deals | texts | sms | emails | marketing messages | promotional | broadcasts | broadcast | newsletters | spam | advertisement
words-between = the | all | your | me | sending | send | please | from | you | any | to | of | these | getting | receiving | for | more | anymore | again | further | other | such | out | off | list | lists | at | ever | receive | get | about
# Words around a wish that do not change it.
words-polite = please | pls | plz | kindly | hi | hello | hey | ok | okay | now | thanks | thank you | thx | just | sorry | can you | could you | will you | would you | right now | immediately | sir | madam | guys | i said | at once
keywords-start = start | subscribe | opt in
keywords-hello = hi | hello | hey | good morning | good evening
keywords-menu = menu | main menu | back | home
keywords-agent = agent | human | person | operator | talk to a person
keywords-language = language | change language

# How a question begins: such a message is no name.
words-asking = how | what | when | where | why | which | do you | are you | can i | can you | could you | is there | is it | i want to | i would like | i need

mail-verify-subject = Your confirmation code
mail-verify = Your code is { $code }. Enter it where you registered. It is good for ten minutes. If you have not registered, ignore this letter.
mail-registered-again-subject = You have an account already
mail-registered-again = Somebody has tried to register with this address, which has an account already. If it was you, log in, or ask for a new password. If not, there is nothing to do.
mail-reset-subject = Your code for a new password
mail-reset = Your code is { $code }. With it a new password can be set for this address, for ten minutes. If you have not asked for it, ignore this letter and give the code to nobody.
mail-invitation-subject = You are invited to { $workspace }
mail-invitation = You are invited to work with { $workspace } on Kazi. Open { $url } and log in, or register with this address. If you are asked for a code, it is { $token }. The invitation is good for seven days. If you do not know them, ignore this letter.
code-message = Your code is { $code }. It is good for ten minutes. Give it to nobody.

date-of-month = { $day } { $month }
date-and-time = { $weekday } { $date } at { $time }
date-weekday-1 = Monday
date-weekday-2 = Tuesday
date-weekday-3 = Wednesday
date-weekday-4 = Thursday
date-weekday-5 = Friday
date-weekday-6 = Saturday
date-weekday-7 = Sunday
date-month-1 = January
date-month-2 = February
date-month-3 = March
date-month-4 = April
date-month-5 = May
date-month-6 = June
date-month-7 = July
date-month-8 = August
date-month-9 = September
date-month-10 = October
date-month-11 = November
date-month-12 = December
