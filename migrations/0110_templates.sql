-- Message templates as Meta has them, by business account: they are the account's, whichever of its numbers sends.
CREATE TABLE templates (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    -- The business account (WABA).
    account_id   text        NOT NULL,
    name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 512),
    -- As Meta writes it: en, en_US.
    language     text        NOT NULL,
    category     text        NOT NULL CHECK (category IN ('marketing', 'utility', 'authentication')),
    status       text        NOT NULL DEFAULT 'draft'
        CHECK (status IN ('draft', 'submitted', 'approved', 'rejected', 'paused', 'disabled')),
    -- green, yellow, red, unknown.
    quality      text        NOT NULL DEFAULT 'unknown',
    -- With {{1}}, {{2}} … for its parameters.
    body         text        NOT NULL CHECK (length(body) BETWEEN 1 AND 1024),
    -- All parts as Meta has them: HEADER, BODY, FOOTER, BUTTONS, with their examples.
    components   jsonb       NOT NULL,
    -- Meta's id of it.
    provider_id  text,
    -- Why it was rejected, paused or disabled.
    reason       text,
    paused_until timestamptz,
    synced_at    timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, account_id, name, language)
);

SELECT belongs_to_workspace('templates');
