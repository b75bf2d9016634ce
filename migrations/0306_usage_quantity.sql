-- A cause may stand for many messages that were accepted together.
DROP FUNCTION charge_push();
ALTER TABLE usage_causes ADD COLUMN quantity bigint NOT NULL DEFAULT 1 CHECK (quantity > 0);
