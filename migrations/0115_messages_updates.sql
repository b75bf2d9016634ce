-- A message is updated five times on its way. Where no indexed column changes, PostgreSQL writes the new version beside the
-- old one and touches no index (HOT); a column of an index's condition counts as indexed. The status must therefore not
-- be one: the index of the requests without an answer goes by what their times say instead, which change only once.
CREATE INDEX messages_unanswered ON messages (channel_id, peer)
    WHERE direction = 'out' AND sending_at IS NOT NULL AND accepted_at IS NULL;
DROP INDEX messages_sending;
