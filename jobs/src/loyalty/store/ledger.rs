//! SQL of the books.

use kazi_platform::without_nul;
use uuid::Uuid;

use crate::{
    Work,
    appointments::BookingId,
    contacts::ContactId,
    loyalty::{Entry, PointsId, PointsKind, PointsTotals, RedemptionId, model::Account},
    payments::OrderId,
};

pub struct NewTransaction<'a> {
    pub id: PointsId,
    pub kind: PointsKind,
    /// Unique in the workspace.
    pub cause: &'a str,
    pub order: Option<OrderId>,
    pub booking: Option<BookingId>,
    pub redemption: Option<RedemptionId>,
    pub reason: Option<&'a str>,
}

/// One side of a transaction.
#[derive(Clone, Copy, Debug)]
pub struct Leg {
    pub account: Account,
    /// Of an account of a customer.
    pub contact: Option<ContactId>,
    pub points: i64,
}

/// Begins a transaction. Returns false when there is one of the same cause.
pub async fn begin(work: &mut Work, new: &NewTransaction<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO loyalty_transactions (workspace_id, id, kind, cause, order_id, booking_id, redemption_id, reason, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (workspace_id, cause) DO NOTHING",
        work.workspace().uuid(),
        new.id.uuid(),
        new.kind.name(),
        new.cause,
        new.order.map(OrderId::uuid),
        new.booking.map(BookingId::uuid),
        new.redemption.map(RedemptionId::uuid),
        new.reason.map(without_nul),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes all entries of a transaction with one statement: the database refuses those that do not sum to zero.
pub async fn write(work: &mut Work, id: PointsId, legs: &[Leg]) -> Result<(), sqlx::Error> {
    let accounts: Vec<String> = legs
        .iter()
        .map(|leg| leg.account.name().to_owned())
        .collect();
    let contacts: Vec<Option<Uuid>> = legs
        .iter()
        .map(|leg| leg.contact.map(ContactId::uuid))
        .collect();
    let points: Vec<i64> = legs.iter().map(|leg| leg.points).collect();
    sqlx::query!(
        "INSERT INTO loyalty_entries (workspace_id, transaction_id, position, account, contact_id, points)
         SELECT $1, $2, n.position::smallint, n.account, n.contact, n.points
         FROM unnest($3::text[], $4::uuid[], $5::bigint[]) WITH ORDINALITY AS n(account, contact, points, position)",
        work.workspace().uuid(),
        id.uuid(),
        &accounts,
        &contacts as _,
        &points
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Whether a cause was booked.
pub async fn is_booked(work: &mut Work, cause: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM loyalty_transactions WHERE workspace_id = $1 AND cause = $2) AS "booked!""#,
        work.workspace().uuid(),
        cause
    )
    .fetch_one(work.conn())
    .await
}

macro_rules! entries {
    ($rest:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Entry,
            r#"SELECT t.id AS "id: PointsId", e.contact_id AS "contact_id!: ContactId", t.kind AS "kind: PointsKind", e.points,
                      e.balance AS "balance!", t.order_id AS "order_id: OrderId", t.booking_id AS "booking_id: BookingId",
                      t.redemption_id AS "redemption_id: RedemptionId", t.reason, t.created_at, e.number
               FROM loyalty_entries e
               JOIN loyalty_transactions t ON t.workspace_id = e.workspace_id AND t.id = e.transaction_id "# + $rest,
            $($argument),*
        )
    };
}

/// A contact's points as they came and went, newest first, after the given one.
pub async fn entries(
    work: &mut Work,
    contact: ContactId,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    entries!(
        "WHERE e.workspace_id = $1 AND e.contact_id = $2 AND ($3::bigint IS NULL OR e.number < $3)
         ORDER BY e.number DESC LIMIT $4",
        work.workspace().uuid(),
        contact.uuid(),
        after,
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// The points of a person as they came and went, also those of contacts that became this one, newest first.
pub async fn entries_of(
    work: &mut Work,
    person: &[ContactId],
    limit: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    let person: Vec<Uuid> = person.iter().map(|one| one.uuid()).collect();
    entries!(
        "WHERE e.workspace_id = $1 AND e.contact_id = ANY($2) ORDER BY e.number DESC LIMIT $3",
        work.workspace().uuid(),
        &person,
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// The points that came to a contact by a transaction.
pub async fn entry(work: &mut Work, id: PointsId) -> Result<Option<Entry>, sqlx::Error> {
    entries!(
        "WHERE e.workspace_id = $1 AND e.transaction_id = $2 AND e.contact_id IS NOT NULL AND e.points > 0 LIMIT 1",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The points of all accounts.
pub async fn totals(work: &mut Work) -> Result<PointsTotals, sqlx::Error> {
    sqlx::query_as!(
        PointsTotals,
        r#"SELECT coalesce(sum(points) FILTER (WHERE account = 'issued'), 0)::bigint AS "issued!",
                  coalesce(sum(points) FILTER (WHERE account = 'customer'), 0)::bigint AS "customer!",
                  coalesce(sum(points) FILTER (WHERE account = 'redeemed'), 0)::bigint AS "redeemed!",
                  coalesce(sum(points) FILTER (WHERE account = 'expired'), 0)::bigint AS "expired!"
           FROM loyalty_entries WHERE workspace_id = $1"#,
        work.workspace().uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// Empties the reasons of a contact's adjustments.
pub async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_transactions t SET reason = NULL
         FROM loyalty_entries e
         WHERE t.workspace_id = $1 AND t.reason IS NOT NULL
           AND e.workspace_id = $1 AND e.transaction_id = t.id AND e.contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
