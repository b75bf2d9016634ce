keywords-plans = planos | assinatura | assinaturas
