-- Until then somebody of the business talks with the contact on their own phone, and the bot is silent.
ALTER TABLE conversations ADD COLUMN quiet_until timestamptz;
