-- What a message of a campaign costs. They are reserved until it is charged, or has failed without.
-- NULL: its workspace does not pay with credits.
ALTER TABLE messages ADD COLUMN credits integer;
