//! SQL of the knowledge's documents.

use uuid::Uuid;

use crate::{
    Work,
    ai::{
        chunk::Piece,
        documents::{Document, DocumentId, DocumentText, Format, NewDocument},
    },
    locale::search_config,
};

/// The documents, newest first, after the given one.
pub async fn documents(
    work: &mut Work,
    after: Option<DocumentId>,
    limit: i64,
) -> Result<Vec<Document>, sqlx::Error> {
    sqlx::query_as!(
        Document,
        r#"SELECT d.id AS "id: DocumentId", d.title, d.language, d.format AS "format: Format", d.body_sha256,
                  d.created_at, d.updated_at, d.version,
                  (SELECT count(*) FROM knowledge k
                   WHERE k.workspace_id = d.workspace_id AND k.document_id = d.id) AS "pieces!"
           FROM knowledge_documents d
           WHERE d.workspace_id = $1 AND ($2::uuid IS NULL OR d.id < $2) ORDER BY d.id DESC LIMIT $3"#,
        work.workspace().uuid(),
        after.map(DocumentId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn document_text(
    work: &mut Work,
    id: DocumentId,
) -> Result<Option<DocumentText>, sqlx::Error> {
    let body = sqlx::query_scalar!(
        "SELECT body FROM knowledge_documents WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    let Some(body) = body else { return Ok(None) };
    let document = document(work, id).await?;
    Ok(Some(DocumentText { document, body }))
}

/// Locks the document until the transaction ends.
pub async fn lock_document(
    work: &mut Work,
    id: DocumentId,
) -> Result<Option<Document>, sqlx::Error> {
    let locked = sqlx::query!(
        "SELECT id FROM knowledge_documents WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    match locked {
        Some(_) => document(work, id).await.map(Some),
        None => Ok(None),
    }
}

pub(in crate::ai) async fn document(
    work: &mut Work,
    id: DocumentId,
) -> Result<Document, sqlx::Error> {
    sqlx::query_as!(
        Document,
        r#"SELECT id AS "id: DocumentId", title, language, format AS "format: Format", body_sha256, created_at, updated_at, version,
                  (SELECT count(*) FROM knowledge k WHERE k.workspace_id = $1 AND k.document_id = $2) AS "pieces!"
           FROM knowledge_documents WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::ai) async fn insert(
    work: &mut Work,
    id: DocumentId,
    new: &NewDocument,
    body_sha256: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO knowledge_documents (workspace_id, id, title, language, format, body, body_sha256, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        work.workspace().uuid(),
        id.uuid(),
        new.title.trim(),
        new.language,
        new.format.name(),
        new.body,
        body_sha256,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::ai) async fn update(
    work: &mut Work,
    id: DocumentId,
    new: &NewDocument,
    body_sha256: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE knowledge_documents SET title = $3, language = $4, format = $5, body = $6, body_sha256 = $7, updated_at = $8
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        new.title.trim(),
        new.language,
        new.format.name(),
        new.body,
        body_sha256,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::ai) async fn delete(work: &mut Work, id: DocumentId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM knowledge_documents WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::ai) async fn add_pieces(
    work: &mut Work,
    id: DocumentId,
    language: &str,
    pieces: &[Piece],
) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = pieces.iter().map(|_| Uuid::now_v7()).collect();
    let titles: Vec<String> = pieces.iter().map(|piece| piece.title.clone()).collect();
    let bodies: Vec<String> = pieces.iter().map(|piece| piece.body.clone()).collect();
    sqlx::query!(
        "INSERT INTO knowledge (workspace_id, id, document_id, language, config, title, body)
         SELECT $1, p.id, $2, $3, $4::text::regconfig, p.title, p.body
         FROM unnest($5::uuid[], $6::text[], $7::text[]) AS p(id, title, body)",
        work.workspace().uuid(),
        id.uuid(),
        language,
        search_config(language),
        &ids,
        &titles,
        &bodies
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::ai) async fn remove_pieces(
    work: &mut Work,
    id: DocumentId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM knowledge WHERE workspace_id = $1 AND document_id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
