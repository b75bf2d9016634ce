keywords-plans = الباقات | باقات | اشتراكي
