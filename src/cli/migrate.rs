//! `kazi migrate`.

use super::output;
use crate::{
    Fault,
    config::Config,
    runtime::{Runtime, Whose},
};

/// Brings the database up to this program. Any number may do so at once; all but one find nothing to do.
pub async fn run(config: Config) -> Result<(), Fault> {
    let runtime = Runtime::open(config, Whose::Anybodys).await?;
    let migrated = kazi_jobs::migrate(&runtime.ctx.owner, &runtime.ctx.clock).await;
    runtime.close().await;
    migrated?;
    output::print("the database is up to date\n")
}
