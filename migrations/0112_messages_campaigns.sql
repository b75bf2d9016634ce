-- A campaign's messages, for its figures, and those of them that have not left, for its pace and for taking them back.
ALTER TABLE messages ADD COLUMN campaign_id uuid;
CREATE INDEX messages_campaign ON messages (workspace_id, campaign_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX messages_campaign_waiting ON messages (workspace_id, campaign_id)
    WHERE campaign_id IS NOT NULL AND status IN ('queued', 'sending');
