//! The demo's account at the simulated Stripe.

use kazi_jobs::payments::{self, NewAccount};
use kazi_platform::{WorkspaceId, actor::Actor};
use kazi_queue::trace::TraceId;
use kazi_simulators::{Simulators, StripeAccount};

use crate::{CliError, runtime::Runtime};

/// Stripe's id of the business's account. It is always the same, so that the business keeps its account.
pub const ACCOUNT: &str = "acct_1MamaZuriMarket";

/// Connects a workspace with an account at Stripe, or replaces its secrets.
pub async fn connect(
    runtime: &Runtime,
    workspace: WorkspaceId,
    simulators: &Simulators,
    (own, account): (&str, &str),
) -> Result<(), CliError> {
    let mut account = StripeAccount {
        account: account.into(),
        key: format!("sk_test_{}", TraceId::random()),
        webhook_secret: format!("whsec_{}", TraceId::random()),
        webhook_url: String::new(),
    };
    simulators.add_stripe(account.clone());
    let new = NewAccount {
        key: account.key.clone().into(),
        webhook_secret: Some(account.webhook_secret.clone().into()),
    };
    let connected = payments::put_account(&runtime.ctx, workspace, &Actor::SYSTEM, &new).await?;
    // The address contains our id of the account.
    account.webhook_url = payments::webhook_url(own, connected.id);
    simulators.add_stripe(account);
    Ok(())
}
