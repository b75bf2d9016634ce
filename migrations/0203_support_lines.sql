-- A line of a ticket that came from the chat names its message, so that a correction or a deletion finds the line.
ALTER TABLE ticket_messages ADD COLUMN message_id uuid;
CREATE INDEX ticket_messages_of_message ON ticket_messages (workspace_id, message_id) WHERE message_id IS NOT NULL;
