-- A file with an address that providers and phones read for a long time: until the address ends, the file's age does not delete it.
ALTER TABLE media ADD COLUMN published_at timestamptz;
