-- Loyalty: points by double entry, tiers, and rewards that are taken with a code.

CREATE TABLE loyalty_settings (
    workspace_id    uuid        NOT NULL REFERENCES workspaces,
    enabled         boolean     NOT NULL DEFAULT false,
    -- So many points for each so many minor units of an order. NULL: none.
    order_points    integer     CHECK (order_points > 0),
    order_per_minor bigint      CHECK (order_per_minor > 0),
    visit_points    integer     CHECK (visit_points > 0),
    birthday_points integer     CHECK (birthday_points > 0),
    -- The key of the custom field with the date of birth.
    birthday_field  text,
    expiry_months   integer     CHECK (expiry_months > 0),
    warn_days       integer     CHECK (warn_days > 0),
    -- The last day whose birthdays have been looked for.
    birthdays_until date,
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id),
    CHECK ((order_points IS NULL) = (order_per_minor IS NULL)),
    CHECK ((birthday_points IS NULL) = (birthday_field IS NULL)),
    CHECK (warn_days IS NULL OR expiry_months IS NOT NULL)
);
SELECT counts_changes('loyalty_settings');

CREATE TABLE loyalty_tiers (
    workspace_id       uuid        NOT NULL REFERENCES workspaces,
    id                 uuid        NOT NULL,
    name               text        NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    -- Points earned in 12 months from which a contact is in it.
    threshold          bigint      NOT NULL CHECK (threshold > 0),
    multiplier_percent integer     NOT NULL CHECK (multiplier_percent BETWEEN 100 AND 1000),
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT loyalty_tiers_threshold UNIQUE (workspace_id, threshold)
);
SELECT counts_changes('loyalty_tiers');

CREATE TABLE loyalty_rewards (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    cost         bigint      NOT NULL CHECK (cost > 0),
    -- NULL: there is no end of it.
    stock        integer     CHECK (stock >= 0),
    -- Until then it can be taken. NULL: always.
    valid_until  timestamptz,
    -- The days for which its codes are good.
    code_days    integer     NOT NULL CHECK (code_days BETWEEN 1 AND 366),
    active       boolean     NOT NULL,
    -- Its redemptions keep the row.
    deleted_at   timestamptz,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id)
);
SELECT counts_changes('loyalty_rewards');

-- The points of a contact. The row is the lock of all that happens to them.
CREATE TABLE loyalty_accounts (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    contact_id   uuid        NOT NULL,
    -- The sum of the contact's entries: only the trigger of the entries writes it. Negative: a refund took back what was spent.
    balance      bigint      NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, contact_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts
);

-- The books. What causes a transaction is named, and is booked once.
CREATE TABLE loyalty_transactions (
    workspace_id  uuid        NOT NULL REFERENCES workspaces,
    id            uuid        NOT NULL,
    kind          text        NOT NULL
        CHECK (kind IN ('order', 'visit', 'birthday', 'refund', 'adjustment', 'redemption', 'expiry', 'merge')),
    -- order:…, refund:…
    cause         text        NOT NULL,
    -- Without foreign keys: the books outlive what they are about.
    order_id      uuid,
    booking_id    uuid,
    redemption_id uuid,
    -- A member's words for an adjustment. An erasure empties them.
    reason        text,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, cause)
);

CREATE TABLE loyalty_entries (
    workspace_id   uuid     NOT NULL REFERENCES workspaces,
    transaction_id uuid     NOT NULL,
    position       smallint NOT NULL,
    account        text     NOT NULL CHECK (account IN ('issued', 'customer', 'redeemed', 'expired')),
    contact_id     uuid,
    points         bigint   NOT NULL CHECK (points <> 0),
    -- Of a customer: the balance after the entry. The trigger fills it in.
    balance        bigint,
    -- The order of a customer's entries: each is written under the lock of the account.
    number         bigint   GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (workspace_id, transaction_id, position),
    FOREIGN KEY (workspace_id, transaction_id) REFERENCES loyalty_transactions,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES loyalty_accounts,
    CHECK ((account = 'customer') = (contact_id IS NOT NULL)),
    CHECK ((account = 'customer') = (balance IS NOT NULL))
);
CREATE INDEX loyalty_entries_contact ON loyalty_entries (workspace_id, contact_id, number) WHERE contact_id IS NOT NULL;

CREATE FUNCTION loyalty_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE loyalty_accounts SET balance = balance + NEW.points
    WHERE workspace_id = NEW.workspace_id AND contact_id = NEW.contact_id
    RETURNING balance INTO NEW.balance;
    RETURN NEW;
END $$;
CREATE TRIGGER count_balance BEFORE INSERT ON loyalty_entries FOR EACH ROW WHEN (NEW.account = 'customer')
    EXECUTE FUNCTION loyalty_balance();

-- After each statement, and not at the commit: all entries of a transaction are one statement, and the books are never off.
CREATE FUNCTION loyalty_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong uuid;
BEGIN
    SELECT e.transaction_id INTO wrong FROM loyalty_entries e
    WHERE (e.workspace_id, e.transaction_id) IN (SELECT workspace_id, transaction_id FROM added)
    GROUP BY e.workspace_id, e.transaction_id HAVING sum(e.points) <> 0 LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'loyalty transaction % does not balance', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'loyalty_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER loyalty_balances AFTER INSERT ON loyalty_entries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_balances();

-- Points by when they were earned: the oldest are spent and expire first. The id is that of the transaction.
CREATE TABLE loyalty_lots (
    workspace_id uuid        NOT NULL,
    id           uuid        NOT NULL,
    contact_id   uuid        NOT NULL,
    points       bigint      NOT NULL CHECK (points >= 0),
    remaining    bigint      NOT NULL CHECK (remaining BETWEEN 0 AND points),
    expired      bigint      NOT NULL DEFAULT 0 CHECK (expired >= 0),
    -- They count for the tier: they were earned, and not given by a member.
    counts       boolean     NOT NULL,
    earned_at    timestamptz NOT NULL,
    expires_at   timestamptz,
    -- When the contact is told that they expire.
    warn_at      timestamptz,
    warned_at    timestamptz,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, id) REFERENCES loyalty_transactions,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES loyalty_accounts
);
CREATE INDEX loyalty_lots_contact ON loyalty_lots (workspace_id, contact_id, earned_at, id);
-- Of all workspaces.
CREATE INDEX loyalty_lots_expiring ON loyalty_lots (expires_at, id) WHERE remaining > 0;
CREATE INDEX loyalty_lots_warning ON loyalty_lots (warn_at, id) WHERE remaining > 0 AND warned_at IS NULL;

CREATE TABLE loyalty_redemptions (
    workspace_id uuid        NOT NULL,
    id           uuid        NOT NULL,
    contact_id   uuid        NOT NULL,
    reward_id    uuid        NOT NULL,
    cost         bigint      NOT NULL,
    -- SHA-256 of the code, and its last four characters, by which people tell codes apart.
    code_hash    bytea       NOT NULL,
    code_hint    text        NOT NULL,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    -- The member's user or the API key.
    used_by      uuid,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, code_hash),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    FOREIGN KEY (workspace_id, reward_id) REFERENCES loyalty_rewards
);
CREATE INDEX loyalty_redemptions_contact ON loyalty_redemptions (workspace_id, contact_id, id);

SELECT belongs_to_workspace('loyalty_settings');
SELECT belongs_to_workspace('loyalty_tiers');
SELECT belongs_to_workspace('loyalty_rewards');
SELECT belongs_to_workspace('loyalty_accounts');
SELECT belongs_to_workspace('loyalty_transactions');
SELECT belongs_to_workspace('loyalty_entries');
SELECT belongs_to_workspace('loyalty_lots');
SELECT belongs_to_workspace('loyalty_redemptions');

-- Nobody changes the books. A purge deletes them, and an erasure empties a reason.
REVOKE UPDATE, DELETE ON loyalty_transactions, loyalty_entries FROM kazi_app;
REVOKE UPDATE ON loyalty_transactions, loyalty_entries FROM kazi_platform;
GRANT UPDATE (reason) ON loyalty_transactions TO kazi_app, kazi_platform;
