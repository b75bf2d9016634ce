-- What models cost: sums by day and by month, kept with each call, so that no answer and no page sums up ai_calls.
CREATE TABLE ai_usage (
    workspace_id      uuid   NOT NULL REFERENCES workspaces,
    -- In the workspace's time zone, like the months below.
    day               date   NOT NULL,
    purpose           text   NOT NULL,
    -- The model that answered, or else the one that was asked.
    model             text   NOT NULL,
    -- What one call cost.
    bucket            text   NOT NULL CHECK (bucket IN ('low', 'medium', 'high')),
    calls             bigint NOT NULL DEFAULT 0,
    failed            bigint NOT NULL DEFAULT 0,
    prompt_tokens     bigint NOT NULL DEFAULT 0,
    completion_tokens bigint NOT NULL DEFAULT 0,
    cost_micro        bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, day, purpose, model, bucket)
);

CREATE TABLE ai_months (
    workspace_id uuid   NOT NULL REFERENCES workspaces,
    -- The first day.
    month        date   NOT NULL,
    spent_micro  bigint NOT NULL DEFAULT 0,
    -- When admins were told of 80 % and of 100 % of the budget.
    warned_at    timestamptz,
    reached_at   timestamptz,
    PRIMARY KEY (workspace_id, month)
);

CREATE TABLE ai_budgets (
    workspace_id uuid   PRIMARY KEY REFERENCES workspaces,
    -- Millionths of a US dollar in a month. Without a limit nothing is limited.
    limit_micro  bigint CHECK (limit_micro > 0),
    at_limit     text   NOT NULL CHECK (at_limit IN ('cheaper', 'menu'))
);

SELECT belongs_to_workspace('ai_usage');
SELECT belongs_to_workspace('ai_months');
SELECT belongs_to_workspace('ai_budgets');

-- Row-level security binds the tables' owner too.
SET LOCAL ROLE kazi_platform;

INSERT INTO ai_usage (workspace_id, day, purpose, model, bucket, calls, failed, prompt_tokens, completion_tokens, cost_micro)
SELECT c.workspace_id, (c.created_at AT TIME ZONE coalesce(z.name, 'UTC'))::date, c.purpose, coalesce(c.model_served, c.model_asked),
       CASE WHEN c.cost_micro < 1000 THEN 'low' WHEN c.cost_micro < 10000 THEN 'medium' ELSE 'high' END,
       count(*), count(*) FILTER (WHERE c.outcome <> 'ok'), sum(c.prompt_tokens), sum(c.completion_tokens), sum(c.cost_micro)
FROM ai_calls c JOIN workspaces w ON w.id = c.workspace_id
-- PostgreSQL may lack a zone that the program knows.
LEFT JOIN pg_timezone_names z ON z.name = w.time_zone
GROUP BY 1, 2, 3, 4, 5;

INSERT INTO ai_months (workspace_id, month, spent_micro)
SELECT workspace_id, date_trunc('month', day)::date, sum(cost_micro) FROM ai_usage GROUP BY 1, 2;

RESET ROLE;
