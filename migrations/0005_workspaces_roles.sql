-- Tenancy: who sees which rows.
--
-- The login that migrates owns the tables. The program works as one of two roles that own nothing and bypass nothing:
-- kazi_app sees the rows of the workspace that its transaction names in `kazi.workspace`, and none without it;
-- kazi_platform sees all, for what spans workspaces by its nature (routing a webhook, logging in, purging).
--
-- Roles belong to the server, not to a database: another database's migration may be making them at this moment.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['kazi_app', 'kazi_platform'] LOOP
        -- There already: another database's, or made by whoever does not let this login make roles.
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', role);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
        -- Becomes it where it is not yet able to; a superuser may be anybody as it is. The right is called SET from
        -- PostgreSQL 16 on, where who makes a role is a member of it without that right.
        IF NOT pg_has_role(role, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', role);
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA public, queue TO %I', role);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA queue TO %I', role);
        EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA queue TO %I', role);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public, queue
                        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', role);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public, queue GRANT USAGE, SELECT ON SEQUENCES TO %I', role);
    END LOOP;
END $$;

-- The workspace of this transaction; NULL when it names none.
CREATE FUNCTION current_workspace() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('kazi.workspace', true), '')::uuid;

-- Each migration calls this for each of its tables that belongs to a workspace, by its column workspace_id.
CREATE FUNCTION belongs_to_workspace(tenant regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', tenant);
    EXECUTE format('CREATE POLICY tenant ON %s TO kazi_app
                    USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', tenant);
    EXECUTE format('CREATE POLICY platform ON %s TO kazi_platform USING (true) WITH CHECK (true)', tenant);
END $$;

-- And this for each that belongs to no workspace: users, sessions, what came from outside and is not routed yet.
CREATE FUNCTION belongs_to_platform(shared regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', shared);
    EXECUTE format('CREATE POLICY platform ON %s TO kazi_platform USING (true) WITH CHECK (true)', shared);
END $$;
