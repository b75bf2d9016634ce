//! SQL of the knowledge's documents.

use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::{
    Work,
    ai::{
        chunk::Piece,
        documents::{
            Document, DocumentId, DocumentSource, DocumentState, DocumentText, Format,
            KnowledgePassage, PassageId, sha256,
        },
    },
    locale::search_config,
};

/// Words of a search. Each one is a look at an index.
const WORDS: usize = 20;

/// The documents, newest first, after the given one.
pub async fn documents(
    work: &mut Work,
    after: Option<DocumentId>,
    limit: i64,
) -> Result<Vec<Document>, sqlx::Error> {
    sqlx::query_as!(
        Document,
        r#"SELECT d.id AS "id: DocumentId", d.title, d.language, d.format AS "format: Format",
                  d.source AS "source: DocumentSource", d.address, d.fetched_at, d.state AS "state: DocumentState", d.failure,
                  d.body_sha256, d.created_at, d.updated_at, d.version,
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

/// The passages that have all words of a text, anywhere in their title or body, newest first. Case, accents and vowel marks
/// do not count. Without a text, all passages.
pub async fn passages(
    work: &mut Work,
    text: &str,
    document: Option<DocumentId>,
    before: Option<PassageId>,
    limit: i64,
) -> Result<Vec<KnowledgePassage>, sqlx::Error> {
    // Found first and sorted then. Otherwise the planner may walk the passages from the newest on, until it has enough.
    let mut sql = QueryBuilder::new(
        "WITH found AS MATERIALIZED (SELECT k.id FROM knowledge_search k WHERE k.workspace_id = ",
    );
    sql.push_bind(work.workspace().uuid());
    for word in text.split_whitespace().take(WORDS) {
        let escaped = word
            .replace('\\', r"\\")
            .replace('%', r"\%")
            .replace('_', r"\_");
        sql.push(" AND k.letters LIKE '%' || romanised(")
            .push_bind(escaped)
            .push(") || '%'");
    }
    if let Some(before) = before {
        sql.push(" AND k.id < ").push_bind(before.uuid());
    }
    sql.push(
        ") SELECT k.id, k.document_id, d.title AS document_title, k.title, k.body AS text, k.language
           FROM found JOIN knowledge k ON k.id = found.id
           JOIN knowledge_documents d ON d.workspace_id = k.workspace_id AND d.id = k.document_id
           WHERE k.workspace_id = ",
    )
    .push_bind(work.workspace().uuid());
    if let Some(document) = document {
        sql.push(" AND k.document_id = ").push_bind(document.uuid());
    }
    sql.push(" ORDER BY k.id DESC LIMIT ").push_bind(limit);
    let query = sql.build_query_as().persistent(false);
    query.fetch_all(work.conn()).await
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
    let found = find_document(work, id).await?;
    found.ok_or(sqlx::Error::RowNotFound)
}

pub(in crate::ai) async fn find_document(
    work: &mut Work,
    id: DocumentId,
) -> Result<Option<Document>, sqlx::Error> {
    sqlx::query_as!(
        Document,
        r#"SELECT id AS "id: DocumentId", title, language, format AS "format: Format", source AS "source: DocumentSource", address,
                  fetched_at, state AS "state: DocumentState", failure, body_sha256, created_at, updated_at, version,
                  (SELECT count(*) FROM knowledge k WHERE k.workspace_id = $1 AND k.document_id = $2) AS "pieces!"
           FROM knowledge_documents WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// A document as it is written.
pub(in crate::ai) struct Row<'a> {
    pub title: &'a str,
    pub language: &'a str,
    pub format: Format,
    pub body: &'a str,
    pub source: DocumentSource,
    pub address: Option<&'a str>,
    pub state: DocumentState,
}

pub(in crate::ai) async fn insert(
    work: &mut Work,
    id: DocumentId,
    row: &Row<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO knowledge_documents (workspace_id, id, title, language, format, body, body_sha256, source, address, state,
                                          created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        work.workspace().uuid(),
        id.uuid(),
        row.title,
        row.language,
        row.format.name(),
        row.body,
        sha256(row.body),
        row.source.name(),
        row.address,
        row.state.name(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Replaces everything of a document.
pub(in crate::ai) async fn update(
    work: &mut Work,
    id: DocumentId,
    row: &Row<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE knowledge_documents
         SET title = $3, language = $4, format = $5, body = $6, body_sha256 = $7, source = $8, address = $9, state = $10,
             fetched_at = NULL, failure = NULL, updated_at = $11
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        row.title,
        row.language,
        row.format.name(),
        row.body,
        sha256(row.body),
        row.source.name(),
        row.address,
        row.state.name(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Marks a page as being read.
pub(in crate::ai) async fn fetching(work: &mut Work, id: DocumentId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE knowledge_documents SET state = 'fetching', failure = NULL, updated_at = $3
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Replaces the text by that of the page.
pub(in crate::ai) async fn fetched(
    work: &mut Work,
    id: DocumentId,
    format: Format,
    body: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE knowledge_documents
         SET format = $3, body = $4, body_sha256 = $5, state = 'ready', failure = NULL, fetched_at = $6, updated_at = $6
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        format.name(),
        body,
        sha256(body),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Says why the page at an address could not be read, if the document is still of this page.
pub(in crate::ai) async fn failed(
    work: &mut Work,
    id: DocumentId,
    address: &str,
    reason: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE knowledge_documents SET state = 'failed', failure = $4, updated_at = $5
         WHERE workspace_id = $1 AND id = $2 AND address = $3 AND state = 'fetching'",
        work.workspace().uuid(),
        id.uuid(),
        address,
        reason,
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
