-- Who belongs to a workspace, and who is asked to.
CREATE TABLE members (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    user_id      uuid        NOT NULL REFERENCES users,
    role         text        NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'viewer')),
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, user_id)
);
-- A user's workspaces.
CREATE INDEX members_user ON members (user_id);

CREATE TABLE invitations (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    -- In lower case.
    email        text        NOT NULL,
    role         text        NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'viewer')),
    -- SHA-256 of the token, which only the invited person has.
    token_hash   bytea       NOT NULL UNIQUE,
    -- open may have expired meanwhile.
    status       text        NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'declined', 'revoked')),
    invited_by   uuid        REFERENCES users,
    expires_at   timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX invitations_one_open ON invitations (workspace_id, email) WHERE status = 'open';

-- What is purged next.
CREATE INDEX workspaces_deleted ON workspaces (deleted_at) WHERE deleted_at IS NOT NULL;

-- A new version every time that the data keys are rotated.
ALTER TABLE workspace_keys ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();

SELECT belongs_to_workspace('members');
SELECT belongs_to_workspace('invitations');
