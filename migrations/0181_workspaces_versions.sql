-- Versions of what several people may change. An ETag is made of the version and not of a time: two changes may happen at one
-- time, and a clock may go back.
CREATE FUNCTION next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;

-- To be called for each table whose rows are answered with an ETag. A statement that names updated_at counts as a change,
-- whatever time it writes. Other statements do not count: a sale takes from a product's stock, and nobody edits the stock.
CREATE FUNCTION counts_changes(counted regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ADD COLUMN IF NOT EXISTS version bigint NOT NULL DEFAULT 1', counted);
    EXECUTE format('CREATE TRIGGER next_version BEFORE UPDATE OF updated_at ON %s
                    FOR EACH ROW EXECUTE FUNCTION next_version()', counted);
END $$;

SELECT counts_changes('workspaces');
SELECT counts_changes('channels');
SELECT counts_changes('categories');
SELECT counts_changes('products');
SELECT counts_changes('templates');
SELECT counts_changes('segments');
SELECT counts_changes('campaigns');
SELECT counts_changes('carts');
SELECT counts_changes('providers');
SELECT counts_changes('offerings');
SELECT counts_changes('bookings');
SELECT counts_changes('plans');
SELECT counts_changes('news_subscriptions');
SELECT counts_changes('news_articles');
SELECT counts_changes('social_accounts');
SELECT counts_changes('social_contents');
SELECT counts_changes('social_schedules');
-- Many statements change a contact. Its own trigger compares the fields that people edit; this one counts for its tags.
SELECT counts_changes('contacts');
