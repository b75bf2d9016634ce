link-unknown = Este enlace no lleva a ninguna parte. Vuelve al chat, por favor.
