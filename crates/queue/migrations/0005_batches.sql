-- Jobs that belong together, with live counts and a job that is called when the last of them has ended.
CREATE TABLE queue.batches (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opened_at    timestamptz NOT NULL DEFAULT now(),
    closed_at    timestamptz,
    -- When the last job had ended, and the callback was let go.
    completed_at timestamptz,
    -- The job that waits (state 2) until the batch is complete.
    callback     bigint,
    total        bigint      NOT NULL DEFAULT 0,
    done         bigint      NOT NULL DEFAULT 0,
    dead         bigint      NOT NULL DEFAULT 0,
    cancelled    bigint      NOT NULL DEFAULT 0
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX batches_completed_at ON queue.batches (completed_at) WHERE completed_at IS NOT NULL;

-- What has changed in a batch and is not in its row yet: one row for each statement that enqueued or ended jobs of it.
-- They are only inserted, in the transaction of what they count, so that nobody waits for anybody, however long that
-- transaction is open; what has committed is added up into the batch's row soon after.
CREATE TABLE queue.batch_changes (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch     bigint  NOT NULL,
    total     bigint  NOT NULL DEFAULT 0,
    done      bigint  NOT NULL DEFAULT 0,
    dead      bigint  NOT NULL DEFAULT 0,
    cancelled bigint  NOT NULL DEFAULT 0,
    closes    boolean NOT NULL DEFAULT false
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX batch_changes_batch ON queue.batch_changes (batch);

ALTER TABLE queue.jobs ADD COLUMN batch bigint;
-- For cancelling a whole batch.
CREATE INDEX jobs_batch ON queue.jobs (batch, id) WHERE batch IS NOT NULL;
-- A dead letter that is replayed counts as pending again.
ALTER TABLE queue.dead ADD COLUMN batch bigint;
