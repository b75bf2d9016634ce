-- The message for whose credits an automation is paused: its price by the tariff says when it may go on.
ALTER TABLE automations
    ADD COLUMN unpaid_country  text,
    ADD COLUMN unpaid_category text;
