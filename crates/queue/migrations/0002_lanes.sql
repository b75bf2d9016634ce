-- Lanes: fairness and pacing. Ready jobs are claimed lane by lane, so the index begins with the lane; and jobs that wait
-- for their time (state 7) stand apart, so that a million of them for tomorrow change nothing for today's.
DROP INDEX queue.jobs_ready;
CREATE INDEX jobs_ready ON queue.jobs (pool, lane, priority, due, id) WHERE state = 0;
UPDATE queue.jobs SET state = 7 WHERE state = 0 AND due > now();
CREATE INDEX jobs_scheduled ON queue.jobs (pool, due, id) WHERE state = 7;

-- Set by the claim for lanes whose running jobs are limited: only those are in the index.
ALTER TABLE queue.jobs ADD COLUMN counted boolean NOT NULL DEFAULT false;
CREATE INDEX jobs_counted ON queue.jobs (pool, lane) WHERE state = 1 AND counted;

-- Only lanes with a limit, a pause or a parking have a row here.
CREATE TABLE queue.lanes (
    pool         text    NOT NULL,
    lane         text    NOT NULL,
    -- Claims a second, and how many may come at once.
    rate         float8  CHECK (rate > 0),
    burst        integer CHECK (burst > 0),
    -- Of the burst, what jobs of low priority leave to the others.
    reserved     integer NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    max_running  integer CHECK (max_running > 0),
    paused       boolean NOT NULL DEFAULT false,
    parked_until timestamptz,
    -- The generic cell rate algorithm's time (ITU-T I.371): tokens have been spent up to here.
    spent_until  timestamptz NOT NULL DEFAULT '2000-01-01T00:00:00Z',
    -- False: it has the defaults of its pool, which the code may change.
    own_limits   boolean NOT NULL DEFAULT true,
    PRIMARY KEY (pool, lane),
    CHECK ((rate IS NULL) = (burst IS NULL)),
    CHECK (reserved < coalesce(burst, 1) OR reserved = 0)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- Pools and kinds that an operator has stopped.
CREATE TABLE queue.pauses (
    -- pool or kind.
    scope     text        NOT NULL CHECK (scope IN ('pool', 'kind')),
    name      text        NOT NULL,
    paused_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, name)
);
