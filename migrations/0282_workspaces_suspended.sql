-- A suspended member may do nothing in the workspace until an admin takes the suspension back. NULL: not suspended.
ALTER TABLE members ADD COLUMN suspended_at timestamptz;
