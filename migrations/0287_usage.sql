-- Billable use: what a business pays for beside its plan.
CREATE TABLE usage_prices (
    kind        text        NOT NULL CHECK (kind IN ('question', 'push')),
    -- The price counts from this time on, until a later one.
    valid_from  timestamptz NOT NULL,
    -- Millionths of a US dollar for one.
    price_micro bigint      NOT NULL CHECK (price_micro >= 0),
    PRIMARY KEY (kind, valid_from)
);
INSERT INTO usage_prices VALUES ('question', '-infinity', 50000), ('push', '-infinity', 200000);

-- What is charged, once for each cause: the customer's message that a model answered, and the message that was pushed.
CREATE TABLE usage_causes (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    kind         text        NOT NULL CHECK (kind IN ('question', 'push')),
    cause_id     uuid        NOT NULL,
    at           timestamptz NOT NULL,
    -- Whether it is part of its day's row.
    counted      boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (workspace_id, kind, cause_id)
);
CREATE INDEX usage_causes_new ON usage_causes (workspace_id, at) WHERE NOT counted;
CREATE INDEX usage_causes_at ON usage_causes (at);

CREATE TABLE usage_days (
    workspace_id uuid   NOT NULL REFERENCES workspaces,
    -- In the workspace's time zone.
    day          date   NOT NULL,
    kind         text   NOT NULL CHECK (kind IN ('question', 'push')),
    -- A day on which the price changes has a row for each.
    price_micro  bigint NOT NULL,
    quantity     bigint NOT NULL,
    PRIMARY KEY (workspace_id, day, kind, price_micro)
);

SELECT belongs_to_platform('usage_prices');
SELECT belongs_to_workspace('usage_causes');
SELECT belongs_to_workspace('usage_days');

-- A push is a message that the business sends by itself. It is charged when the provider has accepted it. A message that
-- is sent again after a refusal keeps its id, and is charged once.
CREATE FUNCTION charge_push() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO usage_causes (workspace_id, kind, cause_id, at)
    VALUES (NEW.workspace_id, 'push', NEW.id, NEW.accepted_at) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER charge_push AFTER UPDATE OF accepted_at ON messages FOR EACH ROW
    WHEN (NEW.direction = 'out' AND NEW.cause IN ('campaign', 'reminder', 'news')
          AND OLD.accepted_at IS NULL AND NEW.accepted_at IS NOT NULL)
    EXECUTE FUNCTION charge_push();
