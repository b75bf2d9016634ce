-- Marketing campaigns: several broadcasts, posts and automations with one goal and one budget.

CREATE TABLE marketing_campaigns (
    workspace_id    uuid        NOT NULL REFERENCES workspaces,
    id              uuid        NOT NULL,
    name            text        NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    objective       text        NOT NULL CHECK (objective IN
        ('awareness', 'traffic', 'engagement', 'leads', 'sales', 'loyalty')),
    -- What is counted, and how many are wanted. NULL: there is no goal.
    goal_measure    text        CHECK (goal_measure IN ('sent', 'read', 'clicks', 'replies', 'conversions', 'revenue')),
    goal_target     bigint      CHECK (goal_target > 0),
    -- Of a goal of revenue: its minor units are the target.
    goal_currency   text,
    notes           text        NOT NULL DEFAULT '',
    -- The first and the last day, on the clocks of the workspace. NULL: a member starts or ends it.
    starts_on       date,
    ends_on         date,
    budget_minor    bigint      CHECK (budget_minor > 0),
    budget_currency text,
    -- The user who sees to it.
    owner_id        uuid,
    tags            text[]      NOT NULL DEFAULT '{}',
    status          text        NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'ended', 'archived')),
    activated_at    timestamptz,
    ended_at        timestamptz,
    -- The share of the budget that was last told, in percent.
    warned          smallint    NOT NULL DEFAULT 0 CHECK (warned IN (0, 80, 100)),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    CHECK ((goal_measure IS NULL) = (goal_target IS NULL)),
    CHECK ((goal_currency IS NOT NULL) = (goal_measure IS NOT NULL AND goal_measure = 'revenue')),
    CHECK ((budget_minor IS NULL) = (budget_currency IS NULL)),
    CHECK (ends_on >= starts_on)
);
SELECT counts_changes('marketing_campaigns');
CREATE UNIQUE INDEX marketing_campaigns_name ON marketing_campaigns (workspace_id, lower(name));
-- Those that the clock starts or ends, and whose budget is watched.
CREATE INDEX marketing_campaigns_at_work ON marketing_campaigns (workspace_id) WHERE status IN ('draft', 'active');

-- A broadcast, a post or an automation of a marketing campaign. Each belongs to one at most.
CREATE TABLE marketing_parts (
    workspace_id uuid        NOT NULL,
    part_id      uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('broadcast', 'post', 'automation')),
    campaign_id  uuid        NOT NULL,
    -- As it was called when it was attached, for the time when it is gone.
    name         text        NOT NULL,
    attached_at  timestamptz NOT NULL,
    -- When its domain deleted it, and its figures by day until then.
    deleted_at   timestamptz,
    kept         jsonb,
    PRIMARY KEY (workspace_id, part_id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES marketing_campaigns ON DELETE CASCADE,
    CHECK ((deleted_at IS NULL) = (kept IS NULL))
);
CREATE INDEX marketing_parts_campaign ON marketing_parts (workspace_id, campaign_id);

-- What a member wrote down as spent.
CREATE TABLE marketing_expenses (
    workspace_id uuid        NOT NULL,
    id           uuid        NOT NULL,
    campaign_id  uuid        NOT NULL,
    spent_on     date        NOT NULL,
    description  text        NOT NULL CHECK (length(description) BETWEEN 1 AND 200),
    minor        bigint      NOT NULL CHECK (minor > 0),
    currency     text        NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES marketing_campaigns ON DELETE CASCADE
);
SELECT counts_changes('marketing_expenses');
CREATE INDEX marketing_expenses_campaign ON marketing_expenses (workspace_id, campaign_id, id);

SELECT belongs_to_workspace('marketing_campaigns');
SELECT belongs_to_workspace('marketing_parts');
SELECT belongs_to_workspace('marketing_expenses');
