-- Messages, in and out, by month.
CREATE TABLE messages (
    workspace_id    uuid        NOT NULL,
    id              uuid        NOT NULL,
    conversation_id uuid        NOT NULL,
    contact_id      uuid        NOT NULL,
    channel_id      uuid        NOT NULL,
    -- How the channel names the contact: where it came from, or where it goes.
    peer            text        NOT NULL,
    direction       text        NOT NULL CHECK (direction IN ('in', 'out')),
    -- text, image, buttons, list, template …
    kind            text        NOT NULL,
    -- What a person would read.
    body            text        NOT NULL,
    -- Out: what is sent. In: what was tapped or attached.
    content         jsonb       NOT NULL,
    -- customer, bot, ai, agent, campaign, reminder, system.
    cause           text        NOT NULL,
    -- In: received. Out: queued, sending, accepted, sent, delivered, read, failed.
    status          text        NOT NULL,
    provider_id     text,
    error_code      bigint,
    error_detail    text,
    trace           text,
    created_at      timestamptz NOT NULL,
    -- Just before the request leaves: from then on it may have arrived.
    sending_at      timestamptz,
    accepted_at     timestamptz,
    sent_at         timestamptz,
    delivered_at    timestamptz,
    read_at         timestamptz,
    failed_at       timestamptz,
    -- How often the provider has refused it by webhook, after its answer.
    tries           smallint    NOT NULL DEFAULT 0,
    -- Queued again after such a refusal: not before this time.
    send_after      timestamptz,
    -- Failed, and a person must look: the job that is the dead letter, 0 while there is none. NULL: nobody must look.
    dead_letter     bigint,
    -- The id first: it is what the partitions are made of.
    PRIMARY KEY (id, workspace_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    FOREIGN KEY (workspace_id, channel_id) REFERENCES channels
) PARTITION BY RANGE (id);
CREATE INDEX messages_provider ON messages (channel_id, provider_id) WHERE provider_id IS NOT NULL;
-- Green API confirms a message whose answer was lost by its chat and its text alone.
CREATE INDEX messages_sending ON messages (channel_id, peer) WHERE status = 'sending';
CREATE INDEX messages_conversation ON messages (workspace_id, conversation_id, id);

SELECT belongs_to_workspace('messages');
