-- Whether the provider reaches Kazi: the connection of a channel is finished when its first webhook has come.
ALTER TABLE channels
    -- When Meta last verified the webhook's address with the channel's own token.
    ADD COLUMN webhook_verified_at timestamptz,
    -- When the first webhook came that the channel's secret proves.
    ADD COLUMN first_event_at      timestamptz,
    -- WhatsApp: contacts to whom templates may go in 24 hours, in Meta's words: TIER_2K.
    ADD COLUMN messaging_limit     text;

-- Row-level security binds the tables' owner too.
SET LOCAL ROLE kazi_platform;
-- Kazi did not note it before. A channel with a conversation has been in use.
UPDATE channels c SET first_event_at = c.created_at
WHERE EXISTS (SELECT FROM conversations v WHERE v.workspace_id = c.workspace_id AND v.channel_id = c.id);
RESET ROLE;
