//! What jobs need to call Stripe, and the reaction when Stripe refuses the key.

use std::time::Duration;

use kazi_clients::stripe::{self, Stripe};
use kazi_platform::WorkspaceId;
use kazi_queue::JobError;
use serde_json::json;

use super::PaymentAccount;
use crate::{
    Context, Role, Work,
    notifications::{self, Kind, Notification, To},
    payments::{PaymentAccountId, store::accounts as table},
};

/// Wait of a job while the key of its account is refused.
const REFUSED: Duration = Duration::from_secs(300);

/// The account of a job, with its client. No connection is held.
pub(in crate::payments) async fn open(
    ctx: &Context,
    workspace: WorkspaceId,
    id: PaymentAccountId,
) -> Result<(PaymentAccount, Stripe), JobError> {
    let mut work = Work::of(ctx, workspace).await?;
    let found = table::find(work.conn(), &ctx.keyring, id).await;
    drop(work);
    let account = found
        .map_err(|error| JobError::retry("sealed", error))?
        .ok_or_else(|| JobError::discard("account", "the payment account is out of use"))?;
    if !account.active {
        return Err(JobError::snooze(REFUSED, "Stripe does not accept the key"));
    }
    let client = account.client(ctx);
    Ok((account, client))
}

/// The reaction to a failed call that creates nothing.
pub(in crate::payments) async fn failed(
    ctx: &Context,
    workspace: WorkspaceId,
    account: PaymentAccountId,
    error: stripe::Error,
) -> JobError {
    let outcome = match &error {
        stripe::Error::Credential(_) => {
            return match refuse(ctx, workspace, account, &error.to_string()).await {
                Ok(()) => JobError::snooze(REFUSED, error),
                Err(failed) => failed.into(),
            };
        }
        stripe::Error::TooFast(after) => {
            let wait = after.unwrap_or(Duration::from_secs(1));
            return JobError::park(wait, error);
        }
        stripe::Error::Refused(_) | stripe::Error::KeyReused => "refused",
        stripe::Error::Conflict => "conflict",
        stripe::Error::Unavailable { .. } => "unavailable",
        stripe::Error::Failed(_) => "no_answer",
    };
    if outcome == "refused" {
        JobError::discard(outcome, error)
    } else {
        JobError::retry(outcome, error)
    }
}

/// Stores that Stripe refuses the key, and notifies the owners once.
async fn refuse(
    ctx: &Context,
    workspace: WorkspaceId,
    account: PaymentAccountId,
    words: &str,
) -> Result<(), sqlx::Error> {
    let mut work = Work::of(ctx, workspace).await?;
    if table::refuse(&mut work, account, words).await? {
        tracing::error!(payment_account.id = %account, "Stripe does not accept the key: a person must look");
        let notification = Notification {
            kind: Kind::PAYMENTS_NEED_YOU,
            title: "Stripe does not accept the key of your account: nobody can pay",
            data: &json!({"payment_account": account}),
        };
        notifications::notify(&mut work, To::Role(Role::Owner), &notification).await?;
    }
    work.commit().await
}
