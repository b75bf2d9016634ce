-- The announcement of a request changes `sending_at`, so no condition of an index names it: then the announcement touches no
-- index. The index has what waits to be sent, too, until the provider has it.
DROP INDEX messages_unanswered;
CREATE INDEX messages_unanswered ON messages (channel_id, peer)
    WHERE direction = 'out' AND accepted_at IS NULL AND failed_at IS NULL;
