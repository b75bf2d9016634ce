-- Live events: what the open pages of members are told at once. A trigger writes an event in the transaction of its change,
-- whoever makes the change: nothing is told that was rolled back. A row has ids and states alone; a reader gets the rest by
-- the API, with their own permissions.
CREATE TABLE live_events (
    workspace_id uuid        NOT NULL,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    -- message.received, ticket.changed …
    kind         text        NOT NULL,
    data         jsonb       NOT NULL,
    -- Its transaction. Rows become visible in the order of commits, and not of ids.
    xid          xid8        NOT NULL DEFAULT pg_current_xact_id(),
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX live_events_resume ON live_events (workspace_id, xid, id);
CREATE INDEX live_events_age ON live_events (created_at);
SELECT belongs_to_workspace('live_events');

-- An id as the API writes it.
CREATE FUNCTION shown_id(prefix text, id uuid) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN prefix || replace(id::text, '-', '');

CREATE FUNCTION tell_live_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (workspace_id, kind, data) VALUES (NEW.workspace_id,
        CASE WHEN TG_OP = 'UPDATE' THEN 'message.status' WHEN NEW.direction = 'in' THEN 'message.received' ELSE 'message.sent' END,
        jsonb_build_object('message_id', shown_id('msg_', NEW.id), 'conversation_id', shown_id('cnv_', NEW.conversation_id),
                           'status', NEW.status));
    RETURN NULL;
END $$;
-- Not for campaigns: a million of their messages would bury everything else.
CREATE TRIGGER tell_live AFTER INSERT ON messages FOR EACH ROW WHEN (NEW.campaign_id IS NULL)
    EXECUTE FUNCTION tell_live_message();
CREATE TRIGGER tell_live_status AFTER UPDATE OF status ON messages FOR EACH ROW
    WHEN (NEW.campaign_id IS NULL AND OLD.status IS DISTINCT FROM NEW.status AND NEW.status NOT IN ('sending', 'accepted'))
    EXECUTE FUNCTION tell_live_message();

CREATE FUNCTION tell_live_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (workspace_id, kind, data) VALUES (NEW.workspace_id,
        CASE WHEN NEW.status = 'closed' AND OLD.status <> 'closed' THEN 'conversation.closed'
             WHEN OLD.status = 'closed' AND NEW.status <> 'closed' THEN 'conversation.reopened'
             WHEN NEW.assignee_id IS DISTINCT FROM OLD.assignee_id THEN 'conversation.assigned'
             ELSE 'conversation.changed' END,
        jsonb_build_object('conversation_id', shown_id('cnv_', NEW.id), 'status', NEW.status,
                           'assignee_id', shown_id('usr_', NEW.assignee_id)));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_live AFTER UPDATE OF status, assignee_id, snoozed_until, unread ON conversations FOR EACH ROW
    WHEN ((OLD.status, OLD.assignee_id, OLD.snoozed_until) IS DISTINCT FROM (NEW.status, NEW.assignee_id, NEW.snoozed_until)
          OR (NEW.unread = 0 AND OLD.unread > 0))
    EXECUTE FUNCTION tell_live_conversation();

-- For tables with an id and a status: its word, and the prefix of its ids.
CREATE FUNCTION tell_live_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (workspace_id, kind, data) VALUES (NEW.workspace_id, TG_ARGV[0] || CASE TG_OP WHEN 'INSERT' THEN '.created' ELSE '.changed' END,
        jsonb_build_object(TG_ARGV[0] || '_id', shown_id(TG_ARGV[1], NEW.id), 'status', NEW.status));
    RETURN NULL;
END $$;
CREATE FUNCTION tells_live(told regclass, word text, prefix text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER tell_live AFTER INSERT ON %s FOR EACH ROW EXECUTE FUNCTION tell_live_status(%L, %L)',
                   told, word, prefix);
    EXECUTE format('CREATE TRIGGER tell_live_status AFTER UPDATE OF status ON %s FOR EACH ROW
                    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION tell_live_status(%L, %L)',
                   told, word, prefix);
END $$;
SELECT tells_live('tickets', 'ticket', 'tkt_');
SELECT tells_live('orders', 'order', 'ord_');
SELECT tells_live('payments', 'payment', 'pay_');
SELECT tells_live('bookings', 'booking', 'bkg_');
SELECT tells_live('campaigns', 'campaign', 'cmp_');
