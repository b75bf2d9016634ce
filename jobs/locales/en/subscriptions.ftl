keywords-plans = plans | plan | subscription | subscriptions
