-- Categories are edited by people: when one was changed tells whether somebody has seen its latest state.
ALTER TABLE categories
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX categories_order ON categories (workspace_id, sort_order, id);
