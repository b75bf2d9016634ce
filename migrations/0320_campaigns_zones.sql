-- Campaigns that go out by the clock of each recipient.

ALTER TABLE campaigns
    ADD COLUMN send_in text NOT NULL DEFAULT 'workspace_zone'
        CHECK (send_in IN ('workspace_zone', 'recipient_zone', 'best_hour')),
    -- When the start time was set. Where the hour was over by then, it is that of the next day.
    ADD COLUMN zoned_from timestamptz;

ALTER TABLE campaign_messages
    -- The recipient's time zone (IANA), and the hour in which they read. NULL: the workspace's zone; the campaign's hour.
    ADD COLUMN zone text,
    ADD COLUMN hour smallint CHECK (hour BETWEEN 0 AND 23);
