-- Since then the person has another user id. The old one still leads to the contact, and nothing is sent to it.
ALTER TABLE contact_identities ADD COLUMN replaced_at timestamptz;
