-- What operators ask of a process: its version, its slots in each of its pools, and how many jobs it ended in a second
-- there since the heartbeat before. The lists stand in the order of `pools`.
ALTER TABLE queue.processes
    ADD COLUMN version text     NOT NULL DEFAULT '',
    ADD COLUMN slots   integer[] NOT NULL DEFAULT '{}',
    ADD COLUMN rates   float8[]  NOT NULL DEFAULT '{}';

-- Jobs that have failed and are tried again, and dead letters by time: for the list of recent errors.
CREATE INDEX jobs_failed ON queue.jobs (id) WHERE errors IS NOT NULL;
CREATE INDEX dead_finished_at ON queue.dead (finished_at);
