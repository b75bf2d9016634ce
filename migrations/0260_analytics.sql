-- Analytics: figures of each day, counted when things happen.
--
-- A statement that changes a big table appends its differences to figure_changes, in its own transaction: no two of them
-- wait for a common row, and none is counted that is rolled back. The program adds the differences to the other tables
-- (jobs/src/analytics/fold.rs), because the days are those of the workspace's time zone.
CREATE TABLE figure_changes (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    -- Cut to a quarter of an hour: every time zone's day begins at one.
    at           timestamptz NOT NULL,
    figure       text        NOT NULL,
    -- A currency, a cause or a purpose; empty for most figures.
    label        text        NOT NULL DEFAULT '',
    -- Whose figure it is, if it is counted for each: a contact, a product or an order.
    subject      uuid,
    count        bigint      NOT NULL DEFAULT 0,
    -- In minor units, or in millionths of a US dollar.
    amount       bigint      NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE figures_daily (
    workspace_id uuid   NOT NULL REFERENCES workspaces,
    day          date   NOT NULL,
    figure       text   NOT NULL,
    label        text   NOT NULL DEFAULT '',
    count        bigint NOT NULL,
    amount       bigint NOT NULL,
    PRIMARY KEY (workspace_id, day, figure, label)
);

-- What each subject came to in each day, week, month and year, so that the best one is found without a sum.
CREATE TABLE figure_subjects (
    workspace_id uuid   NOT NULL REFERENCES workspaces,
    figure       text   NOT NULL,
    period       text   NOT NULL CHECK (period IN ('day', 'week', 'month', 'year')),
    starts_on    date   NOT NULL,
    label        text   NOT NULL,
    subject      uuid   NOT NULL,
    count        bigint NOT NULL,
    amount       bigint NOT NULL,
    PRIMARY KEY (workspace_id, figure, period, starts_on, label, subject)
);
CREATE INDEX figure_subjects_best ON figure_subjects (workspace_id, figure, period, starts_on, label, amount DESC);
CREATE INDEX figure_subjects_subject ON figure_subjects (workspace_id, subject);

-- The last day on which a contact wrote: tells whether a contact is new in a day, a week, a month or a year.
CREATE TABLE active_contacts (
    workspace_id uuid NOT NULL REFERENCES workspaces,
    contact_id   uuid NOT NULL,
    last_day     date NOT NULL,
    PRIMARY KEY (workspace_id, contact_id)
);

SELECT belongs_to_workspace('figure_changes');
SELECT belongs_to_workspace('figures_daily');
SELECT belongs_to_workspace('figure_subjects');
SELECT belongs_to_workspace('active_contacts');

CREATE FUNCTION quarter(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN date_bin('15 minutes', at, 'epoch');

CREATE FUNCTION count_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_changes (workspace_id, at, figure, label, count)
    SELECT workspace_id, quarter(created_at), 'messages_' || direction, CASE direction WHEN 'out' THEN cause ELSE '' END, count(*)
    FROM rows_added GROUP BY 1, 2, 3, 4;
    INSERT INTO figure_changes (workspace_id, at, figure, subject, count)
    SELECT workspace_id, quarter(created_at), 'active', contact_id, count(*)
    FROM rows_added WHERE direction = 'in' GROUP BY 1, 2, 4;
    RETURN NULL;
END $$;
CREATE TRIGGER count_messages AFTER INSERT ON messages REFERENCING NEW TABLE AS rows_added
    FOR EACH STATEMENT EXECUTE FUNCTION count_messages();

-- For tables of which each new row counts one: its argument is the figure.
CREATE FUNCTION count_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_changes (workspace_id, at, figure, count)
    SELECT workspace_id, quarter(created_at), TG_ARGV[0], count(*) FROM rows_added GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE TRIGGER count_rows AFTER INSERT ON contacts REFERENCING NEW TABLE AS rows_added
    FOR EACH STATEMENT EXECUTE FUNCTION count_rows('contacts');
CREATE TRIGGER count_rows AFTER INSERT ON conversations REFERENCING NEW TABLE AS rows_added
    FOR EACH STATEMENT EXECUTE FUNCTION count_rows('conversations');
CREATE TRIGGER count_rows AFTER INSERT ON bookings REFERENCING NEW TABLE AS rows_added
    FOR EACH STATEMENT EXECUTE FUNCTION count_rows('bookings');

CREATE FUNCTION count_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_changes (workspace_id, at, figure, label, count, amount)
    SELECT workspace_id, quarter(created_at), 'orders', currency, count(*), sum(total_minor) FROM rows_added GROUP BY 1, 2, 4;
    RETURN NULL;
END $$;
CREATE TRIGGER count_orders AFTER INSERT ON orders REFERENCING NEW TABLE AS rows_added
    FOR EACH STATEMENT EXECUTE FUNCTION count_orders();

-- Sales count when they are paid. Until then an order may expire.
CREATE FUNCTION count_sales() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH sold AS (
        SELECT n.* FROM rows_after n JOIN rows_before b USING (workspace_id, id) WHERE b.paid_at IS NULL AND n.paid_at IS NOT NULL
    )
    INSERT INTO figure_changes (workspace_id, at, figure, label, subject, count, amount)
    SELECT workspace_id, quarter(paid_at), 'sold_order', currency, id, 1, total_minor FROM sold
    UNION ALL
    SELECT workspace_id, quarter(paid_at), 'sold_contact', currency, contact_id, 1, total_minor FROM sold
    UNION ALL
    SELECT s.workspace_id, quarter(s.paid_at), 'sold_product', s.currency, i.product_id, i.quantity, i.quantity * i.price_minor
    FROM sold s JOIN order_items i ON i.workspace_id = s.workspace_id AND i.order_id = s.id;
    RETURN NULL;
END $$;
CREATE TRIGGER count_sales AFTER UPDATE ON orders REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after
    FOR EACH STATEMENT EXECUTE FUNCTION count_sales();

-- Revenue is the money that came, less what went back, in the currency in which it came.
CREATE FUNCTION count_revenue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_changes (workspace_id, at, figure, label, count, amount)
    SELECT n.workspace_id, quarter(n.updated_at), 'revenue', coalesce(n.received_currency, n.currency),
           (n.received_minor > 0 AND b.received_minor = 0)::int,
           n.received_minor - n.refunded_minor - b.received_minor + b.refunded_minor
    FROM rows_after n JOIN rows_before b USING (workspace_id, id)
    WHERE n.received_minor <> b.received_minor OR n.refunded_minor <> b.refunded_minor;
    RETURN NULL;
END $$;
CREATE TRIGGER count_revenue AFTER UPDATE ON payments REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after
    FOR EACH STATEMENT EXECUTE FUNCTION count_revenue();

CREATE FUNCTION count_ai() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_changes (workspace_id, at, figure, label, count, amount)
    SELECT workspace_id, quarter(created_at), 'ai', purpose, count(*), sum(cost_micro) FROM rows_added GROUP BY 1, 2, 4;
    RETURN NULL;
END $$;
CREATE TRIGGER count_ai AFTER INSERT ON ai_calls REFERENCING NEW TABLE AS rows_added
    FOR EACH STATEMENT EXECUTE FUNCTION count_ai();

-- What was there before. Row-level security binds the tables' owner too.
SET LOCAL ROLE kazi_platform;
INSERT INTO figure_changes (workspace_id, at, figure, label, count)
SELECT workspace_id, quarter(created_at), 'messages_' || direction, CASE direction WHEN 'out' THEN cause ELSE '' END, count(*)
FROM messages GROUP BY 1, 2, 3, 4 ORDER BY 2;
INSERT INTO figure_changes (workspace_id, at, figure, subject, count)
SELECT workspace_id, quarter(created_at), 'active', contact_id, count(*)
FROM messages WHERE direction = 'in' GROUP BY 1, 2, 4 ORDER BY 2;
INSERT INTO figure_changes (workspace_id, at, figure, count)
SELECT workspace_id, quarter(created_at), 'contacts', count(*) FROM contacts GROUP BY 1, 2
UNION ALL SELECT workspace_id, quarter(created_at), 'conversations', count(*) FROM conversations GROUP BY 1, 2
UNION ALL SELECT workspace_id, quarter(created_at), 'bookings', count(*) FROM bookings GROUP BY 1, 2;
INSERT INTO figure_changes (workspace_id, at, figure, label, subject, count, amount)
SELECT workspace_id, quarter(created_at), 'orders', currency, NULL::uuid, count(*), sum(total_minor) FROM orders GROUP BY 1, 2, 4
UNION ALL SELECT workspace_id, quarter(paid_at), 'sold_order', currency, id, 1, total_minor FROM orders WHERE paid_at IS NOT NULL
UNION ALL SELECT workspace_id, quarter(paid_at), 'sold_contact', currency, contact_id, 1, total_minor
          FROM orders WHERE paid_at IS NOT NULL
UNION ALL SELECT s.workspace_id, quarter(s.paid_at), 'sold_product', s.currency, i.product_id, i.quantity, i.quantity * i.price_minor
          FROM orders s JOIN order_items i ON i.workspace_id = s.workspace_id AND i.order_id = s.id WHERE s.paid_at IS NOT NULL
UNION ALL SELECT workspace_id, quarter(coalesce(paid_at, updated_at)), 'revenue', coalesce(received_currency, currency), NULL, 1,
                 received_minor - refunded_minor FROM payments WHERE received_minor > 0
UNION ALL SELECT workspace_id, quarter(created_at), 'ai', purpose, NULL, count(*), sum(cost_micro)
          FROM ai_calls GROUP BY 1, 2, 4;
RESET ROLE;
