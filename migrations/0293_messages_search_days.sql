-- The search in messages looks at the newest days first, so a word that nearly every message has is found as fast as a
-- rare one. The index knows the day by the time in the id.
CREATE FUNCTION day_of(id uuid) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 86400000)::integer;

DROP VIEW messages_search;
SELECT workspace_view('messages_search', 'messages',
                      $$workspace_id, id, conversation_id, day_of(id) AS day, to_tsvector('simple'::regconfig, searchable(body)) AS search$$,
                      'campaign_id IS NULL');
DROP INDEX messages_words;
CREATE INDEX messages_words ON messages
    USING gin (workspace_id, day_of(id), to_tsvector('simple'::regconfig, searchable(body))) WHERE campaign_id IS NULL;
