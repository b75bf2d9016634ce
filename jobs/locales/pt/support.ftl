keywords-support = chamado | chamados | suporte | relatar um problema
ticket-what = De que se trata? Escreva numa mensagem e a nossa equipa trata disso.
ticket-more = O seu chamado “{ $subject }” está aberto. O que quer acrescentar?
ticket-opened = Obrigado. O seu chamado está aberto e a nossa equipa responde aqui.
ticket-added = Obrigado, foi acrescentado ao seu chamado.
ticket-unreadable = Escreva com palavras, até 4000 caracteres.
