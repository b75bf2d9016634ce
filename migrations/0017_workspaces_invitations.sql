ALTER TABLE invitations
    -- In which the letter is written.
    ADD COLUMN language   text    NOT NULL DEFAULT 'en',
    -- Which letter it is: the token follows from it, so that the one before is dead.
    ADD COLUMN generation integer NOT NULL DEFAULT 0;
