-- Notifications by e-mail, at once or as a digest.
ALTER TABLE notification_preferences
    -- Whether and when the member gets a letter.
    ADD COLUMN email text NOT NULL DEFAULT 'never' CHECK (email IN ('never', 'at_once', 'digest'));

ALTER TABLE notifications
    -- Whether it is in the member's list. One that is not is for a letter alone.
    ADD COLUMN shown     boolean NOT NULL DEFAULT true,
    -- NULL: for the list alone.
    ADD COLUMN mail      text    CHECK (mail IN ('at_once', 'digest')),
    -- When its letter goes, together with all that is due by then.
    ADD COLUMN mail_due  timestamptz,
    -- The letter that it is in: the id of the notification whose job took it.
    ADD COLUMN letter    uuid,
    ADD COLUMN mailed_at timestamptz,
    ADD CONSTRAINT notifications_mail_due CHECK ((mail IS NULL) = (mail_due IS NULL));
CREATE INDEX notifications_mail ON notifications (workspace_id, user_id, mail, mail_due) WHERE mail IS NOT NULL;
