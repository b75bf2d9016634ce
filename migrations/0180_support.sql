-- Support: what customers ask for, and what they are answered.
CREATE TABLE tickets (
    workspace_id  uuid        NOT NULL REFERENCES workspaces,
    id            uuid        NOT NULL,
    contact_id    uuid        NOT NULL,
    subject       text        NOT NULL,
    status        text        NOT NULL CHECK (status IN ('open', 'closed')),
    -- A member's user, who sees to it.
    assignee      uuid,
    -- When the customer wrote what nobody has answered yet. NULL: everything is answered.
    waiting_since timestamptz,
    -- When the members were reminded of it.
    reminded_at   timestamptz,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts
);
CREATE INDEX tickets_contact ON tickets (workspace_id, contact_id, id);

CREATE TABLE ticket_messages (
    workspace_id uuid        NOT NULL,
    id           uuid        NOT NULL,
    ticket_id    uuid        NOT NULL,
    author       text        NOT NULL CHECK (author IN ('customer', 'team')),
    -- The member or the key that wrote it.
    author_id    uuid,
    body         text        NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, ticket_id) REFERENCES tickets
);
CREATE INDEX ticket_messages_newest ON ticket_messages (workspace_id, ticket_id, id);

SELECT belongs_to_workspace('tickets');
SELECT belongs_to_workspace('ticket_messages');
