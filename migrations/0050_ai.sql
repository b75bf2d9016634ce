-- AI: what the model is told, what it may know, and what it costs.
CREATE TABLE prompts (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    name         text        NOT NULL,
    body         text        NOT NULL,
    -- The model, and others for when it is not available.
    models       text[]      NOT NULL,
    temperature  real        NOT NULL DEFAULT 0.3 CHECK (temperature BETWEEN 0 AND 2),
    max_tokens   integer     NOT NULL DEFAULT 500 CHECK (max_tokens BETWEEN 1 AND 8000),
    active       boolean     NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX prompts_one_active ON prompts (workspace_id) WHERE active;

CREATE TABLE knowledge (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    language     text        NOT NULL,
    config       regconfig   NOT NULL,
    title        text        NOT NULL,
    body         text        NOT NULL,
    search       tsvector    GENERATED ALWAYS AS
        (setweight(to_tsvector(config, title), 'A') || setweight(to_tsvector(config, body), 'B')) STORED,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX knowledge_search ON knowledge USING gin (search);

-- Every call of a model.
CREATE TABLE ai_calls (
    workspace_id      uuid        NOT NULL,
    id                uuid        NOT NULL,
    conversation_id   uuid,
    purpose           text        NOT NULL,
    model_asked       text        NOT NULL,
    model_served      text,
    prompt_tokens     integer     NOT NULL DEFAULT 0,
    completion_tokens integer     NOT NULL DEFAULT 0,
    -- Millionths of a US dollar.
    cost_micro        bigint      NOT NULL DEFAULT 0,
    latency_ms        integer     NOT NULL,
    -- ok, or the class of the error.
    outcome           text        NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);

SELECT belongs_to_workspace('prompts');
SELECT belongs_to_workspace('knowledge');
SELECT belongs_to_workspace('ai_calls');
