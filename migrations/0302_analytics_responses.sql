-- Response times: how long customers wait for a member's first answer, and how long until their matter is settled.
ALTER TABLE figure_changes
    -- A stretch of time that is counted. The program turns it into seconds of the business's hours, which become the amount.
    ADD COLUMN began timestamptz,
    ADD COLUMN ended timestamptz,
    ADD CONSTRAINT figure_changes_stretch CHECK (num_nulls(began, ended) IN (0, 2));

-- The conversations that are with a person now.
CREATE TABLE figure_waits (
    workspace_id    uuid        NOT NULL REFERENCES workspaces,
    conversation_id uuid        NOT NULL,
    -- The customer's first message that nobody had answered; else when a member took the conversation.
    since           timestamptz NOT NULL,
    -- Whether a member's first answer is counted, or nobody waited for one.
    answered        boolean     NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id)
);
SELECT belongs_to_workspace('figure_waits');

-- A conversation is settled when it is closed or goes back to the bot.
CREATE FUNCTION time_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    waits_since timestamptz := coalesce(NEW.waiting_since, OLD.waiting_since);
BEGIN
    IF NEW.status = 'handed_over' THEN
        INSERT INTO figure_waits (workspace_id, conversation_id, since, answered)
        VALUES (NEW.workspace_id, NEW.id, coalesce(waits_since, now()), waits_since IS NULL)
        ON CONFLICT DO NOTHING;
    ELSE
        WITH settled AS (
            DELETE FROM figure_waits WHERE workspace_id = NEW.workspace_id AND conversation_id = NEW.id RETURNING since
        )
        INSERT INTO figure_changes (workspace_id, at, figure, label, count, began, ended)
        SELECT NEW.workspace_id, quarter(now()), 'resolution', 'conversation', 1, since, greatest(since, now()) FROM settled;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER time_conversation AFTER UPDATE OF status ON conversations FOR EACH ROW
    WHEN ((OLD.status = 'handed_over') <> (NEW.status = 'handed_over'))
    EXECUTE FUNCTION time_conversation();

-- A row for each message of a member: there are few, and the condition stands in the trigger.
CREATE FUNCTION time_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH waited AS (
        UPDATE figure_waits SET answered = true
        WHERE workspace_id = NEW.workspace_id AND conversation_id = NEW.conversation_id AND NOT answered
        RETURNING since
    )
    INSERT INTO figure_changes (workspace_id, at, figure, label, count, began, ended)
    SELECT NEW.workspace_id, quarter(NEW.created_at), 'first_response', 'conversation', 1, since, greatest(since, NEW.created_at)
    FROM waited;
    RETURN NULL;
END $$;
CREATE TRIGGER time_answer AFTER INSERT ON messages FOR EACH ROW
    WHEN (NEW.direction = 'out' AND NEW.cause = 'agent')
    EXECUTE FUNCTION time_answer();

-- A ticket that is opened again takes its resolution back from the day that had it.
CREATE FUNCTION time_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.first_response_at IS NULL AND NEW.first_response_at IS NOT NULL THEN
        INSERT INTO figure_changes (workspace_id, at, figure, label, count, began, ended)
        VALUES (NEW.workspace_id, quarter(NEW.first_response_at), 'first_response', 'ticket', 1,
                NEW.created_at, greatest(NEW.created_at, NEW.first_response_at));
    END IF;
    IF OLD.resolved_at IS DISTINCT FROM NEW.resolved_at THEN
        INSERT INTO figure_changes (workspace_id, at, figure, label, count, began, ended)
        SELECT NEW.workspace_id, quarter(resolved_at), 'resolution', 'ticket', count, NEW.created_at,
               greatest(NEW.created_at, resolved_at)
        FROM (VALUES (OLD.resolved_at, -1), (NEW.resolved_at, 1)) AS n(resolved_at, count) WHERE resolved_at IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER time_ticket AFTER UPDATE OF first_response_at, resolved_at ON tickets FOR EACH ROW
    WHEN (OLD.first_response_at IS DISTINCT FROM NEW.first_response_at OR OLD.resolved_at IS DISTINCT FROM NEW.resolved_at)
    EXECUTE FUNCTION time_ticket();

-- What was there before. Row-level security binds the tables' owner too.
SET LOCAL ROLE kazi_platform;
INSERT INTO figure_waits (workspace_id, conversation_id, since, answered)
SELECT workspace_id, id, coalesce(waiting_since, now()), waiting_since IS NULL FROM conversations WHERE status = 'handed_over';
INSERT INTO figure_changes (workspace_id, at, figure, label, count, began, ended)
SELECT workspace_id, quarter(first_response_at), 'first_response', 'ticket', 1, created_at, greatest(created_at, first_response_at)
FROM tickets WHERE first_response_at IS NOT NULL
UNION ALL SELECT workspace_id, quarter(resolved_at), 'resolution', 'ticket', 1, created_at, greatest(created_at, resolved_at)
          FROM tickets WHERE resolved_at IS NOT NULL;
RESET ROLE;
