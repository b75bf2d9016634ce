-- Media: the files of messages. The bytes lie in a folder or a bucket; a row says what became of them.
CREATE TABLE media (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    -- Whom the file is about: an erasure removes it. NULL: nobody, like a price list.
    contact_id   uuid,
    -- Of a file that a member has stored: the contact who got it last, and whether others got it too. Then it is about none of
    -- them.
    sent_to      uuid,
    sent_to_many boolean     NOT NULL DEFAULT false,
    -- The message that brought it, and its channel. NULL: a member has stored it.
    message_id   uuid,
    channel_id   uuid,
    kind         text        NOT NULL CHECK (kind IN ('image', 'video', 'audio', 'document', 'sticker')),
    -- Where the provider has it. NULL: it is not to be fetched (any more).
    source       jsonb,
    -- What the sender says: of the file that is kept, `mime` is what it is.
    said_mime    text,
    mime         text,
    bytes        bigint      CHECK (bytes > 0),
    sha256       bytea       CHECK (octet_length(sha256) = 32),
    name         text,
    -- Of the file in the folder or the bucket, or of the one that a run writes now: each run has its own. NULL: no file.
    key          text,
    state        text        NOT NULL CHECK (state IN ('fetching', 'stored', 'quarantined', 'refused', 'gone')),
    -- Why nobody gets the file. NULL while it is there, or will be.
    reason       text,
    created_at   timestamptz NOT NULL,
    -- When the file was there.
    stored_at    timestamptz,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    FOREIGN KEY (workspace_id, sent_to) REFERENCES contacts,
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels,
    CHECK (state NOT IN ('stored', 'quarantined') OR (key IS NOT NULL AND mime IS NOT NULL AND bytes IS NOT NULL AND sha256 IS NOT NULL))
);
-- A link names the file alone.
CREATE UNIQUE INDEX media_id ON media (id);
-- The sweep asks which files have a row.
CREATE UNIQUE INDEX media_key ON media (key) WHERE key IS NOT NULL;
CREATE INDEX media_contact ON media (workspace_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX media_sent_to ON media (workspace_id, sent_to) WHERE sent_to IS NOT NULL;
-- The nightly purge looks for old files.
CREATE INDEX media_age ON media (workspace_id, created_at) WHERE key IS NOT NULL;

SELECT belongs_to_workspace('media');

-- How Meta knows a file that a business sends.
CREATE TABLE media_uploads (
    workspace_id uuid        NOT NULL,
    media_id     uuid        NOT NULL,
    channel_id   uuid        NOT NULL,
    -- Meta's id of the file, for 30 days.
    provider_id  text        NOT NULL,
    uploaded_at  timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, media_id, channel_id),
    FOREIGN KEY (workspace_id, media_id) REFERENCES media,
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels
);

SELECT belongs_to_workspace('media_uploads');
