-- Passages are found by their words and by their letters. What was found is kept with the call of the model.
--
-- Text as its letters are compared: without case, accents and vowel marks, in Latin letters. pg_trgm sees letters and
-- digits of the database's locale alone, and in the locale C these are ASCII. Letters that people confuse become one.
-- The extension pg_trgm is there: the search of contacts needs it too (0035).
CREATE FUNCTION romanised(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN lower(translate(
        regexp_replace(normalize($1, NFD), '[\u0300-\u036f\u0640\u064b-\u065f\u0670\u093c\u094d]', '', 'g'),
        'ابتثجحخدذرزسشصضطظعغفقكلمنهةويىپچگکی٠١٢٣٤٥٦٧٨٩' ||
        'अआइईउऊऋएऐओऔऑािीुूृेैोौॉंँःकखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह०१२३४५६७८९' || 'ء',
        'abtsjhkdzrzsxsdtzegfqklmnhhwyypcgky0123456789' ||
        'aaiiuureeoooaiiuureeooonnhkkggnccjjnttddnttddnppbbmyrlvsssh0123456789'));

ALTER TABLE knowledge ADD COLUMN letters text GENERATED ALWAYS AS (romanised(title || ' ' || body)) STORED;
DROP VIEW knowledge_search;
SELECT workspace_view('knowledge_search', 'knowledge', 'workspace_id, id, language, title, body, search, letters');
CREATE INDEX knowledge_letters ON knowledge USING gin (workspace_id, letters gin_trgm_ops);

-- What the model got for a question, the best first. The text is a copy: a document may be replaced later.
CREATE TABLE ai_passages (
    workspace_id uuid     NOT NULL,
    call_id      uuid     NOT NULL,
    place        smallint NOT NULL,
    source       text     NOT NULL CHECK (source IN ('knowledge', 'product')),
    source_id    uuid     NOT NULL,
    text         text     NOT NULL,
    -- The places in the lists that were fused. NULL: not in this list.
    words_place  smallint,
    letters_place smallint,
    -- The share of the question's words that the passage has.
    covers       real     NOT NULL,
    score        real     NOT NULL,
    PRIMARY KEY (workspace_id, call_id, place),
    FOREIGN KEY (workspace_id, call_id) REFERENCES ai_calls ON DELETE CASCADE
);
SELECT belongs_to_workspace('ai_passages');
