-- The posts of a content: what became of them is asked for many contents at once.
CREATE INDEX social_schedules_content ON social_schedules (workspace_id, content_id);
