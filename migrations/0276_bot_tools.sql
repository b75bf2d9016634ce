-- The calls of tools, by the customer's message that a model answers. A job that runs again goes on after the last round,
-- and repeats none.
CREATE TABLE tool_rounds (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    message_id   uuid        NOT NULL,
    round        smallint    NOT NULL,
    contact_id   uuid        NOT NULL,
    -- Each with its arguments, its result, and what the customer gets.
    calls        jsonb       NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, message_id, round),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts
);
CREATE INDEX tool_rounds_contact ON tool_rounds (workspace_id, contact_id);
CREATE INDEX tool_rounds_old ON tool_rounds (created_at);
SELECT belongs_to_workspace('tool_rounds');
