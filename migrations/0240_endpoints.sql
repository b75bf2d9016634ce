-- Endpoints: where a business wants to be told what happens, what is announced to it, and what became of each delivery.
CREATE TABLE endpoints (
    workspace_id     uuid        NOT NULL REFERENCES workspaces,
    id               uuid        NOT NULL,
    url              text        NOT NULL,
    description      text        NOT NULL,
    -- NULL: all, also those of later versions.
    event_types      text[],
    enabled          boolean     NOT NULL,
    -- Why Kazi has switched it off. NULL: it is on, or a member has switched it off.
    stopped          text        CHECK (stopped IN ('gone', 'failing')),
    -- Sealed. Empty when the endpoint is deleted.
    secret           bytea       NOT NULL,
    -- The secret before the last rotation, which signs too until its time.
    old_secret       bytea,
    old_secret_until timestamptz,
    -- The first failure since the last success, and the number of failures since then.
    failing_since    timestamptz,
    failures         integer     NOT NULL DEFAULT 0,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    -- The row stays until its last delivery is purged.
    deleted_at       timestamptz,
    PRIMARY KEY (workspace_id, id)
);

-- What is told. The API calls it an event.
CREATE TABLE announcements (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    event_type   text        NOT NULL,
    -- The id of the thing that it is about: deliveries of one subject have an order.
    subject      uuid        NOT NULL,
    -- Whose personal data it has: an erasure finds it by this.
    contact_id   uuid,
    -- The very text that is signed and sent.
    payload      text        NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX announcements_contact ON announcements (workspace_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX announcements_old ON announcements (created_at);

CREATE TABLE deliveries (
    workspace_id    uuid        NOT NULL,
    id              uuid        NOT NULL,
    endpoint_id     uuid        NOT NULL,
    announcement_id uuid        NOT NULL,
    -- The order of writing. Ids of one millisecond have none, and a change may be told with the change that it causes.
    number          bigint      GENERATED ALWAYS AS IDENTITY,
    -- cancelled: the endpoint was switched off or deleted before it was told.
    state           text        NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed', 'cancelled')),
    attempts        integer     NOT NULL DEFAULT 0,
    -- Attempts before the last replay, which begins the waits anew.
    attempts_before integer     NOT NULL DEFAULT 0,
    -- When the next attempt is due, while it is pending.
    next_at         timestamptz,
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, announcement_id, endpoint_id),
    FOREIGN KEY (workspace_id, endpoint_id) REFERENCES endpoints,
    FOREIGN KEY (workspace_id, announcement_id) REFERENCES announcements ON DELETE CASCADE
);
CREATE INDEX deliveries_endpoint ON deliveries (workspace_id, endpoint_id, id);
CREATE INDEX deliveries_failed ON deliveries (workspace_id, endpoint_id, number) WHERE state IN ('failed', 'cancelled');

CREATE TABLE delivery_attempts (
    workspace_id uuid        NOT NULL,
    delivery_id  uuid        NOT NULL,
    -- From 1.
    number       integer     NOT NULL,
    at           timestamptz NOT NULL,
    duration_ms  integer     NOT NULL,
    -- NULL: there was no answer.
    status_code  integer,
    -- The beginning of the answer.
    answer       text        NOT NULL,
    -- Why it failed.
    error        text,
    PRIMARY KEY (workspace_id, delivery_id, number),
    FOREIGN KEY (workspace_id, delivery_id) REFERENCES deliveries ON DELETE CASCADE
);

SELECT belongs_to_workspace('endpoints');
SELECT belongs_to_workspace('announcements');
SELECT belongs_to_workspace('deliveries');
SELECT belongs_to_workspace('delivery_attempts');
SELECT counts_changes('endpoints');
