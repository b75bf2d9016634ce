-- Why no money came for a top-up, in words: Stripe's, when it has refused.
ALTER TABLE credit_sales ADD COLUMN ended_why text;
ALTER TABLE credit_top_ups ADD COLUMN ended_why text;
