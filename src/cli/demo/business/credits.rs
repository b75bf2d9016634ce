//! The platform's own workspace, which sells credits to the others. It has nobody but its account at Stripe.

use kazi_jobs::{
    Across,
    workspaces::{self, NewWorkspace},
};
use kazi_platform::{WorkspaceId, actor::Actor};
use kazi_simulators::Simulators;

use super::payments;
use crate::{CliError, runtime::Runtime};

const NAME: &str = "Kazi Platform";
/// Stripe's id of the account. It is always the same, so that the platform keeps its account.
const ACCOUNT: &str = "acct_1KaziPlatform";

/// Creates the workspace or finds it.
pub async fn seller(
    runtime: &Runtime,
    simulators: &Simulators,
    own: &str,
) -> Result<WorkspaceId, CliError> {
    let ctx = &runtime.ctx;
    // As the platform, because the workspace may not exist yet.
    let mut across = Across::begin(&ctx.db, ctx.clock.now(), Actor::OPERATOR).await?;
    let there = workspaces::by_name(across.conn(), NAME).await?;
    let seller = match there {
        Some(there) => there,
        None => {
            let new = NewWorkspace {
                name: NAME,
                default_language: "en",
                languages: &["en".to_owned()],
                country: Some("KE"),
                currency: "USD".parse()?,
            };
            workspaces::create(across.conn(), &new).await?
        }
    };
    across.commit().await?;
    payments::connect(runtime, seller, simulators, (own, ACCOUNT)).await?;
    Ok(seller)
}
