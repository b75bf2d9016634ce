-- Prompts for single channels, with all their revisions.
ALTER TABLE prompts
    -- NULL: for every channel without an active prompt of its own.
    ADD COLUMN channel_id uuid,
    -- Rises with each change of the text or of the model's settings.
    ADD COLUMN revision   integer NOT NULL DEFAULT 1,
    ADD FOREIGN KEY (workspace_id, channel_id) REFERENCES channels;
DROP INDEX prompts_one_active;
-- The nil id stands for no channel: an index does not compare NULLs.
CREATE UNIQUE INDEX prompts_one_active
    ON prompts (workspace_id, (coalesce(channel_id, '00000000-0000-0000-0000-000000000000'))) WHERE active;

CREATE TABLE prompt_revisions (
    workspace_id uuid        NOT NULL,
    prompt_id    uuid        NOT NULL,
    revision     integer     NOT NULL,
    body         text        NOT NULL,
    models       text[]      NOT NULL,
    temperature  real        NOT NULL,
    max_tokens   integer     NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, prompt_id, revision),
    FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompts ON DELETE CASCADE
);
SELECT belongs_to_workspace('prompt_revisions');

-- The documents of a business. The model sees pieces of them: the rows of knowledge.
CREATE TABLE knowledge_documents (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    title        text        NOT NULL,
    language     text        NOT NULL,
    format       text        NOT NULL CHECK (format IN ('text', 'markdown', 'questions')),
    body         text        NOT NULL,
    body_sha256  text        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
SELECT belongs_to_workspace('knowledge_documents');

SELECT counts_changes('prompts');
SELECT counts_changes('knowledge_documents');

ALTER TABLE knowledge ADD COLUMN document_id uuid;
-- Row-level security binds the tables' owner too.
SET LOCAL ROLE kazi_platform;
INSERT INTO prompt_revisions (workspace_id, prompt_id, revision, body, models, temperature, max_tokens, created_at)
    SELECT workspace_id, id, revision, body, models, temperature, max_tokens, created_at FROM prompts;
INSERT INTO knowledge_documents (workspace_id, id, title, language, format, body, body_sha256, created_at)
    SELECT workspace_id, id, title, language, 'text', body, encode(sha256(convert_to(body, 'UTF8')), 'hex'), created_at
    FROM knowledge;
UPDATE knowledge SET document_id = id;
RESET ROLE;
ALTER TABLE knowledge
    ALTER COLUMN document_id SET NOT NULL,
    ADD FOREIGN KEY (workspace_id, document_id) REFERENCES knowledge_documents ON DELETE CASCADE;
CREATE INDEX knowledge_document ON knowledge (workspace_id, document_id);
