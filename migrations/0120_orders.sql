-- Orders: carts, what becomes of them when they are ordered, and how it gets to the customer.
CREATE TABLE carts (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    contact_id   uuid        NOT NULL,
    status       text        NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'ordered', 'abandoned')),
    -- Counts its changes: who orders says which state they have seen.
    version      bigint      NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts
);
CREATE UNIQUE INDEX carts_one_open ON carts (workspace_id, contact_id) WHERE status = 'open';
CREATE INDEX carts_of_contact ON carts (workspace_id, contact_id, id);
-- Of all workspaces: those that nobody has touched for long are given up.
CREATE INDEX carts_untouched ON carts (updated_at) WHERE status = 'open';

-- No price: what something costs is read when it is ordered.
CREATE TABLE cart_items (
    workspace_id uuid        NOT NULL,
    cart_id      uuid        NOT NULL,
    product_id   uuid        NOT NULL,
    quantity     integer     NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    added_at     timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, cart_id, product_id),
    FOREIGN KEY (workspace_id, cart_id) REFERENCES carts ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, product_id) REFERENCES products
);
CREATE INDEX cart_items_product ON cart_items (workspace_id, product_id);

-- The last number of each workspace. The row is locked until the order commits, so there are no gaps.
CREATE TABLE order_numbers (
    workspace_id uuid   PRIMARY KEY REFERENCES workspaces,
    last         bigint NOT NULL
);

CREATE TABLE orders (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    number       bigint      NOT NULL,
    contact_id   uuid        NOT NULL,
    -- The cart that it comes from: which is ordered once.
    cart_id      uuid,
    -- Where it was ordered, if in a chat: there the customer is told of it.
    channel_id   uuid,
    status       text        NOT NULL CHECK (status IN ('pending_payment', 'paid', 'fulfilled', 'shipped', 'delivered',
                                                        'cancelled', 'expired', 'refunded')),
    currency     text        NOT NULL,
    total_minor  bigint      NOT NULL CHECK (total_minor BETWEEN 1 AND 99999999),
    note         text        NOT NULL DEFAULT '',
    -- Until then it can be paid; the stock is held a little longer.
    expires_at   timestamptz NOT NULL,
    -- Where it is paid, once that is known.
    payment_url  text,
    -- Why the customer could not be told of the last change, if they could not.
    unreachable  text,
    paid_at      timestamptz,
    fulfilled_at timestamptz,
    shipped_at   timestamptz,
    delivered_at timestamptz,
    -- Cancelled, expired or refunded.
    ended_at     timestamptz,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    UNIQUE (workspace_id, cart_id),
    FOREIGN KEY (workspace_id, cart_id) REFERENCES carts,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels
);
CREATE INDEX orders_of_contact ON orders (workspace_id, contact_id, number);
CREATE INDEX orders_in_status ON orders (workspace_id, status, number);
-- Of all workspaces: those that were not paid in time.
CREATE INDEX orders_unpaid ON orders (expires_at) WHERE status = 'pending_payment';

-- What was ordered, as it was called and cost then.
CREATE TABLE order_items (
    workspace_id uuid     NOT NULL,
    order_id     uuid     NOT NULL,
    position     smallint NOT NULL,
    product_id   uuid     NOT NULL,
    sku          text     NOT NULL,
    name         text     NOT NULL,
    quantity     integer  NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    price_minor  bigint   NOT NULL CHECK (price_minor >= 0),
    PRIMARY KEY (workspace_id, order_id, position),
    FOREIGN KEY (workspace_id, order_id) REFERENCES orders ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, product_id) REFERENCES products
);
CREATE INDEX order_items_product ON order_items (workspace_id, product_id);

-- Parcels on their way.
CREATE TABLE shipments (
    workspace_id    uuid        NOT NULL,
    id              uuid        NOT NULL,
    order_id        uuid        NOT NULL,
    carrier         text,
    tracking_number text,
    tracking_url    text,
    shipped_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, order_id) REFERENCES orders ON DELETE CASCADE
);
CREATE INDEX shipments_of_order ON shipments (workspace_id, order_id, id);

SELECT belongs_to_workspace('carts');
SELECT belongs_to_workspace('cart_items');
SELECT belongs_to_workspace('order_numbers');
SELECT belongs_to_workspace('orders');
SELECT belongs_to_workspace('order_items');
SELECT belongs_to_workspace('shipments');
