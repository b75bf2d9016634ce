-- Workspaces: the tenants. Every table of a business starts its keys with workspace_id, and its foreign keys carry it
-- along, so that no row can point into another workspace.
CREATE TABLE workspaces (
    id               uuid PRIMARY KEY,
    name             text        NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    default_language text        NOT NULL DEFAULT 'en',
    languages        text[]      NOT NULL DEFAULT '{en}',
    -- ISO 3166: how a phone number without a country is read.
    country          text,
    time_zone        text        NOT NULL DEFAULT 'UTC',
    currency         text        NOT NULL DEFAULT 'USD',
    settings         jsonb       NOT NULL DEFAULT '{}',
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    deleted_at       timestamptz
);

-- The data keys of the workspaces, wrapped by the master key.
CREATE TABLE workspace_keys (
    workspace_id uuid    NOT NULL,
    version      integer NOT NULL,
    wrapped      bytea   NOT NULL,
    PRIMARY KEY (workspace_id, version)
);

ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON workspaces TO kazi_app USING (id = current_workspace()) WITH CHECK (id = current_workspace());
CREATE POLICY platform ON workspaces TO kazi_platform USING (true) WITH CHECK (true);
SELECT belongs_to_workspace('workspace_keys');
