keywords-plans = abonnement | abonnements | formules
