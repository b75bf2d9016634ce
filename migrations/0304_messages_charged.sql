-- A message that is pushed is charged once. The statements that accept messages note so in its row, and charge a group of
-- messages with one cause: a trigger for each message took half of the time in which a group was accepted.
ALTER TABLE messages ADD COLUMN charged boolean NOT NULL DEFAULT false;
DROP TRIGGER charge_push ON messages;
DROP FUNCTION charge_push();
-- Charged before, refused since, and sent again later.
UPDATE messages m SET charged = true FROM usage_causes c
WHERE c.workspace_id = m.workspace_id AND c.kind = 'push' AND c.cause_id = m.id AND m.accepted_at IS NULL;

ALTER TABLE usage_causes ADD COLUMN quantity bigint NOT NULL DEFAULT 1 CHECK (quantity > 0);
