-- At the log-in a person says whether this device remembers them. A session of a device that does not ends at this time,
-- however often it is used. NULL: it lasts for as long as it is used.
ALTER TABLE sessions ADD COLUMN ends_at timestamptz;

-- What the person said waits for the second factor.
ALTER TABLE login_challenges ADD COLUMN remember boolean NOT NULL DEFAULT false;
