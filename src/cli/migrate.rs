use super::output;
use crate::{
    CliError,
    config::Config,
    runtime::{Runtime, Whose},
};

/// Applies the missing migrations. Several processes may do this at the same time. All but one find nothing to do.
pub async fn run(config: Config) -> Result<(), CliError> {
    let runtime = Runtime::open(config, Whose::OursOrAnybodys).await?;
    let migrated = kazi_jobs::migrate(&runtime.ctx.owner, &runtime.ctx.clock).await;
    runtime.close().await;
    migrated?;
    output::print("the database is up to date\n")
}
