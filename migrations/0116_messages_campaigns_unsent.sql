-- What of a campaign the provider does not have yet, for its pace and for taking it back. By times, as `messages_unanswered`:
-- with the status in an index's condition every update of every message would touch all indexes.
CREATE INDEX messages_campaign_unsent ON messages (workspace_id, campaign_id)
    WHERE campaign_id IS NOT NULL AND accepted_at IS NULL AND failed_at IS NULL;
DROP INDEX messages_campaign_waiting;
