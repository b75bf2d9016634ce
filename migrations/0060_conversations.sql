-- Conversations: one that is not closed for each contact and channel.
CREATE TABLE conversations (
    workspace_id    uuid        NOT NULL REFERENCES workspaces,
    id              uuid        NOT NULL,
    contact_id      uuid        NOT NULL,
    channel_id      uuid        NOT NULL,
    -- open: the bot answers; handed_over: a person does.
    status          text        NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'handed_over', 'closed')),
    -- How the channel names the contact: where answers go.
    recipient       text        NOT NULL,
    -- The customer's last message: the 24 hours are counted from here.
    last_inbound_at timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels
);
CREATE UNIQUE INDEX conversations_one_open ON conversations (workspace_id, contact_id, channel_id)
    WHERE status <> 'closed';

-- Where the bot stands in a conversation.
CREATE TABLE bot_states (
    workspace_id    uuid        NOT NULL,
    conversation_id uuid        NOT NULL,
    step            jsonb       NOT NULL,
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations
);

SELECT belongs_to_workspace('conversations');
SELECT belongs_to_workspace('bot_states');
