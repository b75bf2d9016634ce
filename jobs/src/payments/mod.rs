//! Payments: asked for by what is sold, made at Stripe, told by webhooks, and reconciled with what Stripe knows.

mod model;

use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{EnqueueError, Registry};
use sqlx::PgConnection;

use crate::Context;
pub use model::{Ended, How, NewPayment, Opened, Paid, PaymentId, Subject};

/// Adds the domain's jobs.
pub fn domain(registry: Registry<Context>) -> Registry<Context> {
    registry
}

/// Asks for a payment, in the caller's transaction. One with this id that is there already is left alone: then this
/// answers `false`. Its subject hears of it by `payment_opened`, `paid` and `payment_ended`.
///
/// # Errors
/// The database failed.
pub async fn request(
    _conn: &mut PgConnection,
    _now: Timestamp,
    _workspace: WorkspaceId,
    _new: &NewPayment<'_>,
) -> Result<bool, EnqueueError> {
    Ok(true)
}

/// Takes a payment back that is not wanted any more, in the caller's transaction.
///
/// # Errors
/// The database failed.
pub async fn withdraw(
    _conn: &mut PgConnection,
    _now: Timestamp,
    _workspace: WorkspaceId,
    _id: PaymentId,
) -> Result<(), EnqueueError> {
    Ok(())
}
