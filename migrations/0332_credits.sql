-- Prepaid credits for the messages of campaigns and automations. A workspace without an account pays nothing here.

CREATE TABLE credit_accounts (
    workspace_id uuid        PRIMARY KEY REFERENCES workspaces,
    -- What is planned from now on wants credits. An account that was prepaid once keeps its row.
    prepaid      boolean     NOT NULL DEFAULT true,
    -- The balances of the ledger. What stands in credit_causes is not in them yet.
    available    bigint      NOT NULL DEFAULT 0 CHECK (available >= 0),
    reserved     bigint      NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    spent        bigint      NOT NULL DEFAULT 0 CHECK (spent >= 0),
    -- Credits that are gone although the account had none: the next ones that come pay for them.
    owed         bigint      NOT NULL DEFAULT 0 CHECK (owed >= 0),
    CHECK (available = 0 OR owed = 0),
    -- Below it the members are told, once until the balance is above it again. 0: they are not.
    low_mark     bigint      NOT NULL DEFAULT 0 CHECK (low_mark BETWEEN 0 AND 1000000000),
    low_told     boolean     NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
SELECT counts_changes('credit_accounts');

-- The credits of one message. What has no row here costs 1.
CREATE TABLE credit_prices (
    workspace_id uuid    NOT NULL REFERENCES workspaces,
    -- ISO 3166, or * for all countries without a row.
    country      text    NOT NULL CHECK (country ~ '^([A-Z]{2}|\*)$'),
    category     text    NOT NULL,
    credits      integer NOT NULL CHECK (credits BETWEEN 0 AND 1000),
    PRIMARY KEY (workspace_id, country, category)
);

-- What credits are used for: a campaign, or a step of an automation.
CREATE TABLE credit_uses (
    workspace_id  uuid NOT NULL REFERENCES workspaces,
    -- As the messages have it.
    campaign_id   uuid NOT NULL,
    -- NULL: it is a campaign.
    automation_id uuid,
    -- Of the campaign or the automation, when it reserved last.
    name          text NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id)
);

-- What became of reserved credits since the ledger was written last: a group of messages was accepted, has failed, or is not
-- sent. The transaction that moves the messages inserts a row and locks nothing, so no message waits for an account.
CREATE TABLE credit_causes (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    campaign_id  uuid        NOT NULL,
    -- charge: accepted. release: not sent. late: accepted after all, when they were released already.
    kind         text        NOT NULL CHECK (kind IN ('charge', 'release', 'late')),
    credits      bigint      NOT NULL CHECK (credits > 0),
    messages     bigint      NOT NULL CHECK (messages > 0),
    at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- The ledger, double entry: each row takes credits from one account and gives them to another.
CREATE TABLE credit_entries (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    -- funding: where credits come from, below zero by all that came. owed: below zero by what is owed.
    from_account text        NOT NULL CHECK (from_account IN ('funding', 'available', 'reserved', 'spent', 'owed')),
    to_account   text        NOT NULL CHECK (to_account IN ('funding', 'available', 'reserved', 'spent', 'owed')),
    credits      bigint      NOT NULL CHECK (credits > 0),
    kind         text        NOT NULL CHECK (kind IN
        ('grant', 'take', 'top_up', 'refund', 'reserve', 'charge', 'release', 'late', 'settle')),
    campaign_id  uuid,
    top_up_id    uuid,
    -- 0: it is about no messages.
    messages     bigint      NOT NULL DEFAULT 0,
    -- Why the platform's staff gave or took credits.
    note         text,
    at           timestamptz NOT NULL,
    -- The day in UTC.
    day          date        NOT NULL,
    PRIMARY KEY (workspace_id, id),
    CHECK (from_account <> to_account)
);
-- A campaign has one row for what happens in a day: it may charge a million times.
CREATE UNIQUE INDEX credit_entries_day ON credit_entries (workspace_id, campaign_id, kind, from_account, day)
    WHERE campaign_id IS NOT NULL;
CREATE INDEX credit_entries_campaign ON credit_entries (workspace_id, campaign_id) WHERE campaign_id IS NOT NULL;

-- What the platform sells.
CREATE TABLE credit_packs (
    id           uuid        PRIMARY KEY,
    name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    credits      bigint      NOT NULL CHECK (credits BETWEEN 1 AND 1000000000),
    amount_minor bigint      NOT NULL CHECK (amount_minor > 0),
    currency     text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- Businesses see it.
    active       boolean     NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
SELECT counts_changes('credit_packs');

-- A pack that a business buys, as it was then.
CREATE TABLE credit_top_ups (
    workspace_id   uuid        NOT NULL REFERENCES workspaces,
    id             uuid        NOT NULL,
    pack_id        uuid        NOT NULL,
    name           text        NOT NULL,
    credits        bigint      NOT NULL CHECK (credits > 0),
    amount_minor   bigint      NOT NULL CHECK (amount_minor > 0),
    currency       text        NOT NULL,
    status         text        NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'open', 'paid', 'ended')),
    -- Stripe's page, while it can be paid.
    url            text,
    -- Credits that were taken back because money went back.
    returned       bigint      NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND credits),
    paid_at        timestamptz,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
SELECT counts_changes('credit_top_ups');

-- The seller's side of a top-up, in the seller's workspace: what its payment came to.
CREATE TABLE credit_sales (
    workspace_id   uuid        NOT NULL REFERENCES workspaces,
    -- That of the top-up.
    id             uuid        NOT NULL,
    buyer_id       uuid        NOT NULL,
    -- The buyer among the seller's contacts.
    contact_id     uuid        NOT NULL,
    payment_id     uuid        NOT NULL,
    url            text,
    paid_at        timestamptz,
    -- No money comes by this payment.
    ended_at       timestamptz,
    -- Money that went back, by refunds and lost disputes.
    returned_minor bigint      NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX credit_sales_buyer ON credit_sales (workspace_id, buyer_id, created_at);

SELECT belongs_to_workspace('credit_accounts');
SELECT belongs_to_workspace('credit_prices');
SELECT belongs_to_workspace('credit_uses');
SELECT belongs_to_workspace('credit_causes');
SELECT belongs_to_workspace('credit_entries');
SELECT belongs_to_platform('credit_packs');
SELECT belongs_to_workspace('credit_top_ups');
SELECT belongs_to_workspace('credit_sales');

-- Open pages are told that the balance is another.
CREATE FUNCTION tell_live_credits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (workspace_id, kind, data) VALUES (NEW.workspace_id, 'credits.changed',
        jsonb_build_object('available', NEW.available, 'reserved', NEW.reserved));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_live AFTER UPDATE ON credit_accounts FOR EACH ROW
    WHEN ((OLD.available, OLD.reserved, OLD.spent) IS DISTINCT FROM (NEW.available, NEW.reserved, NEW.spent))
    EXECUTE FUNCTION tell_live_credits();
CREATE FUNCTION tell_live_top_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (workspace_id, kind, data) VALUES (NEW.workspace_id, 'credits.topped_up',
        jsonb_build_object('top_up_id', shown_id('top_', NEW.id), 'status', NEW.status));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_live AFTER UPDATE OF status ON credit_top_ups FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION tell_live_top_up();
