-- Planned in a workspace that pays with credits.
ALTER TABLE campaigns ADD COLUMN metered boolean NOT NULL DEFAULT false;
-- What the message costs, once its credits are reserved. They are reserved here while the recipient is planned, and with the
-- message then.
ALTER TABLE campaign_messages ADD COLUMN credits integer;
