-- Payments: what is asked for, what Stripe told of it, the books, and the comparison of both.

-- A workspace's account at Stripe.
CREATE TABLE payment_accounts (
    workspace_id  uuid        NOT NULL REFERENCES workspaces,
    id            uuid        NOT NULL UNIQUE,
    -- Stripe's id of it: acct_…
    account       text        NOT NULL CHECK (length(account) BETWEEN 1 AND 100),
    live          boolean     NOT NULL,
    -- Sealed JSON: key, webhook_secret. Empty when it is out of use.
    credentials   bytea       NOT NULL,
    -- The last four characters of the key, so that a person can tell two apart.
    key_hint      text        NOT NULL,
    has_webhook_secret boolean NOT NULL DEFAULT false,
    -- refused: Stripe does not accept the key, a person must look. disabled: out of use.
    status        text        NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'refused', 'disabled')),
    status_reason text,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
-- One a workspace; and one workspace an account, or each would find the other's payments unknown.
CREATE UNIQUE INDEX payment_accounts_in_use ON payment_accounts (workspace_id) WHERE status <> 'disabled';
CREATE UNIQUE INDEX payment_accounts_taken ON payment_accounts (account, live) WHERE status <> 'disabled';

CREATE TABLE payments (
    workspace_id     uuid        NOT NULL REFERENCES workspaces,
    id               uuid        NOT NULL,
    -- NULL until there is one.
    account_id       uuid,
    subject_kind     text        NOT NULL CHECK (subject_kind IN ('order', 'subscription')),
    subject_id       uuid        NOT NULL,
    -- Without a foreign key: the books outlive the contact.
    contact_id       uuid        NOT NULL,
    amount_minor     bigint      NOT NULL CHECK (amount_minor > 0),
    currency         text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    description      text        NOT NULL,
    -- Only forward; see Status in the code.
    status           text        NOT NULL DEFAULT 'requested' CHECK (status IN
        ('requested', 'open', 'processing', 'paid', 'refunded', 'mismatched', 'expired', 'failed', 'withdrawn')),
    expires_at       timestamptz NOT NULL,
    -- The request for a session: which idempotency key, since when, and until when it asks for. Written before it leaves.
    key_number       smallint    NOT NULL DEFAULT 0,
    requested_at     timestamptz,
    session_ends_at  timestamptz,
    -- Stripe has answered with a failure: whether there is a session is to be looked up before another key is used.
    unclear          boolean     NOT NULL DEFAULT false,
    session_id       text,
    url              text,
    intent_id        text,
    -- Money that came, in minor units of its currency, and how much of it went back.
    received_minor   bigint      NOT NULL DEFAULT 0 CHECK (received_minor >= 0),
    received_currency text       CHECK (received_currency ~ '^[A-Z]{3}$'),
    refunded_minor   bigint      NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
    error            text,
    paid_at          timestamptz,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES payment_accounts (workspace_id, id),
    UNIQUE (workspace_id, session_id)
);
CREATE INDEX payments_intent ON payments (workspace_id, intent_id);
CREATE INDEX payments_subject ON payments (workspace_id, subject_kind, subject_id);
-- What reconciliation asks Stripe about one by one, and the figure of the operator.
CREATE INDEX payments_waiting ON payments (workspace_id, session_ends_at) WHERE status IN ('open', 'processing');
CREATE INDEX payments_mismatched ON payments (workspace_id) WHERE status = 'mismatched';

-- Every event of Stripe's once, whoever brought it: a webhook or a reconciliation.
CREATE TABLE payment_events (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    account_id   uuid        NOT NULL,
    -- evt_…
    id           text        NOT NULL,
    kind         text        NOT NULL,
    object_id    text        NOT NULL,
    intent_id    text,
    source       text        NOT NULL CHECK (source IN ('webhook', 'reconciliation')),
    payload      json        NOT NULL,
    happened_at  timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    applied_at   timestamptz,
    -- What it came to.
    outcome      text,
    PRIMARY KEY (workspace_id, account_id, id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES payment_accounts (workspace_id, id)
);
CREATE INDEX payment_events_unapplied ON payment_events (workspace_id) WHERE applied_at IS NULL;
CREATE INDEX payment_events_received ON payment_events USING brin (received_at);

CREATE TABLE refunds (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    payment_id   uuid        NOT NULL,
    intent_id    text        NOT NULL,
    amount_minor bigint      NOT NULL CHECK (amount_minor > 0),
    currency     text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    reason       text        NOT NULL,
    status       text        NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'pending', 'succeeded', 'failed')),
    -- As for payments.
    key_number   smallint    NOT NULL DEFAULT 0,
    requested_at timestamptz,
    unclear      boolean     NOT NULL DEFAULT false,
    -- re_…
    refund_id    text,
    error        text,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, payment_id) REFERENCES payments (workspace_id, id),
    UNIQUE (workspace_id, refund_id)
);
CREATE INDEX refunds_payment ON refunds (workspace_id, payment_id);

-- The books, double entry: each transaction's entries sum to zero in each currency. What happened outside is named by its
-- reference and is booked once.
CREATE TABLE ledger_transactions (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    -- charge, fee, refund, payout …
    kind         text        NOT NULL,
    reference    text        NOT NULL,
    payment_id   uuid,
    happened_at  timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, reference)
);
CREATE INDEX ledger_transactions_payment ON ledger_transactions (workspace_id, payment_id);
CREATE TABLE ledger_entries (
    workspace_id   uuid   NOT NULL REFERENCES workspaces,
    transaction_id uuid   NOT NULL,
    -- stripe, sales, refunds, fees, unmatched, bank, adjustments, exchange.
    account        text   NOT NULL,
    currency       text   NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- Debit is positive, credit negative.
    amount_minor   bigint NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (workspace_id, transaction_id, account, currency),
    FOREIGN KEY (workspace_id, transaction_id) REFERENCES ledger_transactions (workspace_id, id)
);

CREATE FUNCTION ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_entries
               WHERE workspace_id = NEW.workspace_id AND transaction_id = NEW.transaction_id
               GROUP BY currency HAVING sum(amount_minor) <> 0) THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', NEW.transaction_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balances';
    END IF;
    RETURN NULL;
END $$;
-- At the commit, when all entries of the transaction are there.
CREATE CONSTRAINT TRIGGER ledger_balances AFTER INSERT OR UPDATE ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balances();

-- A comparison of ours with Stripe's over a time.
CREATE TABLE reconciliations (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    account_id   uuid        NOT NULL,
    status       text        NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'failed')),
    from_at      timestamptz NOT NULL,
    until_at     timestamptz NOT NULL,
    -- Of Stripe's, how many were looked at.
    events       integer     NOT NULL DEFAULT 0,
    sessions     integer     NOT NULL DEFAULT 0,
    transactions integer     NOT NULL DEFAULT 0,
    -- What was brought up to what Stripe knows.
    repaired     integer     NOT NULL DEFAULT 0,
    -- What was found to differ, repaired or not.
    differences  integer     NOT NULL DEFAULT 0,
    error        text,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES payment_accounts (workspace_id, id)
);
CREATE INDEX reconciliations_account ON reconciliations (workspace_id, account_id, until_at);

-- What differs, once for each cause and thing, whether a webhook or a reconciliation found it.
CREATE TABLE payment_differences (
    workspace_id      uuid        NOT NULL REFERENCES workspaces,
    id                uuid        NOT NULL,
    account_id        uuid        NOT NULL,
    -- amount_differs, unknown_session …: see Cause in the code.
    cause             text        NOT NULL,
    -- Stripe's id, or ours where Stripe has none.
    reference         text        NOT NULL,
    payment_id        uuid,
    -- The first one that found it; NULL: found by a webhook.
    reconciliation_id uuid,
    detail            jsonb       NOT NULL,
    -- Nobody has to do anything.
    repaired          boolean     NOT NULL,
    found_at          timestamptz NOT NULL,
    seen_at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, account_id) REFERENCES payment_accounts (workspace_id, id),
    UNIQUE (workspace_id, account_id, cause, reference)
);
CREATE INDEX payment_differences_reconciliation ON payment_differences (workspace_id, reconciliation_id);

SELECT belongs_to_workspace('payment_accounts');
SELECT belongs_to_workspace('payments');
SELECT belongs_to_workspace('payment_events');
SELECT belongs_to_workspace('refunds');
SELECT belongs_to_workspace('ledger_transactions');
SELECT belongs_to_workspace('ledger_entries');
SELECT belongs_to_workspace('reconciliations');
SELECT belongs_to_workspace('payment_differences');

-- The books are only added to. Only the purge of a whole workspace, which is the platform's, takes them away.
REVOKE UPDATE, DELETE ON ledger_transactions, ledger_entries FROM kazi_app;
REVOKE UPDATE ON ledger_transactions, ledger_entries FROM kazi_platform;
