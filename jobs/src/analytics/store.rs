//! SQL of the figures.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::AddAssign,
};

use chrono::NaiveDate;
use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Period, period::Span};
use crate::{Work, contacts::ContactId};

/// A number and a sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Figure {
    pub count: i64,
    /// Minor units of a currency, or millionths of a US dollar.
    pub amount: i64,
}

impl AddAssign for Figure {
    fn add_assign(&mut self, more: Self) {
        self.count += more.count;
        self.amount += more.amount;
    }
}

/// A difference that a trigger has appended.
pub(super) struct Change {
    pub at: Timestamp,
    pub figure: String,
    pub label: String,
    pub subject: Option<Uuid>,
    pub difference: Figure,
    /// A time whose business seconds become the amount.
    pub stretch: Option<(Timestamp, Timestamp)>,
}

/// The workspaces that have differences. Each is found by one look at the index.
pub(super) async fn changed(conn: &mut PgConnection) -> Result<Vec<WorkspaceId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"WITH RECURSIVE found AS (
               (SELECT workspace_id FROM figure_changes ORDER BY workspace_id LIMIT 1)
               UNION ALL
               SELECT (SELECT c.workspace_id FROM figure_changes c WHERE c.workspace_id > found.workspace_id
                       ORDER BY c.workspace_id LIMIT 1)
               FROM found WHERE found.workspace_id IS NOT NULL
           )
           SELECT workspace_id AS "id!: WorkspaceId" FROM found WHERE workspace_id IS NOT NULL"#
    )
    .fetch_all(conn)
    .await
}

/// Takes the oldest differences. Nobody else adds up this workspace's until the transaction ends.
pub(super) async fn take(work: &mut Work, limit: i64) -> Result<Vec<Change>, sqlx::Error> {
    let workspace = work.workspace().uuid();
    // Two that add up at once would wait for each other's days in different orders.
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('analytics ' || $1::text, 0))",
        workspace.to_string()
    )
    .execute(work.conn())
    .await?;
    let rows = sqlx::query!(
        "DELETE FROM figure_changes
         WHERE workspace_id = $1
           AND id IN (SELECT id FROM figure_changes WHERE workspace_id = $1 ORDER BY id LIMIT $2)
         RETURNING at, figure, label, subject, count, amount, began, ended",
        workspace,
        limit
    )
    .fetch_all(work.conn())
    .await?;
    let changes = rows.into_iter().map(|row| Change {
        at: row.at,
        figure: row.figure,
        label: row.label,
        subject: row.subject,
        difference: Figure {
            count: row.count,
            amount: row.amount,
        },
        stretch: row.began.zip(row.ended),
    });
    Ok(changes.collect())
}

/// Notes that contacts wrote on a day. Returns for each whose last day was before it that last day, if there was one.
pub(super) async fn seen(
    work: &mut Work,
    contacts: BTreeSet<ContactId>,
    day: NaiveDate,
) -> Result<Vec<Option<NaiveDate>>, sqlx::Error> {
    let contacts: Vec<Uuid> = contacts.into_iter().map(ContactId::uuid).collect();
    // The statement reads the old days and writes the new ones: a statement sees no row that it writes itself.
    sqlx::query_scalar!(
        r#"WITH old AS (
               SELECT contact_id, last_day FROM active_contacts WHERE workspace_id = $1 AND contact_id = ANY ($2)
           ), noted AS (
               INSERT INTO active_contacts AS a (workspace_id, contact_id, last_day)
               SELECT $1, contact, $3 FROM unnest($2::uuid[]) AS n(contact)
               ON CONFLICT (workspace_id, contact_id) DO UPDATE SET last_day = excluded.last_day
               WHERE a.last_day < excluded.last_day
               RETURNING contact_id
           )
           SELECT old.last_day AS "last?" FROM noted LEFT JOIN old USING (contact_id)"#,
        work.workspace().uuid(),
        &contacts,
        day
    )
    .fetch_all(work.conn())
    .await
}

pub(super) async fn add_daily(
    work: &mut Work,
    all: &BTreeMap<(NaiveDate, String, String), Figure>,
) -> Result<(), sqlx::Error> {
    let days: Vec<NaiveDate> = all.keys().map(|(day, ..)| *day).collect();
    let figures: Vec<String> = all.keys().map(|(_, figure, _)| figure.clone()).collect();
    let labels: Vec<String> = all.keys().map(|(.., label)| label.clone()).collect();
    let (counts, amounts) = columns(all.values());
    sqlx::query!(
        "INSERT INTO figures_daily AS d (workspace_id, day, figure, label, count, amount)
         SELECT $1, day, figure, label, count, amount
         FROM unnest($2::date[], $3::text[], $4::text[], $5::bigint[], $6::bigint[]) AS n(day, figure, label, count, amount)
         ON CONFLICT (workspace_id, day, figure, label)
         DO UPDATE SET count = d.count + excluded.count, amount = d.amount + excluded.amount",
        work.workspace().uuid(),
        &days,
        &figures,
        &labels,
        &counts,
        &amounts
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn add_subjects(
    work: &mut Work,
    all: &BTreeMap<(String, Period, NaiveDate, String, Uuid), Figure>,
) -> Result<(), sqlx::Error> {
    let figures: Vec<String> = all.keys().map(|(figure, ..)| figure.clone()).collect();
    let periods: Vec<&str> = all.keys().map(|(_, period, ..)| period.name()).collect();
    let starts: Vec<NaiveDate> = all.keys().map(|(_, _, starts_on, ..)| *starts_on).collect();
    let labels: Vec<String> = all.keys().map(|(.., label, _)| label.clone()).collect();
    let subjects: Vec<Uuid> = all.keys().map(|(.., subject)| *subject).collect();
    let (counts, amounts) = columns(all.values());
    sqlx::query!(
        "INSERT INTO figure_subjects AS s (workspace_id, figure, period, starts_on, label, subject, count, amount)
         SELECT $1, figure, period, starts_on, label, subject, count, amount
         FROM unnest($2::text[], $3::text[], $4::date[], $5::text[], $6::uuid[], $7::bigint[], $8::bigint[])
              AS n(figure, period, starts_on, label, subject, count, amount)
         ON CONFLICT (workspace_id, figure, period, starts_on, label, subject)
         DO UPDATE SET count = s.count + excluded.count, amount = s.amount + excluded.amount",
        work.workspace().uuid(),
        &figures,
        &periods as &[&str],
        &starts,
        &labels,
        &subjects,
        &counts,
        &amounts
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

fn columns<'a>(all: impl Iterator<Item = &'a Figure>) -> (Vec<i64>, Vec<i64>) {
    all.map(|figure| (figure.count, figure.amount)).unzip()
}

/// A figure of a day.
pub(super) struct Daily {
    pub day: NaiveDate,
    pub figure: String,
    pub label: String,
    pub count: i64,
    pub amount: i64,
}

/// The figures of the days of a span.
pub(super) async fn daily(work: &mut Work, span: Span) -> Result<Vec<Daily>, sqlx::Error> {
    sqlx::query_as!(
        Daily,
        "SELECT day, figure, label, count, amount FROM figures_daily
         WHERE workspace_id = $1 AND day BETWEEN $2 AND $3 ORDER BY day, figure, label",
        work.workspace().uuid(),
        span.from,
        span.until
    )
    .fetch_all(work.conn())
    .await
}

/// The sums of the figures over the days of a span.
pub(super) async fn sums(
    work: &mut Work,
    span: Span,
) -> Result<BTreeMap<(String, String), Figure>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT figure, label, sum(count)::bigint AS "count!", sum(amount)::bigint AS "amount!" FROM figures_daily
           WHERE workspace_id = $1 AND day BETWEEN $2 AND $3 GROUP BY figure, label"#,
        work.workspace().uuid(),
        span.from,
        span.until
    )
    .fetch_all(work.conn())
    .await?;
    let sums = rows.into_iter().map(|row| {
        let figure = Figure {
            count: row.count,
            amount: row.amount,
        };
        ((row.figure, row.label), figure)
    });
    Ok(sums.collect())
}

/// The subject with the highest amount in a period, with its figure.
pub(super) async fn best(
    work: &mut Work,
    figure: &str,
    (period, starts_on): (Period, NaiveDate),
    label: &str,
) -> Result<Option<(Uuid, Figure)>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT subject, count, amount FROM figure_subjects
         WHERE workspace_id = $1 AND figure = $2 AND period = $3 AND starts_on = $4 AND label = $5
         ORDER BY amount DESC, subject LIMIT 1",
        work.workspace().uuid(),
        figure,
        period.name(),
        starts_on,
        label
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| {
        let figure = Figure {
            count: row.count,
            amount: row.amount,
        };
        (row.subject, figure)
    }))
}

/// The order with the highest amount among those of these days. It asks the index once a day.
pub(super) async fn best_order(
    work: &mut Work,
    span: Span,
    currency: &str,
) -> Result<Option<Uuid>, sqlx::Error> {
    let days: Vec<NaiveDate> = span.days().collect();
    sqlx::query_scalar!(
        r#"SELECT best.subject FROM unnest($2::date[]) AS days(day) CROSS JOIN LATERAL (
               SELECT subject, amount FROM figure_subjects
               WHERE workspace_id = $1 AND figure = 'sold_order' AND period = 'day' AND starts_on = day AND label = $3
               ORDER BY amount DESC LIMIT 1
           ) best
           ORDER BY best.amount DESC, best.subject LIMIT 1"#,
        work.workspace().uuid(),
        &days,
        currency
    )
    .fetch_optional(work.conn())
    .await
}

/// What is counted for a contact who is another contact from now on.
pub(super) async fn merge(
    work: &mut Work,
    from: ContactId,
    into: ContactId,
) -> Result<(), sqlx::Error> {
    let workspace = work.workspace().uuid();
    let (from, into) = (from.uuid(), into.uuid());
    sqlx::query!(
        "UPDATE figure_changes SET subject = $3 WHERE workspace_id = $1 AND subject = $2",
        workspace,
        from,
        into
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "WITH moved AS (
             DELETE FROM figure_subjects WHERE workspace_id = $1 AND subject = $2 AND figure = 'sold_contact' RETURNING *
         )
         INSERT INTO figure_subjects AS s (workspace_id, figure, period, starts_on, label, subject, count, amount)
         SELECT workspace_id, figure, period, starts_on, label, $3, count, amount FROM moved
         ON CONFLICT (workspace_id, figure, period, starts_on, label, subject)
         DO UPDATE SET count = s.count + excluded.count, amount = s.amount + excluded.amount",
        workspace,
        from,
        into
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "WITH moved AS (
             DELETE FROM active_contacts WHERE workspace_id = $1 AND contact_id = $2 RETURNING last_day
         )
         INSERT INTO active_contacts AS a (workspace_id, contact_id, last_day) SELECT $1, $3, last_day FROM moved
         ON CONFLICT (workspace_id, contact_id) DO UPDATE SET last_day = greatest(a.last_day, excluded.last_day)",
        workspace,
        from,
        into
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Forgets what is counted for a contact alone. The sums of the days stay.
pub(super) async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    let (workspace, contact) = (work.workspace().uuid(), contact.uuid());
    sqlx::query!(
        "DELETE FROM figure_subjects WHERE workspace_id = $1 AND subject = $2 AND figure = 'sold_contact'",
        workspace,
        contact
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "DELETE FROM active_contacts WHERE workspace_id = $1 AND contact_id = $2",
        workspace,
        contact
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// A figure of a workspace over some days.
pub(super) struct OfAll {
    pub workspace: WorkspaceId,
    pub figure: String,
    pub label: String,
    pub count: i64,
    pub amount: i64,
}

/// The sums of the figures of all workspaces. Needs a transaction of the platform.
pub(super) async fn of_all(conn: &mut PgConnection, span: Span) -> Result<Vec<OfAll>, sqlx::Error> {
    sqlx::query_as!(
        OfAll,
        r#"SELECT workspace_id AS "workspace: WorkspaceId", figure, label, sum(count)::bigint AS "count!",
                  sum(amount)::bigint AS "amount!"
           FROM figures_daily WHERE day BETWEEN $1 AND $2 GROUP BY 1, 2, 3"#,
        span.from,
        span.until
    )
    .fetch_all(conn)
    .await
}
