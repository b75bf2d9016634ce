-- A workspace that the platform's staff has suspended: its members cannot use it, and nothing is sent.
ALTER TABLE workspaces
    ADD COLUMN suspended_at     timestamptz,
    -- For the members too.
    ADD COLUMN suspended_reason text;
