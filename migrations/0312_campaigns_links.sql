-- Tracked links of campaigns, their clicks, and what came of a campaign: orders, bookings, opt-outs.

ALTER TABLE campaigns
    -- So many days after it reached somebody, an order or a booking of theirs counts for it.
    ADD COLUMN conversion_days integer NOT NULL DEFAULT 7 CHECK (conversion_days BETWEEN 1 AND 90),
    -- The key of the links in test messages. NULL: there was no test.
    ADD COLUMN test_key bigint;
CREATE UNIQUE INDEX campaigns_test_key ON campaigns (test_key) WHERE test_key IS NOT NULL;

ALTER TABLE campaign_messages
    -- 64 random bits, of which the codes of the recipient's links are made. NULL: there is no tracked link.
    ADD COLUMN link_key bigint,
    -- When they wanted no more marketing after this message.
    ADD COLUMN opted_out_at timestamptz;
CREATE UNIQUE INDEX campaign_messages_link ON campaign_messages (link_key) WHERE link_key IS NOT NULL;

-- The clicks of a recipient on a link within a quarter of an hour. Time zones differ by quarters, so days can be made of it.
CREATE TABLE campaign_clicks (
    workspace_id uuid        NOT NULL,
    campaign_id  uuid        NOT NULL,
    contact_id   uuid        NOT NULL,
    -- The index of the variable that is the link.
    link         smallint    NOT NULL,
    slot         timestamptz NOT NULL,
    clicks       integer     NOT NULL,
    first_at     timestamptz NOT NULL,
    last_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, contact_id, link, slot),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts
);

-- An order or a booking that a campaign has brought. Each counts for one campaign.
CREATE TABLE campaign_conversions (
    workspace_id uuid        NOT NULL,
    -- ord_… or bkg_…
    subject      text        NOT NULL,
    campaign_id  uuid        NOT NULL,
    -- The recipient.
    contact_id   uuid        NOT NULL,
    -- What it is worth, in minor units. NULL: it has no price.
    minor        bigint,
    currency     text,
    -- When it was placed.
    at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, subject),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    CHECK ((minor IS NULL) = (currency IS NULL))
);
CREATE INDEX campaign_conversions_recipient ON campaign_conversions (workspace_id, campaign_id, contact_id);

SELECT belongs_to_workspace('campaign_clicks');
SELECT belongs_to_workspace('campaign_conversions');
