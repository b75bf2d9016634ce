-- The hours of the business: what customers are told outside them, and how long customers wait within them.
ALTER TABLE conversations
    -- The end of the closed hours that the customer was told of: once is enough.
    ADD COLUMN told_closed_until      timestamptz,
    -- Since when a person is to answer. NULL: the bot answers.
    ADD COLUMN person_since           timestamptz,
    -- Open time of the business from then to the first answer of a member, and until the bot had the conversation again or it
    -- was closed. Both are of the last time that a person was to answer.
    ADD COLUMN first_response_seconds bigint,
    ADD COLUMN resolution_seconds     bigint;
