-- Searching under row-level security.
--
-- What a policy hides must not leak through an operator's error either, so the planner tries only leakproof operators
-- before the policy. Those of full-text and trigram search are not, and their indexes would never be used. A view is
-- under its owner's policies: kazi_platform's hides nothing, and the view itself names the workspace. Without one it is
-- empty, as the table is. A condition may leave out rows that are never searched.
CREATE FUNCTION workspace_view(name text, tenant regclass, columns text, condition text DEFAULT NULL)
    RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE VIEW %I AS SELECT %s FROM %s WHERE workspace_id = current_workspace()', name, columns, tenant)
            || coalesce(' AND ' || condition, '');
    -- For reading alone: a view as simple as this one could be written through.
    EXECUTE format('REVOKE ALL ON %I FROM kazi_app, kazi_platform', name);
    EXECUTE format('GRANT SELECT ON %I TO kazi_app', name);
    -- Who is to own a view must be allowed to make one.
    GRANT CREATE ON SCHEMA public TO kazi_platform;
    EXECUTE format('ALTER VIEW %I OWNER TO kazi_platform', name);
    REVOKE CREATE ON SCHEMA public FROM kazi_platform;
END $$;

-- So that an index of words begins with the workspace too.
CREATE EXTENSION IF NOT EXISTS btree_gin;
