-- Tickets: numbers, priorities, categories, tags, fields, internal notes, and the states pending and resolved.

-- The last number of each workspace.
CREATE TABLE ticket_numbers (
    workspace_id uuid   PRIMARY KEY REFERENCES workspaces,
    last         bigint NOT NULL
);
SELECT belongs_to_workspace('ticket_numbers');

ALTER TABLE tickets
    DROP CONSTRAINT tickets_status_check,
    -- open: members work on it; pending: the customer is to answer; resolved: done, unless the customer answers; closed: over.
    ADD CONSTRAINT tickets_status_check CHECK (status IN ('open', 'pending', 'resolved', 'closed')),
    -- How people call it.
    ADD COLUMN number            bigint,
    ADD COLUMN priority          text   NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    ADD COLUMN category          text,
    -- In small letters, in order.
    ADD COLUMN tags              text[] NOT NULL DEFAULT '{}',
    -- The business's own: texts, numbers and booleans.
    ADD COLUMN fields            jsonb  NOT NULL DEFAULT '{}',
    -- Where the customer last wrote for it. NULL: a member opened it, and the customer has not written for it in the chat.
    ADD COLUMN conversation_id   uuid,
    ADD COLUMN first_response_at timestamptz,
    ADD COLUMN resolved_at       timestamptz,
    ADD COLUMN closed_at         timestamptz;
SELECT counts_changes('tickets');

ALTER TABLE ticket_messages
    -- A note for members, which the customer never gets.
    ADD COLUMN internal boolean NOT NULL DEFAULT false;

-- Row-level security binds the tables' owner too.
SET LOCAL ROLE kazi_platform;
UPDATE tickets t SET number = n.number
FROM (SELECT workspace_id, id, row_number() OVER (PARTITION BY workspace_id ORDER BY id) AS number FROM tickets) n
WHERE t.workspace_id = n.workspace_id AND t.id = n.id;
-- The last change of most closed tickets is their closing.
UPDATE tickets SET resolved_at = updated_at, closed_at = updated_at WHERE status = 'closed';
UPDATE tickets t SET first_response_at = a.at
FROM (SELECT workspace_id, ticket_id, min(created_at) AS at FROM ticket_messages WHERE author = 'team' GROUP BY 1, 2) a
WHERE a.workspace_id = t.workspace_id AND a.ticket_id = t.id;
INSERT INTO ticket_numbers (workspace_id, last) SELECT workspace_id, max(number) FROM tickets GROUP BY 1;
RESET ROLE;

-- A trigger gives the number, so that an older program, which knows of none, can still open tickets.
CREATE FUNCTION number_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ticket_numbers AS n (workspace_id, last) VALUES (NEW.workspace_id, 1)
    ON CONFLICT (workspace_id) DO UPDATE SET last = n.last + 1 RETURNING last INTO NEW.number;
    RETURN NEW;
END $$;
CREATE TRIGGER number_ticket BEFORE INSERT ON tickets FOR EACH ROW EXECUTE FUNCTION number_ticket();
ALTER TABLE tickets ALTER COLUMN number SET NOT NULL, ADD CONSTRAINT tickets_number UNIQUE (workspace_id, number);

CREATE INDEX tickets_status ON tickets (workspace_id, status, id);
CREATE INDEX tickets_assignee ON tickets (workspace_id, assignee, id) WHERE assignee IS NOT NULL;
CREATE INDEX tickets_conversation ON tickets (workspace_id, conversation_id) WHERE conversation_id IS NOT NULL;

-- The search, by indexes that row-level security lets be used: see workspace_view().
SELECT workspace_view('tickets_search', 'tickets',
                      $$workspace_id, id, tags, to_tsvector('simple'::regconfig, searchable(subject)) AS search$$);
CREATE INDEX tickets_tags ON tickets USING gin (workspace_id, tags);
CREATE INDEX tickets_words ON tickets USING gin (workspace_id, to_tsvector('simple'::regconfig, searchable(subject)));
SELECT workspace_view('ticket_messages_search', 'ticket_messages',
                      $$workspace_id, ticket_id, to_tsvector('simple'::regconfig, searchable(body)) AS search$$);
CREATE INDEX ticket_messages_words ON ticket_messages
    USING gin (workspace_id, to_tsvector('simple'::regconfig, searchable(body)));
