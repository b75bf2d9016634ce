-- A/B/n tests of campaigns, with a holdout.

ALTER TABLE campaigns
    -- The arms, their shares, the metric and what follows. NULL: all get the content.
    ADD COLUMN experiment jsonb,
    -- When the last message of the test had left.
    ADD COLUMN test_sent_at timestamptz,
    -- When the wait was over and the arms were compared.
    ADD COLUMN evaluated_at timestamptz,
    ADD COLUMN decided_at timestamptz,
    ADD COLUMN decided_by text CHECK (decided_by IN ('difference', 'first_arm', 'last_arm', 'member')),
    -- The index of the arm that the others get.
    ADD COLUMN winner smallint,
    -- The arms that were stopped, by index, with the reason.
    ADD COLUMN stopped_arms jsonb NOT NULL DEFAULT '{}',
    ADD CHECK ((decided_at IS NULL) = (winner IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL));

ALTER TABLE campaign_messages
    -- The index of the arm. NULL: the contact gets the winner, or the campaign has no test. Of somebody whom the planning
    -- left out: the arm that cannot be filled.
    ADD COLUMN arm smallint,
    -- The language and the values for each arm. NULL: the contact is no recipient, or the campaign has no test.
    ADD COLUMN alternatives jsonb;
-- While those who get the winner wait, they do not stand in the way of those who get an arm.
CREATE INDEX campaign_messages_test ON campaign_messages (workspace_id, campaign_id, contact_id)
    WHERE state = 'planned' AND arm IS NOT NULL;

-- Each order and booking of somebody in the audience of a test, also of those who get nothing. Unlike campaign_conversions it
-- asks for no message, so the arms and the holdout are counted alike.
CREATE TABLE campaign_outcomes (
    workspace_id uuid        NOT NULL,
    campaign_id  uuid        NOT NULL,
    -- ord_… or bkg_…
    subject      text        NOT NULL,
    contact_id   uuid        NOT NULL,
    -- What it is worth, in minor units. NULL: it has no price.
    minor        bigint,
    currency     text,
    -- When it was placed.
    at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, subject),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts,
    CHECK ((minor IS NULL) = (currency IS NULL))
);
CREATE INDEX campaign_outcomes_subject ON campaign_outcomes (workspace_id, subject);
CREATE INDEX campaign_outcomes_contact ON campaign_outcomes (workspace_id, contact_id);

SELECT belongs_to_workspace('campaign_outcomes');
