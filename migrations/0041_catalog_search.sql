-- The search in a workspace's products, by an index that row-level security lets be used: see workspace_view().
DROP INDEX product_texts_search;
SELECT workspace_view('product_texts_search', 'product_texts',
                      'workspace_id, product_id, language, name, description, search');
CREATE INDEX product_texts_words ON product_texts USING gin (workspace_id, search);
