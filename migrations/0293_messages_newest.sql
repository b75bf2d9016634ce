-- The search in messages reads the newest ones first, one by one, so a word that nearly every message has is found as fast
-- as a rare one.
CREATE INDEX messages_newest ON messages (workspace_id, id) WHERE campaign_id IS NULL;
