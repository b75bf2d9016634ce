-- Passages are also found by their meaning, in workspaces that turn it on: each piece has the vector of a model.
CREATE TABLE ai_embedders (
    workspace_id uuid    PRIMARY KEY REFERENCES workspaces,
    enabled      boolean NOT NULL,
    model        text    NOT NULL,
    -- A passage that is at least so near to a question answers it. Models differ.
    known_from   real    NOT NULL CHECK (known_from BETWEEN 0 AND 1)
);
SELECT belongs_to_workspace('ai_embedders');

CREATE TABLE knowledge_vectors (
    workspace_id uuid   NOT NULL,
    knowledge_id uuid   NOT NULL,
    model        text   NOT NULL,
    -- Its length is 1.
    vector       real[] NOT NULL CHECK (cardinality(vector) BETWEEN 1 AND 4096),
    PRIMARY KEY (workspace_id, knowledge_id),
    FOREIGN KEY (workspace_id, knowledge_id) REFERENCES knowledge ON DELETE CASCADE
);
SELECT belongs_to_workspace('knowledge_vectors');

ALTER TABLE ai_passages
    ADD COLUMN meaning_place smallint,
    -- The cosine between the passage and the question.
    ADD COLUMN nearness      real;
