-- Documents from files and from pages of the web.
ALTER TABLE knowledge_documents
    ADD COLUMN source     text NOT NULL DEFAULT 'text' CHECK (source IN ('text', 'pdf', 'web')),
    -- The address of a page, and the time at which it was read last.
    ADD COLUMN address    text,
    ADD COLUMN fetched_at timestamptz,
    ADD COLUMN state      text NOT NULL DEFAULT 'ready' CHECK (state IN ('fetching', 'ready', 'failed')),
    -- Why the page could not be read, for a person.
    ADD COLUMN failure    text,
    ADD CHECK ((source = 'web') = (address IS NOT NULL)),
    ADD CHECK ((state = 'failed') = (failure IS NOT NULL));
