-- The most that an order may come to depends on its currency, which the program knows (crates/platform/src/money.rs).
ALTER TABLE orders DROP CONSTRAINT orders_total_minor_check;
ALTER TABLE orders ADD CONSTRAINT orders_total_minor_check CHECK (total_minor BETWEEN 1 AND 999999999999);
