-- What the platform's staff did, in all workspaces and none.
CREATE INDEX audit_log_staff ON audit_log (id) WHERE actor_kind = 'staff';
