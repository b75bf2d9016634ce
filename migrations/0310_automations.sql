-- Automations: messages that go out by themselves, step by step, to those who enter by a trigger.

CREATE TABLE automations (
    workspace_id  uuid        NOT NULL REFERENCES workspaces,
    id            uuid        NOT NULL,
    name          text        NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    status        text        NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'paused')),
    -- Why it is paused: a stable word, and one for people.
    reason        text,
    reason_detail text,
    -- The revision that contacts enter with.
    revision      integer     NOT NULL DEFAULT 1,
    -- The kind of its trigger.
    trigger       text        NOT NULL,
    -- When the trigger looks next for contacts. NULL: it is not active, or its trigger is an event.
    next_at       timestamptz,
    -- The last look.
    looked_at     timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
SELECT counts_changes('automations');
CREATE INDEX automations_due ON automations (next_at) WHERE status = 'active' AND next_at IS NOT NULL;
CREATE INDEX automations_trigger ON automations (workspace_id, trigger) WHERE status = 'active';

-- What an automation does. Whoever has entered goes on with the revision of then.
CREATE TABLE automation_revisions (
    workspace_id  uuid        NOT NULL,
    automation_id uuid        NOT NULL,
    revision      integer     NOT NULL,
    definition    jsonb       NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, automation_id, revision),
    FOREIGN KEY (workspace_id, automation_id) REFERENCES automations ON DELETE CASCADE
);

-- A step by its key, over all revisions. Its messages carry its id as that of their campaign.
CREATE TABLE automation_steps (
    workspace_id  uuid NOT NULL,
    id            uuid NOT NULL,
    automation_id uuid NOT NULL,
    key           text NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, automation_id, key),
    FOREIGN KEY (workspace_id, automation_id) REFERENCES automations ON DELETE CASCADE
);

-- A contact on the way through an automation.
CREATE TABLE enrolments (
    workspace_id  uuid        NOT NULL,
    id            uuid        NOT NULL,
    automation_id uuid        NOT NULL,
    revision      integer     NOT NULL,
    contact_id    uuid        NOT NULL,
    -- What the trigger found: a time of the clock, a year, an order.
    occurrence    text        NOT NULL CHECK (length(occurrence) BETWEEN 1 AND 100),
    -- Values of the trigger's subject, for variables.
    subject       jsonb       NOT NULL DEFAULT '{}',
    status        text        NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'finished', 'stopped', 'failed')),
    -- Why it was stopped or has failed.
    reason        text,
    -- The index of the step that is next, and its key.
    position      integer     NOT NULL DEFAULT 0,
    step          text        NOT NULL,
    -- The step is a wait that has begun.
    waits         boolean     NOT NULL DEFAULT false,
    due_at        timestamptz NOT NULL,
    entered_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    PRIMARY KEY (workspace_id, id),
    -- A contact enters once by one occurrence.
    UNIQUE (workspace_id, automation_id, contact_id, occurrence),
    FOREIGN KEY (workspace_id, automation_id, revision) REFERENCES automation_revisions ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    CHECK ((status = 'active') = (ended_at IS NULL))
);
CREATE INDEX enrolments_listed ON enrolments (workspace_id, automation_id, id);
CREATE INDEX enrolments_contact ON enrolments (workspace_id, contact_id);
CREATE INDEX enrolments_active ON enrolments (workspace_id, automation_id, due_at, id) WHERE status = 'active';
CREATE INDEX enrolments_entered ON enrolments (workspace_id, automation_id, entered_at);

-- A step that an enrolment has done.
CREATE TABLE enrolment_steps (
    workspace_id uuid        NOT NULL,
    enrolment_id uuid        NOT NULL,
    position     integer     NOT NULL,
    step_id      uuid        NOT NULL,
    -- waited, held, not_held, sent, skipped, tagged, untagged, stopped, failed
    result       text        NOT NULL,
    -- Why it was skipped or has failed.
    reason       text,
    message_id   uuid,
    -- The message needs consent.
    marketing    boolean     NOT NULL DEFAULT false,
    done_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, enrolment_id, position),
    FOREIGN KEY (workspace_id, enrolment_id) REFERENCES enrolments ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, step_id) REFERENCES automation_steps ON DELETE CASCADE
);
CREATE INDEX enrolment_steps_step ON enrolment_steps (workspace_id, step_id, result);
CREATE INDEX enrolment_steps_message ON enrolment_steps (workspace_id, message_id) WHERE message_id IS NOT NULL;

SELECT belongs_to_workspace('automations');
SELECT belongs_to_workspace('automation_revisions');
SELECT belongs_to_workspace('automation_steps');
SELECT belongs_to_workspace('enrolments');
SELECT belongs_to_workspace('enrolment_steps');
