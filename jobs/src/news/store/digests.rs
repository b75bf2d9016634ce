//! SQL of the digests, and of the articles that each contact got.

use chrono::NaiveDate;
use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::read;
use crate::{
    Work,
    contacts::ContactId,
    conversations::MessageId,
    news::{
        message::Item,
        model::{ArticleId, DigestId, DigestStatus, DigestView, Slot},
    },
};

/// A digest, for its job.
pub(in crate::news) struct Digest {
    pub id: DigestId,
    pub contact: ContactId,
    pub slot: Slot,
    pub due_at: Timestamp,
    pub article: Option<ArticleId>,
    pub status: DigestStatus,
    pub language: Option<String>,
    pub chosen_at: Option<Timestamp>,
}

pub(in crate::news) struct NewDigest {
    pub workspace: WorkspaceId,
    pub id: DigestId,
    pub contact: ContactId,
    pub slot: Slot,
    pub due_at: Timestamp,
    pub article: Option<ArticleId>,
}

/// Begins digests. Returns those that are new.
pub(in crate::news) async fn begin(
    conn: &mut PgConnection,
    new: &[NewDigest],
) -> Result<Vec<(WorkspaceId, DigestId)>, sqlx::Error> {
    let workspaces: Vec<Uuid> = new.iter().map(|new| new.workspace.uuid()).collect();
    let ids: Vec<Uuid> = new.iter().map(|new| new.id.uuid()).collect();
    let contacts: Vec<Uuid> = new.iter().map(|new| new.contact.uuid()).collect();
    let slots: Vec<String> = new.iter().map(|new| new.slot.name().to_owned()).collect();
    let times: Vec<Timestamp> = new.iter().map(|new| new.due_at).collect();
    let articles: Vec<Option<Uuid>> = new
        .iter()
        .map(|new| new.article.map(ArticleId::uuid))
        .collect();
    let rows = sqlx::query!(
        r#"INSERT INTO news_digests (workspace_id, id, contact_id, slot, due_at, article_id)
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::uuid[])
           ON CONFLICT DO NOTHING RETURNING workspace_id AS "workspace: WorkspaceId", id AS "id: DigestId""#,
        &workspaces,
        &ids,
        &contacts,
        &slots,
        &times,
        &articles as &[Option<Uuid>]
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.workspace, row.id))
        .collect())
}

/// Locks and reads a digest.
pub(in crate::news) async fn lock(
    work: &mut Work,
    id: DigestId,
) -> Result<Option<Digest>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT contact_id AS "contact: ContactId", slot, due_at, article_id AS "article: ArticleId", status, language, chosen_at
           FROM news_digests WHERE workspace_id = $1 AND id = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(|row| {
        Ok(Digest {
            id,
            contact: row.contact,
            slot: read(&row.slot)?,
            due_at: row.due_at,
            article: row.article,
            status: read(&row.status)?,
            language: row.language,
            chosen_at: row.chosen_at,
        })
    })
    .transpose()
}

/// Counts the articles that a reader got on a day without asking.
pub(in crate::news) async fn told_on(
    work: &mut Work,
    contact: ContactId,
    day: NaiveDate,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM news_deliveries WHERE workspace_id = $1 AND contact_id = $2 AND day = $3"#,
        work.workspace().uuid(),
        contact.uuid(),
        day
    )
    .fetch_one(work.conn())
    .await
}

/// The conditions for articles.
pub(in crate::news) struct Wanted<'a> {
    pub contact: ContactId,
    pub topics: &'a [String],
    pub published_after: Timestamp,
    pub published_until: Timestamp,
    /// Only this article.
    pub only: Option<ArticleId>,
    pub limit: i64,
}

/// Articles that a reader has not got, newest first.
pub(in crate::news) async fn unseen(
    work: &mut Work,
    wanted: &Wanted<'_>,
) -> Result<Vec<ArticleId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: ArticleId" FROM news_articles a
           WHERE workspace_id = $1 AND deleted_at IS NULL AND topics && $3 AND published_at > $4 AND published_at <= $5
             AND ($6::uuid IS NULL OR id = $6)
             AND NOT EXISTS (SELECT FROM news_deliveries d
                             WHERE d.workspace_id = $1 AND d.contact_id = $2 AND d.article_id = a.id)
           ORDER BY published_at DESC, id DESC LIMIT $7"#,
        work.workspace().uuid(),
        wanted.contact.uuid(),
        wanted.topics,
        wanted.published_after,
        wanted.published_until,
        wanted.only.map(ArticleId::uuid),
        wanted.limit
    )
    .fetch_all(work.conn())
    .await
}

/// Stores the articles of a digest, in their order. A key keeps an article from going to a reader twice.
pub(in crate::news) async fn deliver(
    work: &mut Work,
    digest: &Digest,
    articles: &[ArticleId],
    day: Option<NaiveDate>,
) -> Result<u64, sqlx::Error> {
    let ids: Vec<Uuid> = articles.iter().map(|id| id.uuid()).collect();
    let noted = sqlx::query!(
        "INSERT INTO news_deliveries (workspace_id, contact_id, article_id, digest_id, position, day)
         SELECT $1, $2, a.id, $3, a.position, $5 FROM unnest($4::uuid[]) WITH ORDINALITY AS a(id, position)
         ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        digest.contact.uuid(),
        digest.id.uuid(),
        &ids,
        day
    )
    .execute(work.conn())
    .await?;
    Ok(noted.rows_affected())
}

/// Makes articles of a digest unseen again, because it does not tell them.
pub(in crate::news) async fn release(
    work: &mut Work,
    digest: DigestId,
    articles: &[ArticleId],
) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = articles.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "DELETE FROM news_deliveries WHERE workspace_id = $1 AND digest_id = $2 AND article_id = ANY($3)",
        work.workspace().uuid(),
        digest.uuid(),
        &ids
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores that the articles of a digest are chosen.
pub(in crate::news) async fn choose(
    work: &mut Work,
    digest: DigestId,
    language: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE news_digests SET status = 'chosen', language = $3, chosen_at = $4, updated_at = $4
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        digest.uuid(),
        language,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The end of a digest.
pub(in crate::news) struct End<'a> {
    pub status: DigestStatus,
    pub reason: Option<&'a str>,
    pub message: Option<MessageId>,
    pub at: Timestamp,
}

/// Ends a digest.
pub(in crate::news) async fn end(
    work: &mut Work,
    digest: DigestId,
    end: &End<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE news_digests SET status = $3, reason = $4, message_id = $5, updated_at = $6
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        digest.uuid(),
        end.status.name(),
        end.reason,
        end.message.map(MessageId::uuid),
        end.at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// An article of a digest.
pub(in crate::news) struct Chosen {
    pub article: ArticleId,
    pub written_in: String,
    pub item: Item,
    /// The summary in the reader's language, if somebody asked for it.
    pub summary: Option<String>,
}

/// The articles of a digest, in order, with their summaries in a language.
pub(in crate::news) async fn chosen(
    work: &mut Work,
    digest: DigestId,
    language: &str,
) -> Result<Vec<Chosen>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT a.id AS "article: ArticleId", a.language, a.title, a.body, a.url,
                  s.text AS "text?", s.status AS "status?"
           FROM news_deliveries d
           JOIN news_articles a ON a.workspace_id = $1 AND a.id = d.article_id AND a.deleted_at IS NULL
           LEFT JOIN news_summaries s ON s.workspace_id = $1 AND s.article_id = a.id AND s.language = $3
           WHERE d.workspace_id = $1 AND d.digest_id = $2 ORDER BY d.position"#,
        work.workspace().uuid(),
        digest.uuid(),
        language
    )
    .fetch_all(work.conn())
    .await?;
    let chosen = rows.into_iter().map(|row| Chosen {
        article: row.article,
        written_in: row.language,
        item: Item {
            title: row.title,
            body: row.body,
            url: row.url,
            summary: row.text,
        },
        summary: row.status,
    });
    Ok(chosen.collect())
}

/// The slot and language of a reader's sent digest, to send it again.
pub(in crate::news) async fn sent_to(
    work: &mut Work,
    contact: ContactId,
    digest: DigestId,
) -> Result<Option<(Slot, Option<String>)>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT slot, language FROM news_digests WHERE workspace_id = $1 AND id = $2 AND contact_id = $3 AND status = 'sent'",
        work.workspace().uuid(),
        digest.uuid(),
        contact.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(|row| Ok((read(&row.slot)?, row.language)))
        .transpose()
}

/// The digests, newest first, after the given one.
pub async fn digests(
    work: &mut Work,
    contact: Option<ContactId>,
    after: Option<DigestId>,
    limit: i64,
) -> Result<Vec<DigestView>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT g.id AS "id: DigestId", g.contact_id AS "contact: ContactId", g.slot, g.due_at, g.status, g.reason,
                  g.message_id AS "message: MessageId",
                  ARRAY(SELECT d.article_id FROM news_deliveries d
                        WHERE d.workspace_id = $1 AND d.digest_id = g.id ORDER BY d.position) AS "articles!: Vec<Uuid>"
           FROM news_digests g
           WHERE g.workspace_id = $1 AND ($2::uuid IS NULL OR g.contact_id = $2) AND ($3::uuid IS NULL OR g.id < $3)
           ORDER BY g.id DESC LIMIT $4"#,
        work.workspace().uuid(),
        contact.map(ContactId::uuid),
        after.map(DigestId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    let views = rows.into_iter().map(|row| {
        Ok(DigestView {
            id: row.id,
            contact: row.contact,
            slot: read(&row.slot)?,
            due_at: row.due_at,
            status: read(&row.status)?,
            reason: row.reason,
            articles: row.articles.into_iter().map(ArticleId::from).collect(),
            message: row.message,
        })
    });
    views.collect()
}
