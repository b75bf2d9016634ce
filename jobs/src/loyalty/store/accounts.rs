//! SQL of the accounts.

use kazi_platform::Timestamp;
use sqlx::{FromRow, Postgres, QueryBuilder};

use crate::{
    Work,
    contacts::{ContactId, Whose},
    loyalty::{AccountKey, AccountSort},
};

/// Makes an account if there is none, and locks it. Returns the balance.
pub async fn lock(work: &mut Work, contact: ContactId) -> Result<i64, sqlx::Error> {
    sqlx::query!(
        "INSERT INTO loyalty_accounts (workspace_id, contact_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        contact.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    sqlx::query_scalar!(
        "SELECT balance FROM loyalty_accounts WHERE workspace_id = $1 AND contact_id = $2 FOR UPDATE",
        work.workspace().uuid(),
        contact.uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// Gives what a contact has earned at any time to the one that they became. No list shows the account any more.
pub async fn move_to(work: &mut Work, from: ContactId, into: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_accounts a
         SET lifetime = CASE WHEN a.contact_id = $2 THEN 0 ELSE a.lifetime + f.lifetime END,
             changed_at = CASE WHEN a.contact_id = $2 THEN NULL ELSE a.changed_at END
         FROM loyalty_accounts f
         WHERE f.workspace_id = $1 AND f.contact_id = $2 AND a.workspace_id = $1 AND a.contact_id IN ($2, $3)",
        work.workspace().uuid(),
        from.uuid(),
        into.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Hides the account of a contact who is gone.
pub async fn hide(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE loyalty_accounts SET changed_at = NULL WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

#[derive(FromRow)]
pub struct Row {
    pub contact_id: ContactId,
    pub balance: i64,
    pub lifetime: i64,
    pub changed_at: Option<Timestamp>,
    /// Since the time that the statement names.
    pub earned: i64,
    pub expiring_points: Option<i64>,
    pub expiring_at: Option<Timestamp>,
}

impl Row {
    /// The account of a contact who has never had points.
    pub const fn none(contact: ContactId) -> Self {
        Self {
            contact_id: contact,
            balance: 0,
            lifetime: 0,
            changed_at: None,
            earned: 0,
            expiring_points: None,
            expiring_at: None,
        }
    }
}

/// The points of a lot expire with those that expire within a day of the first.
const ROWS: &str = "SELECT a.contact_id, a.balance, a.lifetime, a.changed_at, a.earned,
        soon.points AS expiring_points, soon.at AS expiring_at
    FROM picked a
    LEFT JOIN LATERAL (
        SELECT sum(l.remaining)::bigint AS points, first.at
        FROM (SELECT min(expires_at) AS at FROM loyalty_lots
              WHERE workspace_id = a.workspace_id AND contact_id = a.contact_id AND remaining > 0) AS first
        JOIN loyalty_lots l ON l.workspace_id = a.workspace_id AND l.contact_id = a.contact_id AND l.remaining > 0
             AND l.expires_at < first.at + interval '1 day'
        GROUP BY first.at) soon ON true";

/// What a list of accounts looks for.
pub struct Wanted<'a> {
    /// Points since then count for the tier.
    pub since: Timestamp,
    /// Those who have earned so many since then, and less than so many.
    pub earned: (Option<i64>, Option<i64>),
    pub whose: &'a Whose,
    /// One contact.
    pub only: Option<ContactId>,
}

fn select(wanted: &Wanted<'_>) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new(
        "WITH picked AS (SELECT a.workspace_id, a.contact_id, a.balance, a.lifetime, a.changed_at, t.earned
         FROM loyalty_accounts a
         CROSS JOIN LATERAL (SELECT coalesce(sum(l.points), 0)::bigint AS earned FROM loyalty_lots l
                             WHERE l.workspace_id = a.workspace_id AND l.contact_id = a.contact_id AND l.counts
                               AND l.earned_at > ",
    );
    sql.push_bind(wanted.since)
        .push(") t WHERE a.workspace_id = current_workspace()");
    match wanted.only {
        Some(contact) => sql.push(" AND a.contact_id = ").push_bind(contact.uuid()),
        None => sql.push(" AND a.changed_at IS NOT NULL"),
    };
    if let Some(least) = wanted.earned.0 {
        sql.push(" AND t.earned >= ").push_bind(least);
    }
    if let Some(below) = wanted.earned.1 {
        sql.push(" AND t.earned < ").push_bind(below);
    }
    wanted.whose.narrow(&mut sql, "a.contact_id");
    sql
}

/// The accounts in an order, after the given one.
pub async fn list(
    work: &mut Work,
    wanted: &Wanted<'_>,
    sort: AccountSort,
    after: Option<AccountKey>,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let mut sql = select(wanted);
    let (column, down) = sort.column();
    let (beyond, order) = if down { ("<", " DESC") } else { (">", "") };
    if let Some(key) = after {
        sql.push(format_args!(" AND (a.{column}, a.contact_id) {beyond} ("));
        let contact = match key {
            AccountKey::Balance(points, contact) | AccountKey::Lifetime(points, contact) => {
                sql.push_bind(points);
                contact
            }
            AccountKey::Changed(at, contact) => {
                sql.push_bind(at);
                contact
            }
        };
        sql.push(", ").push_bind(contact.uuid()).push(")");
    }
    sql.push(format_args!(
        " ORDER BY a.{column}{order}, a.contact_id{order} LIMIT "
    ))
    .push_bind(limit)
    .push(") ")
    .push(ROWS)
    .push(format_args!(
        " ORDER BY a.{column}{order}, a.contact_id{order}"
    ));
    // How many a filter lets through decides the plan.
    let plain = wanted.whose.is_all() && wanted.earned == (None, None);
    sql.build_query_as()
        .persistent(plain)
        .fetch_all(work.conn())
        .await
}

/// The account of a contact.
pub async fn get(work: &mut Work, wanted: &Wanted<'_>) -> Result<Option<Row>, sqlx::Error> {
    let mut sql = select(wanted);
    sql.push(") ").push(ROWS);
    sql.build_query_as().fetch_optional(work.conn()).await
}

pub async fn balance(work: &mut Work, contact: ContactId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT balance FROM loyalty_accounts WHERE workspace_id = $1 AND contact_id = $2",
        work.workspace().uuid(),
        contact.uuid()
    )
    .fetch_optional(work.conn())
    .await
}
