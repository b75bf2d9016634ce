//! SQL of the feedback.

pub(super) mod settings;

use chrono::NaiveDate;
use kazi_platform::{Timestamp, without_nul};

use super::{About, Feedback, FeedbackFilter, FeedbackId, FeedbackPeriod, FeedbackStatus};
use crate::{
    Work, appointments::BookingId, contacts::ContactId, payments::OrderId, support::TicketId,
};

macro_rules! feedback {
    ($rest:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Feedback,
            r#"SELECT id AS "id: FeedbackId", contact_id AS "contact_id: ContactId", order_id AS "order_id: OrderId",
                      booking_id AS "booking_id: BookingId", status AS "status: FeedbackStatus", reason, score, comment,
                      ticket_id AS "ticket_id: TicketId", scored_at, given_at, created_at
               FROM feedback "# + $rest,
            $($argument),*
        )
    };
}

/// The feedback, newest first, after the given one.
pub async fn list(
    work: &mut Work,
    filter: &FeedbackFilter,
    after: Option<FeedbackId>,
    limit: i64,
) -> Result<Vec<Feedback>, sqlx::Error> {
    feedback!(
        "WHERE workspace_id = $1 AND ($2::smallint IS NULL OR score = $2) AND ($3::text IS NULL OR status = $3)
           AND ($4::uuid IS NULL OR contact_id = $4) AND ($5::timestamptz IS NULL OR created_at >= $5)
           AND ($6::timestamptz IS NULL OR created_at < $6) AND ($7::uuid IS NULL OR id < $7)
         ORDER BY id DESC LIMIT $8",
        work.workspace().uuid(),
        filter.score,
        filter.status.map(FeedbackStatus::name),
        filter.contact_id.map(ContactId::uuid),
        filter.from,
        filter.until,
        after.map(FeedbackId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn count(work: &mut Work, filter: &FeedbackFilter) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM feedback
           WHERE workspace_id = $1 AND ($2::smallint IS NULL OR score = $2) AND ($3::text IS NULL OR status = $3)
             AND ($4::uuid IS NULL OR contact_id = $4) AND ($5::timestamptz IS NULL OR created_at >= $5)
             AND ($6::timestamptz IS NULL OR created_at < $6)"#,
        work.workspace().uuid(),
        filter.score,
        filter.status.map(FeedbackStatus::name),
        filter.contact_id.map(ContactId::uuid),
        filter.from,
        filter.until
    )
    .fetch_one(work.conn())
    .await
}

pub async fn get(work: &mut Work, id: FeedbackId) -> Result<Option<Feedback>, sqlx::Error> {
    feedback!(
        "WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks the feedback until the transaction ends.
pub(super) async fn lock(work: &mut Work, id: FeedbackId) -> Result<Option<Feedback>, sqlx::Error> {
    feedback!(
        "WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Whether somebody was asked about it, or left out.
pub(super) async fn is_known(work: &mut Work, about: About) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM feedback
                          WHERE workspace_id = $1 AND (order_id = $2 OR booking_id = $3)) AS "known!""#,
        work.workspace().uuid(),
        about.order().map(OrderId::uuid),
        about.booking().map(BookingId::uuid)
    )
    .fetch_one(work.conn())
    .await
}

/// Whether a contact was asked since a time.
pub(super) async fn asked_since(
    work: &mut Work,
    contact: ContactId,
    since: Timestamp,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM feedback WHERE workspace_id = $1 AND contact_id = $2 AND created_at > $3
                            AND status <> 'skipped') AS "asked!""#,
        work.workspace().uuid(),
        contact.uuid(),
        since
    )
    .fetch_one(work.conn())
    .await
}

/// Writes that a contact was asked, or left out with a reason.
pub(super) async fn insert(
    work: &mut Work,
    id: FeedbackId,
    (contact, about): (ContactId, About),
    skipped: Option<&str>,
) -> Result<(), sqlx::Error> {
    let status = match skipped {
        Some(_) => FeedbackStatus::Skipped,
        None => FeedbackStatus::Asked,
    };
    sqlx::query!(
        "INSERT INTO feedback (workspace_id, id, contact_id, order_id, booking_id, status, reason, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        work.workspace().uuid(),
        id.uuid(),
        contact.uuid(),
        about.order().map(OrderId::uuid),
        about.booking().map(BookingId::uuid),
        status.name(),
        skipped,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Writes the answer of a locked feedback.
pub(super) async fn save(work: &mut Work, one: &Feedback) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE feedback SET status = $3, score = $4, comment = $5, ticket_id = $6, scored_at = $7, given_at = $8
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        one.id.uuid(),
        one.status.name(),
        one.score,
        one.comment.as_deref().map(without_nul),
        one.ticket_id.map(TicketId::uuid),
        one.scored_at,
        one.given_at
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The counts of a period.
pub(super) struct Counts {
    /// Its first day.
    pub begins: NaiveDate,
    pub asked: i64,
    /// How often each score was given, from 1 to 5.
    pub scores: Vec<i64>,
}

/// The counts of each period in which somebody was asked, from the first day to the last one, by the clocks of a zone.
pub(super) async fn counts(
    work: &mut Work,
    period: FeedbackPeriod,
    (from, until): (NaiveDate, NaiveDate),
    zone: &str,
) -> Result<Vec<Counts>, sqlx::Error> {
    sqlx::query_as!(
        Counts,
        r#"SELECT date_trunc($2, created_at AT TIME ZONE $5)::date AS "begins!", count(*) AS "asked!",
                  ARRAY[count(*) FILTER (WHERE score = 1), count(*) FILTER (WHERE score = 2),
                        count(*) FILTER (WHERE score = 3), count(*) FILTER (WHERE score = 4),
                        count(*) FILTER (WHERE score = 5)] AS "scores!"
           FROM feedback
           WHERE workspace_id = $1 AND status <> 'skipped' AND created_at >= $3::date::timestamp AT TIME ZONE $5
             AND created_at < ($4::date + 1)::timestamp AT TIME ZONE $5
           GROUP BY 1 ORDER BY 1"#,
        work.workspace().uuid(),
        period.name(),
        from,
        until,
        zone
    )
    .fetch_all(work.conn())
    .await
}

/// How many were left out, by the reason.
pub(super) async fn left_out(
    work: &mut Work,
    (from, until): (NaiveDate, NaiveDate),
    zone: &str,
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT reason AS "reason!", count(*) AS "n!" FROM feedback
           WHERE workspace_id = $1 AND status = 'skipped' AND created_at >= $2::date::timestamp AT TIME ZONE $4
             AND created_at < ($3::date + 1)::timestamp AT TIME ZONE $4
           GROUP BY reason"#,
        work.workspace().uuid(),
        from,
        until,
        zone
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.reason, row.n)).collect())
}

/// Gives a contact's feedback to another.
pub(super) async fn change_contact(
    work: &mut Work,
    from: ContactId,
    to: ContactId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE feedback SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        from.uuid(),
        to.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Forgets a contact's words. The scores stay: they name nobody.
pub(super) async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE feedback SET comment = NULL WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
