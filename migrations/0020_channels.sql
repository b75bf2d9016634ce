-- Channels: the identities that a workspace sends with, and what comes in through them.
CREATE TABLE channels (
    workspace_id  uuid        NOT NULL REFERENCES workspaces,
    id            uuid        NOT NULL UNIQUE,
    kind          text        NOT NULL CHECK (kind IN ('whatsapp', 'greenapi', 'telegram', 'messenger', 'line')),
    name          text        NOT NULL,
    -- The phone number id, or the instance id.
    external_id   text        NOT NULL,
    -- The business account (WABA).
    account_id    text,
    display_phone text,
    -- Another address of the provider than the configured one.
    base_url      text,
    -- Sealed JSON: token, app_secret, verify_token, webhook_token.
    credentials   bytea       NOT NULL,
    status        text        NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'disabled')),
    status_reason text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    UNIQUE (kind, external_id)
);

-- Every webhook event as it came, by day. No workspace and no channel where none is known: kept aside for the operator.
-- The payload is json and not jsonb: what a provider sends may contain escapes that jsonb refuses.
CREATE TABLE webhook_events (
    id                uuid        NOT NULL,
    workspace_id      uuid,
    channel_id        uuid,
    provider          text        NOT NULL,
    -- message, status, other.
    kind              text        NOT NULL,
    -- The channel as the provider names it.
    external_id       text        NOT NULL,
    provider_event_id text        NOT NULL,
    trace             text        NOT NULL,
    payload           json        NOT NULL,
    received_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX webhook_events_unrouted ON webhook_events (id) WHERE channel_id IS NULL;

-- What has been seen, for as long as providers repeat themselves (Meta: 7 days). Apart from the events, since a unique
-- key over partitions would have to contain their day.
CREATE TABLE webhook_keys (
    provider    text        NOT NULL,
    key         text        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (provider, key)
);
CREATE INDEX webhook_keys_received ON webhook_keys USING brin (received_at);

SELECT belongs_to_workspace('channels');
SELECT belongs_to_workspace('webhook_events');
SELECT belongs_to_platform('webhook_keys');
