//! SQL of the passages that fit a question, and of those that a call was given.

use uuid::Uuid;

use crate::{
    Work,
    ai::{
        AiCallId,
        retrieve::{Passage, Source},
    },
    catalog::Likeness,
    locale::search_config,
};

/// Sets how much of a word's letters must be the same, until the transaction ends.
pub(in crate::ai) async fn compare_letters(
    work: &mut Work,
    share: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "SELECT set_config('pg_trgm.strict_word_similarity_threshold', $1, true)",
        share
    )
    .fetch_one(work.conn())
    .await?;
    Ok(())
}

/// Keeps the words that are no stop words of the language.
pub(in crate::ai) async fn telling_words(
    work: &mut Work,
    words: &[String],
    language: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT w.word AS "word!" FROM unnest($1::text[]) WITH ORDINALITY AS w(word, place)
           WHERE length(to_tsvector($2::text::regconfig, w.word)) > 0 ORDER BY w.place"#,
        words,
        search_config(language)
    )
    .fetch_all(work.conn())
    .await
}

/// A passage of a document, and how it is like the question.
pub(in crate::ai) struct Found {
    pub id: Uuid,
    pub text: String,
    pub likeness: Likeness,
}

/// Finds the passages that have words of a question, or words with almost the same letters: the first `limit` by words
/// and the first `limit` by letters, in a language and in the workspace's.
pub(in crate::ai) async fn alike(
    work: &mut Work,
    words: &[String],
    language: &str,
    fallback: &str,
    limit: i64,
) -> Result<Vec<Found>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH asked AS (
               SELECT l.language, w.place, romanised(w.word) AS letters,
                      (SELECT string_agg(quote_literal(lexeme) || CASE WHEN length(lexeme) >= 4 THEN ':*' ELSE '' END, ' | ')
                       FROM unnest(to_tsvector(l.config::regconfig, w.word)))::tsquery AS query
               FROM unnest($2::text[]) WITH ORDINALITY AS w(word, place),
                    (SELECT DISTINCT * FROM (VALUES ($3::text, $4::text), ($5::text, $6::text)) AS v) AS l(language, config)
           ), hits AS (
               SELECT k.id, a.place, ts_rank_cd(k.search, a.query, 1) AS rank, 1::real AS degree
               FROM asked a JOIN knowledge_search k ON k.language = a.language AND k.search @@ a.query
               WHERE k.workspace_id = $1
               UNION ALL
               SELECT k.id, a.place, NULL, strict_word_similarity(a.letters, k.letters)
               FROM asked a JOIN knowledge_search k ON k.language = a.language AND k.letters %>> a.letters
               WHERE k.workspace_id = $1 AND length(a.letters) >= 4
           ), words AS (
               SELECT id, place, max(rank) AS rank, max(degree) FILTER (WHERE rank IS NULL) AS likeness,
                      max(degree) AS degree, count(*) OVER (PARTITION BY place) AS spread
               FROM hits GROUP BY id, place
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
           SELECT k.id AS "id!", k.title AS "title!", k.body AS "body!", n.words AS "words!", n.letters AS "letters!",
                  n.places AS "places!", n.degrees AS "degrees!", n.spreads AS "spreads!"
           FROM near n JOIN knowledge k ON k.workspace_id = $1 AND k.id = n.id
           WHERE n.by_words <= $7 OR n.by_letters <= $7 ORDER BY k.id"#,
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
        .map(|row| Found {
            id: row.id,
            text: format!("{}: {}", row.title, row.body),
            likeness: Likeness {
                words: row.words,
                letters: row.letters,
                places: row.places,
                degrees: row.degrees,
                spreads: row.spreads,
            },
        })
        .collect())
}

/// Stores what a call was given.
pub(in crate::ai) async fn insert(
    work: &mut Work,
    call: AiCallId,
    passages: &[Passage],
) -> Result<(), sqlx::Error> {
    for (passage, place) in passages.iter().zip(1_i16..) {
        sqlx::query!(
            "INSERT INTO ai_passages (workspace_id, call_id, place, source, source_id, text, words_place, letters_place,
                                      meaning_place, nearness, covers, score)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            work.workspace().uuid(),
            call.uuid(),
            place,
            passage.source.name(),
            passage.source_id,
            passage.text,
            passage.words_place,
            passage.letters_place,
            passage.meaning_place,
            passage.nearness,
            passage.covers,
            passage.score
        )
        .execute(work.conn())
        .await?;
    }
    Ok(())
}

/// What a call was given, the best first.
pub(in crate::ai) async fn of_call(
    work: &mut Work,
    call: AiCallId,
) -> Result<Vec<Passage>, sqlx::Error> {
    sqlx::query_as!(
        Passage,
        r#"SELECT source AS "source: Source", source_id, text, words_place, letters_place, meaning_place, nearness,
                  covers, score
           FROM ai_passages WHERE workspace_id = $1 AND call_id = $2 ORDER BY place"#,
        work.workspace().uuid(),
        call.uuid()
    )
    .fetch_all(work.conn())
    .await
}
