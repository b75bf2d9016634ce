-- The inbox: who sees to a conversation, whether the customer waits, what no member has read.
ALTER TABLE conversations
    -- A member's user.
    ADD COLUMN assignee_id      uuid,
    -- The customer's first message that nobody has answered.
    ADD COLUMN waiting_since    timestamptz,
    -- The customer's messages that no member has read.
    ADD COLUMN unread           integer     NOT NULL DEFAULT 0,
    -- Until then it is put aside, unless the customer writes.
    ADD COLUMN snoozed_until    timestamptz,
    -- When the customer, the bot or a member last wrote. A campaign and a notice do not count: they would bury all others.
    ADD COLUMN last_activity_at timestamptz NOT NULL DEFAULT now(),
    -- When the bot or a member last answered.
    ADD COLUMN last_answer_at   timestamptz;

-- Row-level security binds the tables' owner too.
SET LOCAL ROLE kazi_platform;
UPDATE conversations SET last_activity_at = greatest(last_inbound_at, created_at);
RESET ROLE;

CREATE INDEX conversations_activity ON conversations (workspace_id, last_activity_at, id);
CREATE INDEX conversations_contact ON conversations (workspace_id, contact_id, last_activity_at, id);
-- And for what few have.
CREATE INDEX conversations_assignee ON conversations (workspace_id, assignee_id, last_activity_at, id)
    WHERE assignee_id IS NOT NULL;
CREATE INDEX conversations_waiting ON conversations (workspace_id, last_activity_at, id)
    WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_handed_over ON conversations (workspace_id, last_activity_at, id)
    WHERE status = 'handed_over';

SELECT counts_changes('conversations');
