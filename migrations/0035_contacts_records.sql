-- Contacts as records: versions, search, tags, custom fields, merges, imports.
--
-- Both come with PostgreSQL (contrib) and are trusted: whoever may create in this database may create them.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['pg_trgm', 'btree_gin'] LOOP
        BEGIN
            EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I', wanted);
        EXCEPTION WHEN undefined_file OR feature_not_supported OR insufficient_privilege THEN
            RAISE EXCEPTION 'the extension % is needed to search contacts: install PostgreSQL''s contrib package, or have an administrator run CREATE EXTENSION % in this database (%)',
                wanted, wanted, SQLERRM;
        END;
    END LOOP;
END $$;

-- Text as it is searched and sorted: without case and accents. Accents first: in the locale C lower() knows ASCII alone.
CREATE FUNCTION searchable(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN lower(regexp_replace(normalize($1, NFD), '[\u0300-\u036f]', '', 'g'));

ALTER TABLE contacts
    -- Rises with each change of what a person edits: see the trigger below.
    ADD COLUMN version          bigint      NOT NULL DEFAULT 1,
    -- When they last wrote; else when they were made.
    ADD COLUMN last_activity_at timestamptz NOT NULL DEFAULT now(),
    -- The newest consent to marketing; NULL: they have never said.
    ADD COLUMN marketing        boolean,
    ADD COLUMN deleted_at       timestamptz,
    -- Since when nothing personal is left of them.
    ADD COLUMN erased_at        timestamptz,
    -- A duplicate, and who they really are: always somebody who is not merged. It keeps its phone, which leads there.
    ADD COLUMN merged_into      uuid,
    ADD COLUMN sort_name        text COLLATE "C" NOT NULL GENERATED ALWAYS AS (searchable(coalesce(name, ''))) STORED,
    -- A space before each word, so that the beginning of a word can be looked for.
    ADD COLUMN search           text NOT NULL GENERATED ALWAYS AS
        (' ' || searchable(coalesce(name, '')) || ' ' || coalesce(phone, '') || ' ' || coalesce(email, '')) STORED,
    ADD FOREIGN KEY (workspace_id, merged_into) REFERENCES contacts,
    ADD CHECK (merged_into IS NULL OR deleted_at IS NOT NULL);

UPDATE contacts c SET last_activity_at = created_at,
    marketing = (SELECT granted FROM consents o WHERE o.workspace_id = c.workspace_id AND o.contact_id = c.id
                 ORDER BY o.id DESC LIMIT 1);

CREATE FUNCTION contacts_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER contacts_changed BEFORE UPDATE ON contacts FOR EACH ROW
    WHEN ((OLD.name, OLD.phone, OLD.language, OLD.country, OLD.email, OLD.attributes, OLD.blocked_at, OLD.marketing,
           OLD.deleted_at, OLD.merged_into)
          IS DISTINCT FROM
          (NEW.name, NEW.phone, NEW.language, NEW.country, NEW.email, NEW.attributes, NEW.blocked_at, NEW.marketing,
           NEW.deleted_at, NEW.merged_into))
    EXECUTE FUNCTION contacts_changed();

-- One for each sort; ids sort by their time.
CREATE INDEX contacts_created ON contacts (workspace_id, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_name ON contacts (workspace_id, sort_name, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_activity ON contacts (workspace_id, last_activity_at, id) WHERE deleted_at IS NULL;
-- And for what few have.
CREATE INDEX contacts_blocked ON contacts (workspace_id, id) WHERE blocked_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX contacts_opted_out ON contacts (workspace_id, id) WHERE NOT marketing AND deleted_at IS NULL;
CREATE INDEX contacts_email ON contacts (workspace_id, email) WHERE email IS NOT NULL;
CREATE INDEX contacts_merged ON contacts (workspace_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX contacts_deleted ON contacts (deleted_at) WHERE deleted_at IS NOT NULL AND erased_at IS NULL;
CREATE INDEX contacts_words ON contacts
    USING gin (workspace_id, search gin_trgm_ops, attributes jsonb_path_ops, language);

-- What is listed, searched and filtered: see workspace_view().
SELECT workspace_view('contacts_search', 'contacts', '*', 'deleted_at IS NULL');

-- Tags by an id of their own, so that a name changes in one row.
CREATE TABLE contact_tags (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    -- Lower case, single spaces.
    name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name)
);
CREATE TABLE contact_taggings (
    workspace_id uuid NOT NULL,
    tag_id       uuid NOT NULL,
    contact_id   uuid NOT NULL,
    PRIMARY KEY (workspace_id, tag_id, contact_id),
    FOREIGN KEY (workspace_id, tag_id) REFERENCES contact_tags ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts
);
CREATE INDEX contact_taggings_contact ON contact_taggings (workspace_id, contact_id, tag_id);

-- What a workspace notes of its contacts beside what we know; the values stand in contacts.attributes.
CREATE TABLE contact_fields (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    key          text        NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    label        text        NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('text', 'number', 'date', 'boolean', 'choice')),
    choices      text[]      NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, key)
);

ALTER TABLE consents
    -- Where an operator has it from: "form of the fair in May".
    ADD COLUMN note     text,
    -- The user or key that wrote it down.
    ADD COLUMN actor_id uuid;

CREATE TABLE contact_imports (
    workspace_id uuid        NOT NULL REFERENCES workspaces,
    id           uuid        NOT NULL,
    file_name    text        NOT NULL,
    bytes        bigint      NOT NULL,
    -- Columns, country, what becomes of those who are there already, tags, consent.
    options      jsonb       NOT NULL,
    status       text        NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    -- Why it failed, for a person.
    error        text,
    -- Known once the file has been looked through.
    rows_total   bigint,
    -- How far it is; committed with the rows themselves, so that it goes on here.
    rows_done    bigint      NOT NULL DEFAULT 0,
    rows_created bigint      NOT NULL DEFAULT 0,
    rows_updated bigint      NOT NULL DEFAULT 0,
    rows_skipped bigint      NOT NULL DEFAULT 0,
    rows_bad     bigint      NOT NULL DEFAULT 0,
    actor_kind   text        NOT NULL,
    actor_id     uuid,
    created_at   timestamptz NOT NULL DEFAULT now(),
    started_at   timestamptz,
    finished_at  timestamptz,
    PRIMARY KEY (workspace_id, id)
);
-- The file until the import has ended, in pieces.
CREATE TABLE contact_import_chunks (
    workspace_id uuid    NOT NULL,
    import_id    uuid    NOT NULL,
    position     integer NOT NULL,
    data         bytea   NOT NULL,
    PRIMARY KEY (workspace_id, import_id, position),
    FOREIGN KEY (workspace_id, import_id) REFERENCES contact_imports ON DELETE CASCADE
);
ALTER TABLE contact_import_chunks ALTER COLUMN data SET STORAGE EXTERNAL;
-- Rows that were not imported: the first fault of each.
CREATE TABLE contact_import_faults (
    workspace_id uuid   NOT NULL,
    import_id    uuid   NOT NULL,
    line         bigint NOT NULL,
    -- As the file calls it; empty where the whole row is at fault.
    column_name  text   NOT NULL,
    code         text   NOT NULL,
    detail       text   NOT NULL,
    PRIMARY KEY (workspace_id, import_id, line),
    FOREIGN KEY (workspace_id, import_id) REFERENCES contact_imports ON DELETE CASCADE
);

SELECT belongs_to_workspace('contact_tags');
SELECT belongs_to_workspace('contact_taggings');
SELECT belongs_to_workspace('contact_fields');
SELECT belongs_to_workspace('contact_imports');
SELECT belongs_to_workspace('contact_import_chunks');
SELECT belongs_to_workspace('contact_import_faults');
