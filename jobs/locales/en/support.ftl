keywords-support = ticket | tickets | help desk | report a problem
ticket-what = What is it about? Write it in one message, and our team will see to it.
ticket-more = Your ticket “{ $subject }” is open. What would you like to add?
ticket-opened = Thank you. Your ticket is open, and our team will answer here.
ticket-added = Thank you, this was added to your ticket.
ticket-unreadable = Please write it in words, up to 4,000 characters.
