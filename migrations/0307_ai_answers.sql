-- From a message of the bot to the call of the model behind it, and to the prompt of that call.
ALTER TABLE ai_calls
    ADD COLUMN prompt_id       uuid,
    ADD COLUMN prompt_revision integer;

-- A question may cost several calls, and an answer may have several messages. A row goes with its call.
CREATE TABLE ai_answers (
    workspace_id uuid NOT NULL,
    message_id   uuid NOT NULL,
    call_id      uuid NOT NULL,
    PRIMARY KEY (workspace_id, message_id, call_id),
    FOREIGN KEY (workspace_id, call_id) REFERENCES ai_calls ON DELETE CASCADE
);
CREATE INDEX ai_answers_call ON ai_answers (workspace_id, call_id);

SELECT belongs_to_workspace('ai_answers');
