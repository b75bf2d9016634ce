//! The demo's account at the simulated Stripe.

use kazi_jobs::{
    payments::{self, NewAccount},
    workspaces,
};
use kazi_platform::{actor::Actor, database};
use kazi_queue::trace::TraceId;
use kazi_simulators::{Simulators, StripeAccount};

use super::NAME;
use crate::{Fault, runtime::Runtime};

/// Stripe's id of it: the same every time, so that the business keeps its account.
const ACCOUNT: &str = "acct_1MamaZuriMarket";

/// Connects the business with Stripe, or gives it the secrets of this time.
pub async fn connect(runtime: &Runtime, simulators: &Simulators, own: &str) -> Result<(), Fault> {
    let ctx = &runtime.ctx;
    // By its name: which one it is is what is asked.
    let mut tx = database::platform(&ctx.db).await?;
    let workspace = workspaces::by_name(&mut tx, NAME).await?;
    drop(tx);
    let workspace = workspace.ok_or("the business is not there")?;
    let mut account = StripeAccount {
        account: ACCOUNT.into(),
        key: format!("sk_test_{}", TraceId::random()),
        webhook_secret: format!("whsec_{}", TraceId::random()),
        webhook_url: String::new(),
    };
    simulators.add_stripe(account.clone());
    let new = NewAccount {
        key: account.key.clone().into(),
        webhook_secret: Some(account.webhook_secret.clone().into()),
    };
    let connected = payments::put_account(ctx, workspace, &Actor::SYSTEM, &new).await?;
    // Its address has our id in it.
    account.webhook_url = payments::webhook_url(own, connected.id);
    simulators.add_stripe(account);
    Ok(())
}
