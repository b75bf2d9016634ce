-- 0304 marked messages that were charged before it, as the login. Row-level security binds the tables' owner, so a login
-- that does not inherit the rights of its roles marked none, and such a message was charged once more. Marks those that
-- still wait.
DO $$
DECLARE
    landed timestamptz;
BEGIN
    -- Absent where a script runs the files by itself: then there are no messages.
    IF to_regclass('_sqlx_migrations') IS NULL THEN
        RETURN;
    END IF;
    EXECUTE 'SELECT installed_on FROM _sqlx_migrations WHERE version = 304' INTO landed;
    SET LOCAL ROLE kazi_platform;
    UPDATE messages SET charged = true
    WHERE direction = 'out' AND cause IN ('campaign', 'reminder', 'news') AND accepted_at IS NULL AND tries > 0
      AND NOT charged AND created_at < landed;
    RESET ROLE;
END $$;
