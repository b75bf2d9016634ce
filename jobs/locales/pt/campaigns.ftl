link-unknown = Esta ligação não leva a lado nenhum. Volte à conversa, por favor.
