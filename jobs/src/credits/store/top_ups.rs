//! SQL of the top-ups, and of their sales in the seller's workspace.

use kazi_platform::{Timestamp, WorkspaceId};

use crate::{
    Work,
    contacts::ContactId,
    credits::{Pack, PackId, TopUp, TopUpId, TopUpStatus},
    payments::PaymentId,
};

pub async fn insert(work: &mut Work, id: TopUpId, pack: &Pack) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO credit_top_ups (workspace_id, id, pack_id, name, credits, amount_minor, currency, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        work.workspace().uuid(),
        id.uuid(),
        pack.id.uuid(),
        pack.name,
        pack.credits,
        pack.amount_minor,
        pack.currency,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

macro_rules! top_ups {
    ($rest:literal, $($argument:expr),*) => {
        sqlx::query_as!(
            TopUp,
            r#"SELECT id AS "id: TopUpId", pack_id AS "pack_id: PackId", name, credits, amount_minor, currency,
                      status AS "status: TopUpStatus", url, ended_why, returned, paid_at, created_at
               FROM credit_top_ups "# + $rest,
            $($argument),*
        )
    };
}

/// The top-ups, newest first, before the given one.
pub async fn list(
    work: &mut Work,
    after: Option<TopUpId>,
    limit: i64,
) -> Result<Vec<TopUp>, sqlx::Error> {
    top_ups!(
        "WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        work.workspace().uuid(),
        after.map(TopUpId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn get(work: &mut Work, id: TopUpId) -> Result<Option<TopUp>, sqlx::Error> {
    top_ups!(
        "WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub async fn lock(work: &mut Work, id: TopUpId) -> Result<Option<TopUp>, sqlx::Error> {
    top_ups!(
        "WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub async fn save(work: &mut Work, top_up: &TopUp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE credit_top_ups SET status = $3, url = $4, returned = $5, paid_at = $6, updated_at = $7, ended_why = $8
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        top_up.id.uuid(),
        top_up.status.name(),
        top_up.url,
        top_up.returned,
        top_up.paid_at,
        work.now(),
        top_up.ended_why
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// What the payment of a top-up came to.
pub struct Sale {
    pub url: Option<String>,
    pub paid_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub ended_why: Option<String>,
    pub returned_minor: i64,
}

/// Stores a sale of the seller. Returns false when it is stored.
pub async fn sell(
    work: &mut Work,
    id: TopUpId,
    buyer: WorkspaceId,
    contact: ContactId,
    payment: PaymentId,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO credit_sales (workspace_id, id, buyer_id, contact_id, payment_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        id.uuid(),
        buyer.uuid(),
        contact.uuid(),
        payment.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The contact that stood for a buyer in the seller's last sale to them.
pub async fn contact_of(
    work: &mut Work,
    buyer: WorkspaceId,
) -> Result<Option<ContactId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT contact_id AS "id: ContactId" FROM credit_sales WHERE workspace_id = $1 AND buyer_id = $2
           ORDER BY created_at DESC LIMIT 1"#,
        work.workspace().uuid(),
        buyer.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The sale of a top-up, whoever sells it. Needs a transaction of the platform.
pub async fn sale(work: &mut Work, id: TopUpId) -> Result<Option<Sale>, sqlx::Error> {
    sqlx::query_as!(
        Sale,
        "SELECT url, paid_at, ended_at, ended_why, returned_minor FROM credit_sales WHERE id = $1 AND buyer_id = $2",
        id.uuid(),
        work.workspace().uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// What changes in a sale.
#[derive(Clone, Debug, Default)]
pub struct News<'a> {
    pub url: Option<&'a str>,
    pub paid_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub ended_why: Option<&'a str>,
    pub returned_minor: Option<i64>,
}

/// Writes news of a sale of the seller, and returns its buyer.
pub async fn note_sale(
    work: &mut Work,
    id: TopUpId,
    news: &News<'_>,
) -> Result<Option<WorkspaceId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"UPDATE credit_sales SET url = coalesce($3, url), paid_at = coalesce(paid_at, $4), ended_at = coalesce(ended_at, $5),
                  returned_minor = coalesce($6, returned_minor), ended_why = coalesce(ended_why, $7)
           WHERE workspace_id = $1 AND id = $2 RETURNING buyer_id AS "buyer: WorkspaceId""#,
        work.workspace().uuid(),
        id.uuid(),
        news.url,
        news.paid_at,
        news.ended_at,
        news.returned_minor,
        news.ended_why
    )
    .fetch_optional(work.conn())
    .await
}

/// Counts the top-ups that wait for their money.
pub async fn waiting(work: &mut Work, since: Timestamp) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM credit_top_ups
           WHERE workspace_id = $1 AND status IN ('requested', 'open') AND created_at > $2"#,
        work.workspace().uuid(),
        since
    )
    .fetch_one(work.conn())
    .await
}
