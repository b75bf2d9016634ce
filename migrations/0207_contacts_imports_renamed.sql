-- Contacts who got another name by the import.
ALTER TABLE contact_imports ADD COLUMN rows_renamed bigint NOT NULL DEFAULT 0;
