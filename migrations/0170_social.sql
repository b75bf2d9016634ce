-- Social: accounts of social networks, what is to be posted there, when, and what became of it.
CREATE TABLE social_accounts (
    workspace_id     uuid        NOT NULL REFERENCES workspaces,
    id               uuid        NOT NULL UNIQUE,
    network          text        NOT NULL CHECK (network IN ('instagram', 'facebook')),
    -- The account or page, as the network names it.
    external_id      text        NOT NULL,
    -- As people see it, by the network's own word.
    name             text        NOT NULL,
    -- Sealed; empty when the account is disconnected.
    token            bytea       NOT NULL,
    token_hint       text        NOT NULL,
    token_expires_at timestamptz,
    -- refused: the network no longer takes the token.
    status           text        NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'refused', 'disconnected')),
    status_reason    text,
    checked_at       timestamptz,
    -- When the admins were last told that the token will expire.
    warned_at        timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX social_accounts_in_use ON social_accounts (workspace_id, network, external_id)
    WHERE status <> 'disconnected';

CREATE TABLE social_contents (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL UNIQUE,
    kind         text        NOT NULL DEFAULT 'post' CHECK (kind IN ('post')),
    text         text        NOT NULL,
    -- [{"url", "alt"}]
    media        jsonb       NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    deleted_at   timestamptz,
    PRIMARY KEY (workspace_id, id)
);

-- Another text for one network.
CREATE TABLE social_variants (
    workspace_id uuid NOT NULL,
    content_id   uuid NOT NULL,
    network      text NOT NULL CHECK (network IN ('instagram', 'facebook')),
    text         text NOT NULL,
    PRIMARY KEY (workspace_id, content_id, network),
    FOREIGN KEY (workspace_id, content_id) REFERENCES social_contents
);

CREATE TABLE social_schedules (
    workspace_id uuid        NOT NULL,
    id           uuid        NOT NULL UNIQUE,
    content_id   uuid        NOT NULL,
    account_id   uuid        NOT NULL,
    -- The instant, and the zone whose wall clock a person reads it on.
    due_at       timestamptz NOT NULL,
    zone         text        NOT NULL,
    status       text        NOT NULL DEFAULT 'scheduled'
                 CHECK (status IN ('scheduled', 'publishing', 'published', 'failed', 'cancelled')),
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, content_id) REFERENCES social_contents,
    FOREIGN KEY (workspace_id, account_id) REFERENCES social_accounts
);
-- Two clicks are one post.
CREATE UNIQUE INDEX social_schedules_once ON social_schedules (workspace_id, content_id, account_id, due_at)
    WHERE status IN ('scheduled', 'publishing');
CREATE INDEX social_schedules_by_time ON social_schedules (workspace_id, due_at, id);
CREATE INDEX social_schedules_open ON social_schedules (due_at) WHERE status IN ('scheduled', 'publishing');

-- What became of a schedule. The ids are written down as soon as the network has told them, so that a later run goes
-- on from there.
CREATE TABLE social_publications (
    workspace_id  uuid        NOT NULL,
    id            uuid        NOT NULL UNIQUE,
    schedule_id   uuid        NOT NULL,
    account_id    uuid        NOT NULL,
    network       text        NOT NULL,
    -- As they were when it began.
    text          text        NOT NULL,
    media         jsonb       NOT NULL,
    -- Unseen parts: items of a carousel, unpublished photos.
    parts         text[]      NOT NULL DEFAULT '{}',
    -- Instagram: what is published. How many were made.
    container_id  text,
    containers    integer     NOT NULL DEFAULT 0,
    -- When the network was last asked to make it public, and how often.
    asked_at      timestamptz,
    asks          integer     NOT NULL DEFAULT 0,
    -- Counts up with each change: a run that was overtaken writes nothing, and asks for nothing.
    version       integer     NOT NULL DEFAULT 0,
    -- Posts like this one that stood there before it was asked: they are no proof.
    before        text[]      NOT NULL DEFAULT '{}',
    post_id       text,
    permalink     text,
    error         text,
    started_at    timestamptz NOT NULL,
    published_at  timestamptz,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, schedule_id),
    FOREIGN KEY (workspace_id, schedule_id) REFERENCES social_schedules,
    FOREIGN KEY (workspace_id, account_id) REFERENCES social_accounts
);
CREATE INDEX social_publications_by_account ON social_publications (workspace_id, account_id, id);

-- Its history, a line for each thing that happened.
CREATE TABLE social_steps (
    workspace_id   uuid        NOT NULL,
    publication_id uuid        NOT NULL,
    id             uuid        NOT NULL,
    step           text        NOT NULL,
    external_id    text,
    detail         text,
    at             timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, publication_id, id),
    FOREIGN KEY (workspace_id, publication_id) REFERENCES social_publications
);

SELECT belongs_to_workspace('social_accounts');
SELECT belongs_to_workspace('social_contents');
SELECT belongs_to_workspace('social_variants');
SELECT belongs_to_workspace('social_schedules');
SELECT belongs_to_workspace('social_publications');
SELECT belongs_to_workspace('social_steps');
