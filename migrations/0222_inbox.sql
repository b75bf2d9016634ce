-- The inbox: what members note of a conversation, and the texts that they answer with again and again.
CREATE TABLE conversation_notes (
    workspace_id    uuid        NOT NULL,
    id              uuid        NOT NULL,
    conversation_id uuid        NOT NULL,
    -- The member or the key that wrote it.
    author_id       uuid,
    body            text        NOT NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);
CREATE INDEX conversation_notes_newest ON conversation_notes (workspace_id, conversation_id, id);

CREATE TABLE canned_replies (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    -- What a member types to get the text.
    code         text        NOT NULL,
    -- By language.
    texts        jsonb       NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT canned_replies_code UNIQUE (workspace_id, code)
);

SELECT belongs_to_workspace('conversation_notes');
SELECT belongs_to_workspace('canned_replies');
SELECT counts_changes('canned_replies');
