-- What a list of accounts goes by. The trigger of the entries keeps it, as it keeps the balance.

ALTER TABLE loyalty_accounts
    -- Points that were earned at any time, without those that went back or that a member gave.
    ADD COLUMN lifetime bigint NOT NULL DEFAULT 0,
    -- When points came or went last. NULL: never, or the contact is another one now, or is gone: no list shows the account.
    ADD COLUMN changed_at timestamptz;

-- Of all workspaces. An owner of the tables who is no superuser sees no row of them.
SET LOCAL ROLE kazi_platform;
UPDATE loyalty_accounts a
SET lifetime = coalesce((SELECT sum(l.points) FROM loyalty_lots l
                         WHERE l.workspace_id = a.workspace_id AND l.contact_id = a.contact_id AND l.counts), 0),
    changed_at = (SELECT max(t.created_at) FROM loyalty_entries e
                  JOIN loyalty_transactions t ON t.workspace_id = e.workspace_id AND t.id = e.transaction_id
                  WHERE e.workspace_id = a.workspace_id AND e.contact_id = a.contact_id);
-- Of a duplicate that became one with another contact, the points have gone there.
UPDATE loyalty_accounts a SET changed_at = NULL
WHERE EXISTS (SELECT FROM loyalty_entries e
              JOIN loyalty_transactions t ON t.workspace_id = e.workspace_id AND t.id = e.transaction_id
              WHERE e.workspace_id = a.workspace_id AND e.contact_id = a.contact_id AND t.kind = 'merge')
  AND NOT EXISTS (SELECT FROM loyalty_lots l WHERE l.workspace_id = a.workspace_id AND l.contact_id = a.contact_id);
RESET ROLE;

CREATE INDEX loyalty_accounts_balance ON loyalty_accounts (workspace_id, balance, contact_id) WHERE changed_at IS NOT NULL;
CREATE INDEX loyalty_accounts_lifetime ON loyalty_accounts (workspace_id, lifetime, contact_id) WHERE changed_at IS NOT NULL;
CREATE INDEX loyalty_accounts_changed ON loyalty_accounts (workspace_id, changed_at, contact_id) WHERE changed_at IS NOT NULL;

CREATE OR REPLACE FUNCTION loyalty_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE loyalty_accounts a
    SET balance = a.balance + NEW.points,
        -- What only takes points away is never the first entry of an account. So NULL means that the contact is gone.
        changed_at = CASE WHEN a.changed_at IS NULL AND t.kind IN ('expiry', 'refund') THEN NULL ELSE t.created_at END,
        lifetime = a.lifetime + CASE WHEN t.kind IN ('order', 'visit', 'birthday', 'refund') THEN NEW.points ELSE 0 END
    FROM loyalty_transactions t
    WHERE t.workspace_id = NEW.workspace_id AND t.id = NEW.transaction_id
      AND a.workspace_id = NEW.workspace_id AND a.contact_id = NEW.contact_id
    RETURNING a.balance INTO NEW.balance;
    RETURN NEW;
END $$;

-- Open pages are told of points and of feedback.
SELECT tells_live('feedback', 'feedback', 'fbk_');
CREATE FUNCTION tell_live_points() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (workspace_id, kind, data) VALUES (NEW.workspace_id, 'points.changed',
        jsonb_build_object('contact_id', shown_id('ctc_', NEW.contact_id)));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_live AFTER UPDATE OF balance ON loyalty_accounts FOR EACH ROW WHEN (OLD.balance <> NEW.balance)
    EXECUTE FUNCTION tell_live_points();
CREATE TRIGGER tell_live AFTER UPDATE OF used_at ON loyalty_redemptions FOR EACH ROW EXECUTE FUNCTION tell_live_points();
