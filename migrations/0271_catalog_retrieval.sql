-- Products are found by their letters too: see romanised().
ALTER TABLE product_texts ADD COLUMN letters text GENERATED ALWAYS AS (romanised(name || ' ' || description)) STORED;
DROP VIEW product_texts_search;
SELECT workspace_view('product_texts_search', 'product_texts',
                      'workspace_id, product_id, language, name, description, search, letters');
CREATE INDEX product_texts_letters ON product_texts USING gin (workspace_id, letters gin_trgm_ops);
