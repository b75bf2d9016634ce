-- How fast and how carefully a campaign goes out.

ALTER TABLE campaigns
    -- The throttle, the canary, the breaker and the frequency cap.
    ADD COLUMN delivery jsonb NOT NULL DEFAULT '{}',
    -- The throttle has given away all places before this time.
    ADD COLUMN paced_until timestamptz,
    -- When the last message of the canary had left, and when its failures were found to be few enough.
    ADD COLUMN canary_sent_at timestamptz,
    ADD COLUMN canary_passed_at timestamptz,
    -- The last start. Failures of messages that were queued before it do not trip the breaker again.
    ADD COLUMN resumed_at timestamptz,
    -- When the breaker last looked.
    ADD COLUMN watched_at timestamptz;
