-- What automations look up often: the contacts of a revision, those who wait for a template, and those with an anniversary.

-- For the foreign key, and to find revisions that nobody has entered with.
CREATE INDEX enrolments_revision ON enrolments (workspace_id, automation_id, revision);
-- An active enrolment with a reason waits for a template, without a job.
CREATE INDEX enrolments_waiting ON enrolments (workspace_id, automation_id) WHERE status = 'active' AND reason IS NOT NULL;
-- Messages that needed no consent when they were queued: Meta may make their template one of marketing.
CREATE INDEX enrolment_steps_no_offer ON enrolment_steps (workspace_id, step_id)
    WHERE message_id IS NOT NULL AND NOT marketing;

-- The dates of custom fields, without their years: `birthday:05-31`.
CREATE FUNCTION days_of(jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY(SELECT key || ':' || substr(value, 6) FROM jsonb_each_text($1) WHERE value ~ '^\d{4}-\d{2}-\d{2}$');
CREATE INDEX contacts_days ON contacts USING gin (workspace_id, days_of(attributes)) WHERE deleted_at IS NULL;
