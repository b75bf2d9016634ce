-- Subscriptions: services that end and are renewed by a payment (IPTV and the like).
CREATE TABLE plans (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    -- Language to text.
    names        jsonb       NOT NULL,
    descriptions jsonb       NOT NULL DEFAULT '{}',
    price_minor  bigint      NOT NULL CHECK (price_minor > 0),
    currency     text        NOT NULL,
    -- How long a payment lasts. It never changes: the ends of running subscriptions are counted by it.
    period_unit  text        NOT NULL CHECK (period_unit IN ('day', 'month')),
    period_count integer     NOT NULL CHECK (period_count BETWEEN 1 AND 366),
    -- Days after the end within which a payment continues the subscription where it ended.
    grace_days   integer     NOT NULL CHECK (grace_days BETWEEN 0 AND 90),
    -- Days before the end at which the customer is reminded.
    remind_days  integer[]   NOT NULL,
    active       boolean     NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE subscriptions (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    contact_id   uuid        NOT NULL,
    plan_id      uuid        NOT NULL,
    -- pending: the first payment is waited for. grace: ended, and still may be continued.
    status       text        NOT NULL CHECK (status IN ('pending', 'active', 'grace', 'expired', 'cancelled')),
    starts_at    timestamptz,
    ends_at      timestamptz,
    -- Where the unbroken run of periods is counted from, and how many there have been since: a month after 31 January is
    -- 28 February, and two months are 31 March.
    anchor_at    timestamptz,
    periods      integer     NOT NULL DEFAULT 0,
    -- While status is grace.
    grace_until  timestamptz,
    -- At the end it is cancelled instead of waiting for a payment.
    auto_cancel  boolean     NOT NULL DEFAULT false,
    -- The last reminder of this period, in days before the end.
    reminded     integer,
    -- The payment that is asked for now; until when it can be paid, and where, once the provider has said.
    payment_id   uuid,
    payment_until timestamptz,
    payment_url  text,
    -- What the customer needs to use the service, credentials among it: sealed.
    details      bytea,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    FOREIGN KEY (workspace_id, plan_id) REFERENCES plans
);
-- Two clicks at once subscribe once.
CREATE UNIQUE INDEX subscriptions_live ON subscriptions (workspace_id, contact_id, plan_id)
    WHERE status IN ('pending', 'active', 'grace');
CREATE INDEX subscriptions_contact ON subscriptions (workspace_id, contact_id, id);

-- Each period that was paid.
CREATE TABLE subscription_periods (
    workspace_id    uuid        NOT NULL,
    id              uuid        NOT NULL,
    subscription_id uuid        NOT NULL,
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL,
    payment_id      uuid        NOT NULL,
    amount_minor    bigint      NOT NULL,
    currency        text        NOT NULL,
    paid_at         timestamptz NOT NULL,
    refunded_at     timestamptz,
    PRIMARY KEY (workspace_id, id),
    -- A payment that is told twice renews once.
    UNIQUE (workspace_id, payment_id),
    FOREIGN KEY (workspace_id, subscription_id) REFERENCES subscriptions
);
CREATE INDEX subscription_periods_newest ON subscription_periods (workspace_id, subscription_id, id);

SELECT belongs_to_workspace('plans');
SELECT belongs_to_workspace('subscriptions');
SELECT belongs_to_workspace('subscription_periods');
