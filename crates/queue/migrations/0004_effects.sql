-- The ledger of effects outside of the database: written before the effect, and again with its answer. A row that was
-- started and not ended is all that a process which died in between leaves behind.
CREATE TABLE queue.effects (
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_at    timestamptz,
    -- From here the retention counts; moved on while the job still exists.
    looked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- The run that has the effect in hand: the job and the number of its lease.
    job_id     bigint      NOT NULL,
    -- The nil uuid where a job has no tenant: a primary key has no nulls.
    tenant     uuid        NOT NULL,
    lease      integer     NOT NULL,
    -- 0 started, 1 done.
    state      smallint    NOT NULL DEFAULT 0,
    kind       text        NOT NULL,
    key        text        NOT NULL,
    -- json, not jsonb: an answer quotes whatever a provider says, U+0000 included, and is only ever read back whole.
    answer     json,
    PRIMARY KEY (kind, tenant, key)
) WITH (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX effects_looked_at ON queue.effects (looked_at);

-- A dead letter keeps the number of its last lease: a replayed job goes on from there. If it began at zero again, the
-- late ack of a run before the replay could end the run after it.
ALTER TABLE queue.dead ADD COLUMN lease integer NOT NULL DEFAULT 0;

-- Aborts the caller's transaction, so that also a caller who commits in spite of the error writes nothing.
CREATE FUNCTION queue.lease_lost() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the lease of the job is gone: it belongs to another run' USING ERRCODE = 'KZ001';
END
$$;
