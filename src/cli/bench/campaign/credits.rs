//! The credits of the measured campaign.

use kazi_jobs::{
    Context, Work,
    credits::{self, Credits, Grant, Terms},
};
use kazi_platform::{WorkspaceId, actor::Actor};

use crate::CliError;

/// Makes the workspace prepaid, with as many credits as the campaign has recipients.
pub async fn fill(ctx: &Context, workspace: WorkspaceId, credits: u32) -> Result<(), CliError> {
    let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
    let terms = Terms {
        prepaid: true,
        prices: Vec::new(),
    };
    let account = credits::lock_or_make(&mut work).await?;
    credits::set_terms(&mut work, &account, &terms).await?;
    let grant = Grant {
        credits: credits.into(),
        reason: "a measurement".into(),
    };
    credits::give(&mut work, &grant).await?;
    Ok(work.commit().await?)
}

/// Counts what does not hold in the books now, and says it.
pub async fn faults(ctx: &Context, workspace: WorkspaceId) -> Result<usize, CliError> {
    let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
    let faults = credits::check(&mut work).await?;
    for fault in &faults {
        tracing::error!(fault, "the books of the credits do not hold");
    }
    Ok(faults.len())
}

/// The balance when all is over.
pub async fn left(ctx: &Context, workspace: WorkspaceId) -> Result<Credits, CliError> {
    let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
    Ok(credits::credits(&mut work, None).await?)
}
