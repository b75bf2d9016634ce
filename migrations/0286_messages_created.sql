-- The messages of a period. An id does not tell it: an order's notices have ids that follow from the order's. The time
-- never changes, so updates stay in their page (see 0115).
CREATE INDEX messages_created ON messages (workspace_id, created_at, id);
