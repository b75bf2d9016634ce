//! SQL of the subscriptions.

use chrono::NaiveTime;
use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Work,
    contacts::ContactId,
    news::model::{Briefs, NewsSubscription, NewsSubscriptionId, Slot},
};

struct Row {
    id: NewsSubscriptionId,
    contact_id: ContactId,
    topics: Vec<String>,
    morning: Option<NaiveTime>,
    afternoon: Option<NaiveTime>,
    evening: Option<NaiveTime>,
    zone: String,
    language: Option<String>,
    daily_limit: i16,
    active: bool,
    next_due_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for NewsSubscription {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            contact: row.contact_id,
            topics: row.topics,
            briefs: Briefs {
                morning: row.morning,
                afternoon: row.afternoon,
                evening: row.evening,
            },
            zone: row.zone,
            language: row.language,
            daily_limit: row.daily_limit,
            active: row.active,
            next_due_at: row.next_due_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct SubscriptionFilter {
    pub contact: Option<ContactId>,
    pub topic: Option<String>,
    pub active: Option<bool>,
}

/// The subscriptions, newest first, after the given one.
pub async fn subscriptions(
    work: &mut Work,
    filter: &SubscriptionFilter,
    after: Option<NewsSubscriptionId>,
    limit: i64,
) -> Result<Vec<NewsSubscription>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: NewsSubscriptionId", contact_id AS "contact_id: ContactId", topics, morning, afternoon, evening,
                  zone, language, daily_limit, active, next_due_at, created_at, updated_at
           FROM news_subscriptions
           WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3::uuid IS NULL OR contact_id = $3)
             AND ($4::text IS NULL OR $4 = ANY(topics)) AND ($5::boolean IS NULL OR active = $5)
           ORDER BY id DESC LIMIT $6"#,
        work.workspace().uuid(),
        after.map(NewsSubscriptionId::uuid),
        filter.contact.map(ContactId::uuid),
        filter.topic,
        filter.active,
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(NewsSubscription::from).collect())
}

pub async fn subscription(
    work: &mut Work,
    id: NewsSubscriptionId,
) -> Result<Option<NewsSubscription>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: NewsSubscriptionId", contact_id AS "contact_id: ContactId", topics, morning, afternoon, evening,
                  zone, language, daily_limit, active, next_due_at, created_at, updated_at
           FROM news_subscriptions WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(NewsSubscription::from))
}

/// Locks the subscription until the transaction ends.
pub async fn lock_subscription(
    work: &mut Work,
    id: NewsSubscriptionId,
) -> Result<Option<NewsSubscription>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: NewsSubscriptionId", contact_id AS "contact_id: ContactId", topics, morning, afternoon, evening,
                  zone, language, daily_limit, active, next_due_at, created_at, updated_at
           FROM news_subscriptions WHERE workspace_id = $1 AND id = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(NewsSubscription::from))
}

/// Like [`lock_subscription`], by the reader.
pub(in crate::news) async fn lock_of(
    work: &mut Work,
    contact: ContactId,
) -> Result<Option<NewsSubscription>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: NewsSubscriptionId", contact_id AS "contact_id: ContactId", topics, morning, afternoon, evening,
                  zone, language, daily_limit, active, next_due_at, created_at, updated_at
           FROM news_subscriptions WHERE workspace_id = $1 AND contact_id = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        contact.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(NewsSubscription::from))
}

pub(in crate::news) async fn insert(
    work: &mut Work,
    new: &NewsSubscription,
    next: Option<(Slot, Timestamp)>,
) -> Result<NewsSubscription, sqlx::Error> {
    let (slot, due) = next.unzip();
    let row = sqlx::query_as!(
        Row,
        r#"INSERT INTO news_subscriptions (workspace_id, id, contact_id, topics, morning, afternoon, evening, zone, language,
                                           daily_limit, next_slot, next_due_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           RETURNING id AS "id: NewsSubscriptionId", contact_id AS "contact_id: ContactId", topics, morning, afternoon, evening,
                     zone, language, daily_limit, active, next_due_at, created_at, updated_at"#,
        work.workspace().uuid(),
        new.id.uuid(),
        new.contact.uuid(),
        &new.topics,
        new.briefs.morning,
        new.briefs.afternoon,
        new.briefs.evening,
        new.zone,
        new.language,
        new.daily_limit,
        slot.map(Slot::name),
        due
    )
    .fetch_one(work.conn())
    .await?;
    Ok(row.into())
}

pub(in crate::news) async fn update(
    work: &mut Work,
    now: &NewsSubscription,
    next: Option<(Slot, Timestamp)>,
) -> Result<NewsSubscription, sqlx::Error> {
    let (slot, due) = next.unzip();
    // The time of the statement, so that two changes never have the same time.
    let row = sqlx::query_as!(
        Row,
        r#"UPDATE news_subscriptions SET topics = $3, morning = $4, afternoon = $5, evening = $6, zone = $7, language = $8,
                  daily_limit = $9, active = $10, next_slot = $11, next_due_at = $12, updated_at = clock_timestamp()
           WHERE workspace_id = $1 AND id = $2
           RETURNING id AS "id: NewsSubscriptionId", contact_id AS "contact_id: ContactId", topics, morning, afternoon, evening,
                     zone, language, daily_limit, active, next_due_at, created_at, updated_at"#,
        work.workspace().uuid(),
        now.id.uuid(),
        &now.topics,
        now.briefs.morning,
        now.briefs.afternoon,
        now.briefs.evening,
        now.zone,
        now.language,
        now.daily_limit,
        now.active,
        slot.map(Slot::name),
        due
    )
    .fetch_one(work.conn())
    .await?;
    Ok(row.into())
}

pub(in crate::news) async fn delete(
    work: &mut Work,
    id: NewsSubscriptionId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM news_subscriptions WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// A reader whose brief is due.
pub(in crate::news) struct Due {
    pub workspace: WorkspaceId,
    pub id: NewsSubscriptionId,
    pub contact: ContactId,
    pub slot: Slot,
    pub due_at: Timestamp,
    pub zone: String,
    pub briefs: Briefs,
}

/// Locks the readers of all workspaces whose briefs are due, the longest due first. Rows that somebody changes at this
/// moment wait for the next run.
pub(in crate::news) async fn due(
    conn: &mut PgConnection,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Due>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT workspace_id AS "workspace: WorkspaceId", id AS "id: NewsSubscriptionId", contact_id AS "contact: ContactId",
                  next_slot AS "slot!", next_due_at AS "due_at!", zone, morning, afternoon, evening
           FROM news_subscriptions WHERE next_due_at <= $1 ORDER BY next_due_at LIMIT $2 FOR UPDATE SKIP LOCKED"#,
        now,
        limit
    )
    .fetch_all(conn)
    .await?;
    let due = rows.into_iter().map(|row| {
        Ok(Due {
            workspace: row.workspace,
            id: row.id,
            contact: row.contact,
            slot: super::read(&row.slot)?,
            due_at: row.due_at,
            zone: row.zone,
            briefs: Briefs {
                morning: row.morning,
                afternoon: row.afternoon,
                evening: row.evening,
            },
        })
    });
    due.collect()
}

/// A reader and the next brief, if there is one.
pub(in crate::news) type Next = (WorkspaceId, NewsSubscriptionId, Option<(Slot, Timestamp)>);

/// Sets the next briefs of locked readers.
pub(in crate::news) async fn advance(
    conn: &mut PgConnection,
    next: &[Next],
) -> Result<(), sqlx::Error> {
    let workspaces: Vec<Uuid> = next
        .iter()
        .map(|(workspace, ..)| workspace.uuid())
        .collect();
    let ids: Vec<Uuid> = next.iter().map(|(_, id, _)| id.uuid()).collect();
    let slots: Vec<Option<String>> = next
        .iter()
        .map(|(.., next)| next.map(|(slot, _)| slot.name().to_owned()))
        .collect();
    let times: Vec<Option<Timestamp>> = next
        .iter()
        .map(|(.., next)| next.map(|(_, at)| at))
        .collect();
    sqlx::query!(
        "UPDATE news_subscriptions s SET next_slot = n.slot, next_due_at = n.due
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[]) AS n(workspace, id, slot, due)
         WHERE s.workspace_id = n.workspace AND s.id = n.id",
        &workspaces,
        &ids,
        &slots as &[Option<String>],
        &times as &[Option<Timestamp>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The readers of topics by contact, after the given one.
pub(in crate::news) async fn readers(
    work: &mut Work,
    topics: &[String],
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<ContactId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT contact_id AS "contact: ContactId" FROM news_subscriptions
           WHERE workspace_id = $1 AND active AND topics && $2 AND ($3::uuid IS NULL OR contact_id > $3)
           ORDER BY contact_id LIMIT $4"#,
        work.workspace().uuid(),
        topics,
        after.map(ContactId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}
