-- Schedules: what turns time into jobs. Few and narrow; every process looks at the head of one small index.
CREATE TABLE queue.schedules (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The nil uuid where a schedule has no tenant: a unique key has no nulls.
    tenant     uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    name       text        NOT NULL,
    expression text        NOT NULL,
    -- An IANA name: the expression is read on the clocks of that place.
    zone       text        NOT NULL,
    kind       text        NOT NULL,
    payload    jsonb       NOT NULL,
    -- What becomes of fire times that passed while nobody ran.
    missed     text        NOT NULL CONSTRAINT schedules_missed CHECK (missed IN ('skip', 'one', 'all')),
    missed_cap smallint    CONSTRAINT schedules_missed_cap CHECK ((missed = 'all') = (missed_cap IS NOT NULL) AND missed_cap > 0),
    paused     boolean     NOT NULL DEFAULT false,
    source     text        NOT NULL CONSTRAINT schedules_source CHECK (source IN ('code', 'database')),
    -- The fire time that was enqueued last, and its job.
    last_fire  timestamptz,
    last_job   bigint,
    -- The earliest fire time that has not been dealt with. Null: there is none any more.
    next_fire  timestamptz,
    -- Set while it cannot be fired: why, and when it is tried again. The fire time itself stays where it is.
    error      text,
    retry_at   timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT schedules_name UNIQUE (tenant, name)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);
CREATE INDEX schedules_next ON queue.schedules (next_fire) WHERE NOT paused;

-- The last fires of each schedule. Its primary key is the promise: a fire time is enqueued once, also where the
-- database's clock was set back or the schedule was edited to and fro.
CREATE TABLE queue.schedule_fires (
    schedule_id bigint      NOT NULL REFERENCES queue.schedules ON DELETE CASCADE,
    fire        timestamptz NOT NULL,
    job_id      bigint,
    fired_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (schedule_id, fire)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);
