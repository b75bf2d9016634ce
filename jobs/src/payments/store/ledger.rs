//! SQL of the books. Rows are never changed.

use std::collections::{HashMap, HashSet};

use kazi_platform::Timestamp;
use uuid::Uuid;

use crate::{
    Work,
    payments::{
        PaymentId,
        ledger::{BalanceView, EntryView, Posting},
    },
};

/// Books transactions that are not booked yet, each completely or not at all. Returns their number.
pub async fn post(work: &mut Work, postings: &[Posting]) -> Result<usize, sqlx::Error> {
    if postings.is_empty() {
        return Ok(0);
    }
    let ids: Vec<Uuid> = postings.iter().map(|_| Uuid::now_v7()).collect();
    let kinds: Vec<String> = postings.iter().map(|one| one.kind.to_owned()).collect();
    let references: Vec<String> = postings.iter().map(|one| one.reference.clone()).collect();
    let payments: Vec<Option<Uuid>> = postings
        .iter()
        .map(|one| one.payment.map(PaymentId::uuid))
        .collect();
    let times: Vec<Timestamp> = postings.iter().map(|one| one.at).collect();
    let new: HashSet<Uuid> = sqlx::query_scalar!(
        "INSERT INTO ledger_transactions (workspace_id, id, kind, reference, payment_id, happened_at)
         SELECT $1, id, kind, reference, payment, happened_at
         FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::timestamptz[])
             AS posting (id, kind, reference, payment, happened_at)
         ON CONFLICT (workspace_id, reference) DO NOTHING
         RETURNING id",
        work.workspace().uuid(),
        &ids,
        &kinds,
        &references,
        &payments as &[Option<Uuid>],
        &times
    )
    .fetch_all(work.conn())
    .await?
    .into_iter()
    .collect();
    let (mut transactions, mut accounts, mut currencies, mut amounts) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (id, posting) in ids.iter().zip(postings) {
        for (account, money) in posting.entries.iter().filter(|_| new.contains(id)) {
            transactions.push(*id);
            accounts.push((*account).to_owned());
            currencies.push(money.currency.code().to_owned());
            amounts.push(money.minor);
        }
    }
    sqlx::query!(
        "INSERT INTO ledger_entries (workspace_id, transaction_id, account, currency, amount_minor)
         SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[])",
        work.workspace().uuid(),
        &transactions,
        &accounts,
        &currencies,
        &amounts
    )
    .execute(work.conn())
    .await?;
    Ok(new.len())
}

/// The amounts on the account `stripe` by reference and currency.
pub async fn booked(
    work: &mut Work,
    references: &[String],
) -> Result<HashMap<String, (String, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT t.reference, e.currency, e.amount_minor
         FROM ledger_transactions t
         JOIN ledger_entries e ON e.workspace_id = t.workspace_id AND e.transaction_id = t.id AND e.account = 'stripe'
         WHERE t.workspace_id = $1 AND t.reference = ANY($2)",
        work.workspace().uuid(),
        references
    )
    .fetch_all(work.conn())
    .await?;
    let booked = rows
        .into_iter()
        .map(|row| (row.reference, (row.currency, row.amount_minor)));
    Ok(booked.collect())
}

/// Entries, newest first, before the given one: a transaction with its account and currency.
pub async fn entries(
    work: &mut Work,
    payment: Option<PaymentId>,
    account: Option<&str>,
    after: Option<&(Uuid, String, String)>,
    limit: i64,
) -> Result<Vec<EntryView>, sqlx::Error> {
    sqlx::query_as!(
        EntryView,
        r#"SELECT t.id AS transaction, t.kind, t.reference, t.payment_id AS "payment: PaymentId", e.account, e.currency,
                  e.amount_minor, t.happened_at
           FROM ledger_entries e
           JOIN ledger_transactions t ON t.workspace_id = e.workspace_id AND t.id = e.transaction_id
           WHERE e.workspace_id = $1 AND ($2::uuid IS NULL OR t.payment_id = $2)
             AND ($3::text IS NULL OR e.account = $3)
             AND ($4::uuid IS NULL OR (e.transaction_id, e.account, e.currency) < ($4, $5, $6))
           ORDER BY e.transaction_id DESC, e.account DESC, e.currency DESC LIMIT $7"#,
        work.workspace().uuid(),
        payment.map(PaymentId::uuid),
        account,
        after.map(|key| key.0),
        after.map(|key| key.1.as_str()),
        after.map(|key| key.2.as_str()),
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// The sum of each account in each currency.
pub async fn balances(work: &mut Work) -> Result<Vec<BalanceView>, sqlx::Error> {
    sqlx::query_as!(
        BalanceView,
        r#"SELECT account, currency, sum(amount_minor)::bigint AS "amount_minor!" FROM ledger_entries
           WHERE workspace_id = $1 GROUP BY account, currency ORDER BY account, currency"#,
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await
}
