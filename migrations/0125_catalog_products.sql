-- Products are managed by people, who are told when one runs out.
ALTER TABLE products
    -- At this many or fewer members are told; null: nobody is.
    ADD COLUMN low_stock_at      integer CHECK (low_stock_at >= 0),
    -- When they were told; null again as soon as there are more.
    ADD COLUMN low_stock_told_at timestamptz,
    -- The row stays for the orders that name it.
    ADD COLUMN deleted_at        timestamptz;
-- The number of a deleted product can be given again.
ALTER TABLE products DROP CONSTRAINT products_workspace_id_sku_key;
CREATE UNIQUE INDEX products_sku ON products (workspace_id, sku) WHERE deleted_at IS NULL;
CREATE INDEX products_category ON products (workspace_id, category_id, id) WHERE deleted_at IS NULL;
