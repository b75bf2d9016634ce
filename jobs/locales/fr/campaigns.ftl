link-unknown = Ce lien ne mène nulle part. Veuillez revenir à la conversation.
