-- Contacts: the people a workspace talks with.
CREATE TABLE contacts (
    workspace_id  uuid        NOT NULL REFERENCES workspaces,
    id            uuid        NOT NULL,
    name          text,
    -- E.164. Absent for somebody who shows only a user id.
    phone         text,
    language      text,
    country       text,
    email         text,
    attributes    jsonb       NOT NULL DEFAULT '{}',
    -- Set when the greeting is done: name and language are known.
    registered_at timestamptz,
    blocked_at    timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, phone)
);

-- How a channel names a contact: a WhatsApp id, a user id, a chat id. One contact may have several.
CREATE TABLE contact_identities (
    workspace_id uuid        NOT NULL,
    channel_id   uuid        NOT NULL,
    external_id  text        NOT NULL,
    contact_id   uuid        NOT NULL,
    -- user: a user id, which stays with its person; chat: a WhatsApp id or a chat, which goes with the number.
    kind         text        NOT NULL CHECK (kind IN ('user', 'chat')),
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (channel_id, external_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels
);
CREATE INDEX contact_identities_contact ON contact_identities (workspace_id, contact_id);

-- Every change of a consent; the newest of a category counts.
CREATE TABLE consents (
    workspace_id uuid        NOT NULL,
    id           uuid        NOT NULL,
    contact_id   uuid        NOT NULL,
    category     text        NOT NULL CHECK (category IN ('marketing')),
    granted      boolean     NOT NULL,
    -- keyword, provider, operator, import.
    source       text        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts
);
CREATE INDEX consents_newest ON consents (workspace_id, contact_id, category, id DESC);

SELECT belongs_to_workspace('contacts');
SELECT belongs_to_workspace('contact_identities');
SELECT belongs_to_workspace('consents');
