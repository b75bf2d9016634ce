//! SQL of the subscriptions.

pub(super) mod deeds;
pub(super) mod people;
pub(super) mod plans;

use kazi_platform::{Currency, Money, Timestamp, texts::TextError};

use super::{Asked, PaidPeriod, PeriodId, PlanId, Status, Subscription};
use crate::{
    Work,
    contacts::ContactId,
    payments::{PaymentId, SubscriptionId},
};

struct Row {
    id: SubscriptionId,
    contact_id: ContactId,
    plan_id: PlanId,
    status: String,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    anchor_at: Option<Timestamp>,
    periods: i32,
    grace_until: Option<Timestamp>,
    auto_cancel: bool,
    reminded: Option<i32>,
    payment_id: Option<PaymentId>,
    payment_until: Option<Timestamp>,
    payment_url: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl TryFrom<Row> for Subscription {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let asked = row.payment_id.zip(row.payment_until);
        Ok(Self {
            id: row.id,
            contact_id: row.contact_id,
            plan_id: row.plan_id,
            status: read(&row.status)?,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            anchor_at: row.anchor_at,
            periods: row.periods,
            grace_until: row.grace_until,
            auto_cancel: row.auto_cancel,
            reminded: row.reminded,
            payment: asked.map(|(id, until)| Asked {
                id,
                until,
                url: row.payment_url,
            }),
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn read<T: std::str::FromStr<Err = TextError>>(stored: &str) -> Result<T, sqlx::Error> {
    stored.parse().map_err(sqlx::Error::decode)
}

fn money(minor: i64, currency: &str) -> Result<Money, sqlx::Error> {
    let currency: Currency = currency
        .parse()
        .map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(Money { minor, currency })
}

/// Creates a pending subscription. Returns `false` when the contact has a live one to this plan.
pub(super) async fn insert(
    work: &mut Work,
    id: SubscriptionId,
    (contact, plan): (ContactId, PlanId),
) -> Result<bool, sqlx::Error> {
    // Waits for another transaction that inserts the same subscription.
    let done = sqlx::query!(
        "INSERT INTO subscriptions (workspace_id, id, contact_id, plan_id, status, created_at)
         VALUES ($1, $2, $3, $4, 'pending', $5) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        id.uuid(),
        contact.uuid(),
        plan.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn subscription(
    work: &mut Work,
    id: SubscriptionId,
) -> Result<Option<Subscription>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: SubscriptionId", contact_id AS "contact_id: ContactId", plan_id AS "plan_id: PlanId", status,
                  starts_at, ends_at, anchor_at, periods, grace_until, auto_cancel, reminded,
                  payment_id AS "payment_id: PaymentId", payment_until, payment_url, created_at, updated_at
           FROM subscriptions WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(Subscription::try_from).transpose()
}

/// Locks a subscription until the transaction ends. Every change begins here, so that it decides on the newest row.
pub async fn lock(
    work: &mut Work,
    id: SubscriptionId,
) -> Result<Option<Subscription>, sqlx::Error> {
    sqlx::query!(
        "SELECT id FROM subscriptions WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    subscription(work, id).await
}

/// The live subscription of a contact to a plan.
pub(super) async fn live(
    work: &mut Work,
    contact: ContactId,
    plan: PlanId,
) -> Result<Option<SubscriptionId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: SubscriptionId" FROM subscriptions
           WHERE workspace_id = $1 AND contact_id = $2 AND plan_id = $3 AND status IN ('pending', 'active', 'grace')"#,
        work.workspace().uuid(),
        contact.uuid(),
        plan.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// All given conditions must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct SubscriptionFilter {
    pub contact: Option<ContactId>,
    pub plan: Option<PlanId>,
    pub status: Option<Status>,
}

/// The subscriptions, newest first.
pub async fn subscriptions(
    work: &mut Work,
    filter: &SubscriptionFilter,
    after: Option<SubscriptionId>,
    limit: i64,
) -> Result<Vec<Subscription>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: SubscriptionId", contact_id AS "contact_id: ContactId", plan_id AS "plan_id: PlanId", status,
                  starts_at, ends_at, anchor_at, periods, grace_until, auto_cancel, reminded,
                  payment_id AS "payment_id: PaymentId", payment_until, payment_url, created_at, updated_at
           FROM subscriptions
           WHERE workspace_id = $1 AND ($2::uuid IS NULL OR contact_id = $2) AND ($3::uuid IS NULL OR plan_id = $3)
             AND ($4::text IS NULL OR status = $4) AND ($5::uuid IS NULL OR id < $5)
           ORDER BY id DESC LIMIT $6"#,
        work.workspace().uuid(),
        filter.contact.map(ContactId::uuid),
        filter.plan.map(PlanId::uuid),
        filter.status.map(Status::name),
        after.map(SubscriptionId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(Subscription::try_from).collect()
}

/// Stores the state of a locked subscription.
pub(super) async fn save(work: &mut Work, subscription: &Subscription) -> Result<(), sqlx::Error> {
    let asked = subscription.payment.as_ref();
    // The time of the statement, so that two changes never have the same time.
    sqlx::query!(
        "UPDATE subscriptions SET status = $3, starts_at = $4, ends_at = $5, anchor_at = $6, periods = $7,
                grace_until = $8, auto_cancel = $9, reminded = $10, payment_id = $11, payment_until = $12,
                payment_url = $13, updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        subscription.id.uuid(),
        subscription.status.name(),
        subscription.starts_at,
        subscription.ends_at,
        subscription.anchor_at,
        subscription.periods,
        subscription.grace_until,
        subscription.auto_cancel,
        subscription.reminded,
        asked.map(|asked| asked.id.uuid()),
        asked.map(|asked| asked.until),
        asked.and_then(|asked| asked.url.as_deref())
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Adds a period. Returns `false` when its payment has a period already.
pub(super) async fn append(
    work: &mut Work,
    subscription: SubscriptionId,
    period: &PaidPeriod,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO subscription_periods (workspace_id, id, subscription_id, starts_at, ends_at, payment_id,
                                           amount_minor, currency, paid_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        period.id.uuid(),
        subscription.uuid(),
        period.starts_at,
        period.ends_at,
        period.payment_id.uuid(),
        period.amount.minor,
        period.amount.currency.code(),
        period.paid_at
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The paid periods of a subscription, newest first.
pub async fn periods(
    work: &mut Work,
    subscription: SubscriptionId,
    after: Option<PeriodId>,
    limit: i64,
) -> Result<Vec<PaidPeriod>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: PeriodId", starts_at, ends_at, payment_id AS "payment_id: PaymentId", amount_minor, currency,
                  paid_at, refunded_at
           FROM subscription_periods
           WHERE workspace_id = $1 AND subscription_id = $2 AND ($3::uuid IS NULL OR id < $3)
           ORDER BY id DESC LIMIT $4"#,
        work.workspace().uuid(),
        subscription.uuid(),
        after.map(PeriodId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    let periods = rows.into_iter().map(|row| {
        Ok(PaidPeriod {
            id: row.id,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            payment_id: row.payment_id,
            amount: money(row.amount_minor, &row.currency)?,
            paid_at: row.paid_at,
            refunded_at: row.refunded_at,
        })
    });
    periods.collect()
}

/// Stores that a period was refunded.
pub(super) async fn refunded(work: &mut Work, payment: PaymentId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE subscription_periods SET refunded_at = coalesce(refunded_at, $3)
         WHERE workspace_id = $1 AND payment_id = $2",
        work.workspace().uuid(),
        payment.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The encrypted details.
pub(super) async fn details(
    work: &mut Work,
    id: SubscriptionId,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "SELECT details FROM subscriptions WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(found.flatten())
}

pub(super) async fn set_details(
    work: &mut Work,
    id: SubscriptionId,
    sealed: Option<&[u8]>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE subscriptions SET details = $3, updated_at = clock_timestamp() WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        sealed
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
