-- Exports: lists of a workspace as files, which are kept for some days.
CREATE TABLE exports (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    -- The list and its filter.
    wanted       jsonb       NOT NULL,
    format       text        NOT NULL CHECK (format IN ('csv', 'xlsx')),
    status       text        NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled', 'expired')),
    -- Rises with each run, so that a run that was taken for dead writes nothing any more.
    run          integer     NOT NULL DEFAULT 0,
    -- Counted when a run begins.
    rows_total   bigint,
    rows_done    bigint      NOT NULL DEFAULT 0,
    bytes        bigint,
    -- Why it failed, for a person.
    error        text,
    actor_kind   text        NOT NULL,
    actor_id     uuid,
    created_at   timestamptz NOT NULL,
    started_at   timestamptz,
    finished_at  timestamptz,
    -- When the file goes.
    expires_at   timestamptz,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX exports_unfinished ON exports (workspace_id) WHERE status IN ('queued', 'running');
CREATE INDEX exports_expiry ON exports (expires_at) WHERE status = 'done';
CREATE INDEX exports_created ON exports (created_at);

-- The file, in pieces. They are written in one transaction with the end of the export.
CREATE TABLE export_chunks (
    workspace_id uuid    NOT NULL,
    export_id    uuid    NOT NULL,
    position     integer NOT NULL,
    data         bytea   NOT NULL,
    PRIMARY KEY (workspace_id, export_id, position),
    FOREIGN KEY (workspace_id, export_id) REFERENCES exports ON DELETE CASCADE
);
-- CSV would shrink, but what is packed cannot be packed again, and the pieces are read once or twice.
ALTER TABLE export_chunks ALTER COLUMN data SET STORAGE EXTERNAL;

SELECT belongs_to_workspace('exports');
SELECT belongs_to_workspace('export_chunks');
