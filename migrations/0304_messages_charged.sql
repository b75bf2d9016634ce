-- A message that is pushed is charged once. The statements that accept messages note so in its row, and charge a group of
-- messages with one cause: a trigger for each message took half of the time in which a group was accepted.
ALTER TABLE messages ADD COLUMN charged boolean NOT NULL DEFAULT false;
DROP TRIGGER charge_push ON messages;
-- Refused since it was charged, and sent again later.
UPDATE messages SET charged = true
WHERE direction = 'out' AND cause IN ('campaign', 'reminder', 'news') AND accepted_at IS NULL AND tries > 0;
