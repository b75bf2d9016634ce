-- Campaigns: broadcasts to a frozen list of recipients.

-- Whom to reach, kept under a name. Who that is, is looked up when a campaign is planned.
CREATE TABLE segments (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    rule         jsonb       NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name)
);

CREATE TABLE campaigns (
    workspace_id  uuid        NOT NULL REFERENCES workspaces,
    id            uuid        NOT NULL,
    name          text        NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    channel_id    uuid        NOT NULL,
    -- A template and what is filled in, or a text.
    content       jsonb       NOT NULL,
    -- NULL: the rule below; neither: everybody.
    segment_id    uuid,
    rule          jsonb,
    -- Of the template, as it was when the campaign was planned.
    category      text        CHECK (category IN ('marketing', 'utility', 'authentication')),
    status        text        NOT NULL DEFAULT 'draft' CHECK (status IN
        ('draft', 'planning', 'planned', 'scheduled', 'sending', 'paused', 'completed', 'cancelled', 'failed')),
    -- Why it is paused, cancelled or failed: a stable word, and one for people.
    reason        text,
    reason_detail text,
    -- What follows once it is planned: NULL (a person decides), scheduled, sending.
    then_status   text        CHECK (then_status IN ('scheduled', 'sending')),
    -- Rises with each planning and each start: a job of an earlier one ends.
    run           integer     NOT NULL DEFAULT 0,
    -- The last contact that the planning has looked at.
    planned_until uuid,
    report        jsonb,
    -- Refusals that speak against the template and not against one recipient.
    faults        integer     NOT NULL DEFAULT 0,
    scheduled_at  timestamptz,
    planned_at    timestamptz,
    started_at    timestamptz,
    finished_at   timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels,
    FOREIGN KEY (workspace_id, segment_id) REFERENCES segments
);
-- Those whose template, channel or hour may still stop or start them.
CREATE INDEX campaigns_at_work ON campaigns (workspace_id, status)
    WHERE status IN ('planning', 'scheduled', 'sending', 'paused');

-- One recipient of a campaign, with what is said to them. What became of the message stands in messages.
CREATE TABLE campaign_messages (
    workspace_id uuid    NOT NULL,
    campaign_id  uuid    NOT NULL,
    contact_id   uuid    NOT NULL,
    -- In the order of the contacts.
    phone        text,
    country      text,
    -- Of the template.
    language     text,
    -- Those of the body, then those of the buttons.
    parameters   text[]  NOT NULL DEFAULT '{}',
    state        text    NOT NULL CHECK (state IN ('planned', 'left_out', 'queued')),
    -- Why they are left out.
    reason       text,
    -- Once it is queued.
    message_id   uuid,
    PRIMARY KEY (workspace_id, campaign_id, contact_id),
    -- Two contacts with one phone get one message.
    UNIQUE (workspace_id, campaign_id, phone),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    CHECK ((state = 'queued') = (message_id IS NOT NULL)),
    CHECK ((state = 'left_out') = (reason IS NOT NULL))
);
CREATE INDEX campaign_messages_planned ON campaign_messages (workspace_id, campaign_id, contact_id)
    WHERE state = 'planned';
CREATE INDEX campaign_messages_contact ON campaign_messages (workspace_id, contact_id);

-- What a message costs, as the workspace knows it: an estimate is made of it.
CREATE TABLE campaign_prices (
    workspace_id uuid   NOT NULL REFERENCES workspaces,
    -- ISO 3166; * for all that have no line of their own.
    country      text   NOT NULL CHECK (country ~ '^([A-Z]{2}|\*)$'),
    category     text   NOT NULL CHECK (category IN ('marketing', 'utility', 'authentication')),
    -- Millionths of the currency's unit.
    micros       bigint NOT NULL CHECK (micros >= 0),
    currency     text   NOT NULL,
    PRIMARY KEY (workspace_id, country, category)
);

SELECT belongs_to_workspace('segments');
SELECT belongs_to_workspace('campaigns');
SELECT belongs_to_workspace('campaign_messages');
SELECT belongs_to_workspace('campaign_prices');
