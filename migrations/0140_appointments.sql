-- Appointments: who can be booked, for what, when they are open, and who has booked them.
--
-- It comes with PostgreSQL (contrib) and is trusted: whoever may create in this database may create it.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS btree_gist;
EXCEPTION WHEN undefined_file OR feature_not_supported OR insufficient_privilege THEN
    RAISE EXCEPTION 'the extension btree_gist is needed for bookings: install PostgreSQL''s contrib package, or have an administrator run CREATE EXTENSION btree_gist in this database (%)', SQLERRM;
END $$;

-- A person, a room or a desk.
CREATE TABLE providers (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('person', 'room', 'desk')),
    name         text        NOT NULL,
    -- IANA: on whose clocks the opening hours are read.
    zone         text        NOT NULL,
    active       boolean     NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);

-- The usual week. Minutes since midnight on the provider's clocks; 1440 is the end of the day.
CREATE TABLE opening_hours (
    workspace_id uuid     NOT NULL,
    provider_id  uuid     NOT NULL,
    -- ISO 8601: 1 is Monday.
    weekday      smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_minute  smallint NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    until_minute smallint NOT NULL CHECK (until_minute BETWEEN 1 AND 1440),
    PRIMARY KEY (workspace_id, provider_id, weekday, from_minute),
    FOREIGN KEY (workspace_id, provider_id) REFERENCES providers,
    CHECK (from_minute < until_minute),
    CONSTRAINT opening_hours_overlap EXCLUDE USING gist
        (workspace_id WITH =, provider_id WITH =, weekday WITH =, int4range(from_minute, until_minute) WITH &&)
);

-- A day that is not like its weekday: its hours, [{"from": "10:00", "until": "12:00"}]; none: closed.
CREATE TABLE special_hours (
    workspace_id uuid  NOT NULL,
    provider_id  uuid  NOT NULL,
    day          date  NOT NULL,
    hours        jsonb NOT NULL,
    PRIMARY KEY (workspace_id, provider_id, day),
    FOREIGN KEY (workspace_id, provider_id) REFERENCES providers
);

-- What can be booked.
CREATE TABLE offerings (
    workspace_id      uuid        NOT NULL REFERENCES workspaces,
    id                uuid        NOT NULL,
    -- Language to text.
    names             jsonb       NOT NULL,
    duration_minutes  integer     NOT NULL CHECK (duration_minutes BETWEEN 1 AND 1440),
    -- For so long after a booking its provider takes nobody.
    buffer_minutes    integer     NOT NULL CHECK (buffer_minutes BETWEEN 0 AND 1440),
    -- A slot begins every so many minutes from when the provider opens.
    step_minutes      integer     NOT NULL CHECK (step_minutes BETWEEN 1 AND 1440),
    price_minor       bigint      CHECK (price_minor >= 0),
    currency          text,
    -- Before the beginning, the longest first.
    reminder_minutes  integer[]   NOT NULL,
    -- Customers book no later and no earlier than this before the beginning.
    min_ahead_minutes integer     NOT NULL CHECK (min_ahead_minutes >= 0),
    max_ahead_days    integer     NOT NULL CHECK (max_ahead_days BETWEEN 1 AND 366),
    active            boolean     NOT NULL DEFAULT true,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    CHECK ((price_minor IS NULL) = (currency IS NULL))
);

-- Who can be booked for it.
CREATE TABLE offering_providers (
    workspace_id uuid NOT NULL,
    offering_id  uuid NOT NULL,
    provider_id  uuid NOT NULL,
    PRIMARY KEY (workspace_id, offering_id, provider_id),
    FOREIGN KEY (workspace_id, offering_id) REFERENCES offerings,
    FOREIGN KEY (workspace_id, provider_id) REFERENCES providers
);

CREATE TABLE bookings (
    workspace_id     uuid        NOT NULL,
    id               uuid        NOT NULL,
    provider_id      uuid        NOT NULL,
    offering_id      uuid        NOT NULL,
    contact_id       uuid        NOT NULL,
    starts_at        timestamptz NOT NULL,
    ends_at          timestamptz NOT NULL,
    -- The end and the buffer: when the provider is free again.
    free_at          timestamptz NOT NULL,
    status           text        NOT NULL CHECK (status IN ('booked', 'confirmed', 'completed', 'no_show', 'cancelled')),
    version          bigint      NOT NULL DEFAULT 1,
    -- As the offering had them when it was booked.
    price_minor      bigint,
    currency         text,
    reminder_minutes integer[]   NOT NULL,
    note             text,
    -- When the newest reminder was queued.
    reminded_at      timestamptz,
    -- Why the newest reminder reached nobody.
    unreachable      text,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, provider_id) REFERENCES providers,
    FOREIGN KEY (workspace_id, offering_id) REFERENCES offerings,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    CHECK (starts_at < ends_at AND ends_at <= free_at),
    -- Whatever two transactions believe, a provider is booked once at a time.
    CONSTRAINT bookings_doubled EXCLUDE USING gist
        (workspace_id WITH =, provider_id WITH =, tstzrange(starts_at, free_at) WITH &&) WHERE (status <> 'cancelled')
);
CREATE INDEX bookings_times ON bookings (workspace_id, starts_at, id);
CREATE INDEX bookings_contact ON bookings (workspace_id, contact_id, starts_at);
-- What has ended and nobody has said how: of all workspaces.
CREATE INDEX bookings_open ON bookings (ends_at, workspace_id, id) WHERE status IN ('booked', 'confirmed');

SELECT belongs_to_workspace('providers');
SELECT belongs_to_workspace('opening_hours');
SELECT belongs_to_workspace('special_hours');
SELECT belongs_to_workspace('offerings');
SELECT belongs_to_workspace('offering_providers');
SELECT belongs_to_workspace('bookings');
