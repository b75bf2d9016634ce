link-unknown = This link leads nowhere. Please go back to the chat.
