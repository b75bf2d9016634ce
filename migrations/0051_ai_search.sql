-- The search in what a workspace's model may know, by an index that row-level security lets be used: see workspace_view().
DROP INDEX knowledge_search;
SELECT workspace_view('knowledge_search', 'knowledge', 'workspace_id, id, language, title, body, search');
CREATE INDEX knowledge_words ON knowledge USING gin (workspace_id, search);
