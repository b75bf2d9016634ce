-- Catalogue: what a workspace offers.
CREATE TABLE services (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    -- What a tap on it means to the bot: shop, hours, agent …
    key          text        NOT NULL,
    -- Language to text.
    titles       jsonb       NOT NULL,
    descriptions jsonb       NOT NULL DEFAULT '{}',
    sort_order   integer     NOT NULL DEFAULT 0,
    active       boolean     NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, key)
);

CREATE TABLE categories (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    slug         text        NOT NULL,
    titles       jsonb       NOT NULL,
    sort_order   integer     NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, slug)
);

CREATE TABLE products (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    category_id  uuid,
    sku          text        NOT NULL,
    price_minor  bigint      NOT NULL CHECK (price_minor >= 0),
    currency     text        NOT NULL,
    image_url    text,
    stock        integer     NOT NULL DEFAULT 0 CHECK (stock >= 0),
    active       boolean     NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, sku),
    FOREIGN KEY (workspace_id, category_id) REFERENCES categories
);

-- A product's words in each language, with their own search configuration.
CREATE TABLE product_texts (
    workspace_id uuid      NOT NULL,
    product_id   uuid      NOT NULL,
    language     text      NOT NULL,
    config       regconfig NOT NULL,
    name         text      NOT NULL,
    description  text      NOT NULL DEFAULT '',
    search       tsvector  GENERATED ALWAYS AS
        (setweight(to_tsvector(config, name), 'A') || setweight(to_tsvector(config, description), 'B')) STORED,
    PRIMARY KEY (workspace_id, product_id, language),
    FOREIGN KEY (workspace_id, product_id) REFERENCES products ON DELETE CASCADE
);
CREATE INDEX product_texts_search ON product_texts USING gin (search);

SELECT belongs_to_workspace('services');
SELECT belongs_to_workspace('categories');
SELECT belongs_to_workspace('products');
SELECT belongs_to_workspace('product_texts');
