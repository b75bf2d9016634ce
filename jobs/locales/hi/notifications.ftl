mail-notifications-subject = { $workspace } के समाचार
mail-notifications = { $workspace } में यह हुआ:
mail-notifications-more = … और { $count } अन्य।
mail-notifications-end = सब कुछ { $url } पर है। वहीं आप यह भी चुनते हैं कि किस बात के ई-मेल आएँ।
