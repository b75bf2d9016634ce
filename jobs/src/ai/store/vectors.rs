//! SQL of the vectors of knowledge, and of the setting for them.

use kazi_platform::WorkspaceId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Work,
    ai::embeddings::{Embeddings, Meaning},
};

pub(in crate::ai) async fn settings(work: &mut Work) -> Result<Option<Embeddings>, sqlx::Error> {
    sqlx::query_as!(
        Embeddings,
        "SELECT enabled, model, known_from FROM ai_embedders WHERE workspace_id = $1",
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub(in crate::ai) async fn set(work: &mut Work, new: &Embeddings) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO ai_embedders (workspace_id, enabled, model, known_from) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace_id) DO UPDATE SET enabled = $2, model = $3, known_from = $4",
        work.workspace().uuid(),
        new.enabled,
        new.model,
        new.known_from
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The number of pieces, and of those with a vector of the model.
pub(in crate::ai) async fn count(work: &mut Work, model: &str) -> Result<(i64, i64), sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT (SELECT count(*) FROM knowledge WHERE workspace_id = $1) AS "pieces!",
                  (SELECT count(*) FROM knowledge_vectors WHERE workspace_id = $1 AND model = $2) AS "embedded!""#,
        work.workspace().uuid(),
        model
    )
    .fetch_one(work.conn())
    .await?;
    Ok((row.pieces, row.embedded))
}

/// Of the oldest `most` pieces, the first `limit` that have no vector of the model, with their texts.
pub(in crate::ai) async fn missing(
    work: &mut Work,
    model: &str,
    most: i64,
    limit: i64,
) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT k.id AS "id!", k.title || ': ' || k.body AS "text!"
           FROM (SELECT id, title, body FROM knowledge WHERE workspace_id = $1 ORDER BY id LIMIT $3) AS k
           WHERE NOT EXISTS (SELECT FROM knowledge_vectors v
                             WHERE v.workspace_id = $1 AND v.knowledge_id = k.id AND v.model = $2)
           ORDER BY k.id LIMIT $4"#,
        work.workspace().uuid(),
        model,
        most,
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.text)).collect())
}

/// Stores the vectors of those pieces that are still there.
pub(in crate::ai) async fn keep(
    work: &mut Work,
    model: &str,
    pieces: Vec<Uuid>,
    vectors: &[Vec<f32>],
) -> Result<(), sqlx::Error> {
    for (piece, vector) in pieces.into_iter().zip(vectors) {
        sqlx::query!(
            "INSERT INTO knowledge_vectors (workspace_id, knowledge_id, model, vector)
             SELECT $1, id, $3, $4 FROM knowledge WHERE workspace_id = $1 AND id = $2 FOR KEY SHARE
             ON CONFLICT (workspace_id, knowledge_id) DO UPDATE SET model = $3, vector = $4",
            work.workspace().uuid(),
            piece,
            model,
            vector
        )
        .execute(work.conn())
        .await?;
    }
    Ok(())
}

/// The workspaces that want vectors and miss some.
pub(in crate::ai) async fn unfinished(
    tx: &mut PgConnection,
    most: i64,
) -> Result<Vec<WorkspaceId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT e.workspace_id AS "id: WorkspaceId" FROM ai_embedders e
           WHERE e.enabled
             AND (SELECT count(*) FROM knowledge_vectors v WHERE v.workspace_id = e.workspace_id AND v.model = e.model)
               < least($1, (SELECT count(*) FROM knowledge k WHERE k.workspace_id = e.workspace_id))"#,
        most
    )
    .fetch_all(tx)
    .await
}

/// A passage whose meaning is near.
pub(in crate::ai) struct Near {
    pub id: Uuid,
    pub text: String,
    pub nearness: f32,
}

/// Compares all pieces in a language and in the workspace's with a question, and returns the nearest first.
pub(in crate::ai) async fn near(
    work: &mut Work,
    meaning: &Meaning,
    languages: [&str; 2],
    least: f32,
    limit: i64,
) -> Result<Vec<Near>, sqlx::Error> {
    // A model may change the size of its vectors, and those of other sizes cannot be compared.
    sqlx::query_as!(
        Near,
        r#"SELECT n.id AS "id!", n.text AS "text!", n.nearness AS "nearness!"
           FROM (SELECT k.id, k.title || ': ' || k.body AS text,
                        CASE WHEN cardinality(v.vector) = cardinality($3::real[]) THEN nearness(v.vector, $3) END AS nearness
                 FROM knowledge_vectors v JOIN knowledge k ON k.workspace_id = $1 AND k.id = v.knowledge_id
                 WHERE v.workspace_id = $1 AND v.model = $2 AND k.language IN ($4, $5)) AS n
           WHERE n.nearness >= $6 ORDER BY n.nearness DESC, n.id LIMIT $7"#,
        work.workspace().uuid(),
        meaning.model,
        &meaning.vector,
        languages[0],
        languages[1],
        least,
        limit
    )
    .fetch_all(work.conn())
    .await
}
