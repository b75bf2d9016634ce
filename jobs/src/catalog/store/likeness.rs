//! Products that are like a question, by its words and by their letters.

use kazi_platform::Money;

use crate::{
    Work,
    catalog::{Likeness, Product, ProductId},
    locale::search_config,
};

/// Finds the active products that have words of a question, or words with almost the same letters: the first `limit` by
/// words and the first `limit` by letters. The texts are in a language, or else in the workspace's.
///
/// How much of a word's letters must be the same is pg_trgm's own setting of this transaction.
pub async fn alike(
    work: &mut Work,
    words: &[String],
    language: &str,
    fallback: &str,
    limit: i64,
) -> Result<Vec<(Product, Likeness)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH asked AS (
               SELECT l.language, w.place, romanised(w.word) AS letters,
                      (SELECT string_agg(quote_literal(lexeme) || CASE WHEN length(lexeme) >= 4 THEN ':*' ELSE '' END, ' | ')
                       FROM unnest(to_tsvector(l.config::regconfig, w.word)))::tsquery AS query
               FROM unnest($2::text[]) WITH ORDINALITY AS w(word, place),
                    (SELECT DISTINCT * FROM (VALUES ($3::text, $4::text), ($5::text, $6::text)) AS v) AS l(language, config)
           ), hits AS (
               SELECT t.product_id, a.place, ts_rank_cd(t.search, a.query, 1) AS rank, 1::real AS degree
               FROM asked a JOIN product_texts_search t ON t.language = a.language AND t.search @@ a.query
               WHERE t.workspace_id = $1
               UNION ALL
               SELECT t.product_id, a.place, NULL, strict_word_similarity(a.letters, t.letters)
               FROM asked a JOIN product_texts_search t ON t.language = a.language AND t.letters %>> a.letters
               WHERE t.workspace_id = $1 AND length(a.letters) >= 4
           ), words AS (
               SELECT p.id, h.place, max(h.rank) AS rank, max(h.degree) FILTER (WHERE h.rank IS NULL) AS likeness,
                      max(h.degree) AS degree, count(*) OVER (PARTITION BY h.place) AS spread
               FROM hits h JOIN products p ON p.workspace_id = $1 AND p.id = h.product_id
               WHERE p.active GROUP BY p.id, h.place
           ), found AS (
               SELECT id, coalesce(sum(rank / (1 + ln(spread))), 0)::real AS words,
                      coalesce(sum(likeness / (1 + ln(spread))), 0)::real AS letters,
                      array_agg(place) AS places, array_agg(degree) AS degrees, array_agg(spread) AS spreads
               FROM words GROUP BY id
           ), near AS (
               SELECT *, row_number() OVER (ORDER BY words DESC, id) AS by_words,
                      row_number() OVER (ORDER BY letters DESC, id) AS by_letters
               FROM found
           )
           SELECT p.id AS "id: ProductId", p.sku, t.name AS "name!", t.description AS "description!", p.price_minor, p.currency,
                  p.image_url, p.stock, n.words AS "words!", n.letters AS "letters!", n.places AS "places!",
                  n.degrees AS "degrees!", n.spreads AS "spreads!"
           FROM near n JOIN products p ON p.workspace_id = $1 AND p.id = n.id
           CROSS JOIN LATERAL (SELECT name, description FROM product_texts_search s
                               WHERE s.workspace_id = $1 AND s.product_id = n.id AND s.language IN ($3, $5)
                               ORDER BY s.language <> $3 LIMIT 1) AS t
           WHERE n.by_words <= $7 OR n.by_letters <= $7 ORDER BY p.id"#,
        work.workspace().uuid(),
        words,
        language,
        search_config(language),
        fallback,
        search_config(fallback),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let price = Money {
                minor: row.price_minor,
                currency: row.currency.parse().ok()?,
            };
            let product = Product {
                id: row.id,
                sku: row.sku,
                name: row.name,
                description: row.description,
                price,
                image_url: row.image_url,
                stock: row.stock,
            };
            let likeness = Likeness {
                words: row.words,
                letters: row.letters,
                places: row.places,
                degrees: row.degrees,
                spreads: row.spreads,
            };
            Some((product, likeness))
        })
        .collect())
}
