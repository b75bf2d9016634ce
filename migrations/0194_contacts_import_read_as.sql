-- How Kazi reads the file: its kind, its encoding and delimiter, or its sheet.
ALTER TABLE contact_imports ADD COLUMN read_as text;
