//! Subscriptions: plans that end and are renewed by a payment.

pub mod chat;

use kazi_platform::{Timestamp, WorkspaceId, id};
use kazi_queue::{EnqueueError, Registry};
use sqlx::PgConnection;

use crate::{
    Context,
    payments::{Ended, Opened, Paid},
};

id!(
    /// A subscription.
    pub struct SubscriptionId, "sub_"
);

/// Adds the domain's jobs.
pub fn domain(registry: Registry<Context>) -> Registry<Context> {
    registry
}

/// The customer can pay now: where.
///
/// # Errors
/// The database failed.
pub async fn payment_opened(
    _conn: &mut PgConnection,
    _now: Timestamp,
    _workspace: WorkspaceId,
    _id: SubscriptionId,
    _opened: &Opened,
) -> Result<(), EnqueueError> {
    Ok(())
}

/// It is paid. This may be told more than once.
///
/// # Errors
/// The database failed.
pub async fn paid(
    _conn: &mut PgConnection,
    _now: Timestamp,
    _workspace: WorkspaceId,
    _id: SubscriptionId,
    _paid: &Paid,
) -> Result<(), EnqueueError> {
    Ok(())
}

/// It will not be paid, or the money went back. This may be told more than once.
///
/// # Errors
/// The database failed.
pub async fn payment_ended(
    _conn: &mut PgConnection,
    _now: Timestamp,
    _workspace: WorkspaceId,
    _id: SubscriptionId,
    _ended: &Ended,
) -> Result<(), EnqueueError> {
    Ok(())
}
