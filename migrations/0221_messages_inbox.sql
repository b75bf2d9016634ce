-- The member or the key that wrote a message whose cause is `agent`.
ALTER TABLE messages ADD COLUMN author_id uuid;

-- The search in a workspace's messages, by an index that row-level security lets be used: see workspace_view(). Without
-- the campaigns: their one text would be found as often as it was sent, and each sending would pay for the index.
SELECT workspace_view('messages_search', 'messages',
                      $$workspace_id, id, conversation_id, to_tsvector('simple'::regconfig, searchable(body)) AS search$$,
                      'campaign_id IS NULL');
CREATE INDEX messages_words ON messages USING gin (workspace_id, to_tsvector('simple'::regconfig, searchable(body)))
    WHERE campaign_id IS NULL;
