-- The audit log: every change that a person, a key or an operator makes, by month. No workspace where it concerns a user
-- alone (a password, a session).
CREATE TABLE audit_log (
    id           uuid        NOT NULL,
    workspace_id uuid,
    -- member, api_key, customer, operator, system.
    actor_kind   text        NOT NULL,
    -- The user, the key or the contact.
    actor_id     uuid,
    -- Where it came from.
    address      text,
    request_id   text,
    -- contacts.update, members.invite …
    action       text        NOT NULL,
    subject_kind text        NOT NULL,
    subject_id   uuid        NOT NULL,
    -- The fields that changed, without secrets.
    before       jsonb,
    after        jsonb,
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX audit_log_workspace ON audit_log (workspace_id, id);
CREATE INDEX audit_log_subject ON audit_log (workspace_id, subject_id, id);

SELECT belongs_to_workspace('audit_log');
