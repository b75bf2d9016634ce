-- Members edit the menu's items, so these have versions.
ALTER TABLE services ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
SELECT counts_changes('services');
CREATE INDEX services_order ON services (workspace_id, sort_order, key);
