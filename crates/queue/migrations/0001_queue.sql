-- The queue's own schema. Everything here belongs to the queue crate; nothing else reads or writes it.
CREATE SCHEMA IF NOT EXISTS queue;

-- The live table: waiting, running and blocked jobs only. A job that has ended leaves it in the same statement,
-- so that its size is the size of the backlog. Fixed-width columns first: narrow rows are what makes a claim fast.
CREATE TABLE queue.jobs (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    due              timestamptz NOT NULL,
    enqueued_at      timestamptz NOT NULL DEFAULT now(),
    claimed_at       timestamptz,
    tenant           uuid,
    -- The process that holds the lease (queue.processes.id) while the job runs.
    owner            bigint,
    -- The fence: it grows with each claim, and an ack that carries an older number changes nothing.
    lease            integer     NOT NULL DEFAULT 0,
    -- 0 ready, 1 running, 2 blocked behind another job of its sequence.
    state            smallint    NOT NULL DEFAULT 0,
    -- 0 is the most urgent.
    priority         smallint    NOT NULL,
    attempt          smallint    NOT NULL DEFAULT 0,
    max_attempts     smallint    NOT NULL,
    -- 0 while pending, 1 while unfinished, 2 for a window.
    unique_scope     smallint,
    sequence_first   boolean     NOT NULL DEFAULT false,
    cancel_requested boolean     NOT NULL DEFAULT false,
    kind             text        NOT NULL,
    pool             text        NOT NULL,
    lane             text        NOT NULL,
    unique_key       text,
    sequence_key     text,
    trace            text,
    payload          jsonb       NOT NULL,
    -- One object for each failed attempt: {"attempt", "at", "class", "message"}.
    errors           jsonb
) WITH (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.1
);

CREATE INDEX jobs_ready ON queue.jobs (pool, priority, due, id) WHERE state = 0;
CREATE INDEX jobs_running ON queue.jobs (owner) WHERE state = 1;
CREATE INDEX jobs_blocked ON queue.jobs (sequence_key, sequence_first DESC, id) WHERE state = 2;
CREATE INDEX jobs_trace ON queue.jobs (trace) WHERE trace IS NOT NULL;

-- One row for a sequence that has unfinished jobs. Its row lock is held from the enqueue to the end of the caller's
-- transaction, which makes the order of the ids the order of the commits.
CREATE TABLE queue.sequences (
    key     text    PRIMARY KEY,
    pending integer NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE queue.unique_keys (
    kind   text        NOT NULL,
    -- The nil uuid where a job has no tenant: a primary key has no nulls.
    tenant uuid        NOT NULL,
    key    text        NOT NULL,
    job_id bigint      NOT NULL,
    -- Set for a window: from then on the key is free.
    until  timestamptz,
    PRIMARY KEY (kind, tenant, key)
);
CREATE INDEX unique_keys_until ON queue.unique_keys (until) WHERE until IS NOT NULL;

-- Dead letters wait here for a person: everything needed to run them again.
CREATE TABLE queue.dead (
    id           bigint      PRIMARY KEY,
    enqueued_at  timestamptz NOT NULL,
    due          timestamptz NOT NULL,
    claimed_at   timestamptz,
    finished_at  timestamptz NOT NULL DEFAULT now(),
    tenant       uuid,
    priority     smallint    NOT NULL,
    attempt      smallint    NOT NULL,
    max_attempts smallint    NOT NULL,
    kind         text        NOT NULL,
    pool         text        NOT NULL,
    lane         text        NOT NULL,
    sequence_key text,
    error_class  text        NOT NULL,
    trace        text,
    payload      jsonb       NOT NULL,
    errors       jsonb       NOT NULL
);
CREATE INDEX dead_kind ON queue.dead (kind, finished_at);
CREATE INDEX dead_trace ON queue.dead (trace) WHERE trace IS NOT NULL;

-- What ended well or was cancelled, by day: old days are dropped whole.
CREATE TABLE queue.finished (
    id           bigint      NOT NULL,
    enqueued_at  timestamptz NOT NULL,
    due          timestamptz NOT NULL,
    claimed_at   timestamptz,
    finished_at  timestamptz NOT NULL,
    tenant       uuid,
    -- 3 done, 5 cancelled.
    state        smallint    NOT NULL,
    attempt      smallint    NOT NULL,
    max_attempts smallint    NOT NULL,
    kind         text        NOT NULL,
    pool         text        NOT NULL,
    lane         text        NOT NULL,
    trace        text,
    payload      jsonb       NOT NULL,
    errors       jsonb
) PARTITION BY RANGE (finished_at);
CREATE INDEX finished_id ON queue.finished (id);
CREATE INDEX finished_trace ON queue.finished (trace) WHERE trace IS NOT NULL;
-- Catches a record whose day has no partition yet, so that an ack never fails for want of one.
CREATE TABLE queue.finished_default PARTITION OF queue.finished DEFAULT;

-- A process that runs jobs. Its one heartbeat is the lease of all its jobs.
CREATE TABLE queue.processes (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host       text        NOT NULL,
    pid        integer     NOT NULL,
    -- Names a space of process ids: a process of the same space can see whether this one still lives.
    machine    text        NOT NULL,
    pools      text[]      NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    beat_at    timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
