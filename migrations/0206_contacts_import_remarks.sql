-- Rows that were imported with a remark: without one of their values, or as a second row of one phone.
ALTER TABLE contact_imports ADD COLUMN rows_remarked bigint NOT NULL DEFAULT 0;
ALTER TABLE contact_import_faults ADD COLUMN imported boolean NOT NULL DEFAULT false;
