//! The lanes as an operator names them: `chn_…` for a sending number, `wsp_…` for a workspace, and the ids of accounts and
//! endpoints. The queue knows a workspace's lane by its bare uuid; an operator may type this too, and is shown `wsp_…`.

use kazi_jobs::{
    channels,
    endpoints::EndpointId,
    payments::PaymentAccountId,
    social::AccountId,
    workspaces::{self, TenantFilter},
};
use kazi_platform::{WorkspaceId, database};
use kazi_queue::{
    Pool,
    lanes::{self, LaneFilter},
};
use uuid::Uuid;

use super::near::unknown;
use crate::{CliError, runtime::Runtime};

/// Names that are looked at for the one that was meant.
const MOST_NAMES: i64 = 10_000;

/// The name of a lane as operators see it.
pub fn shown(lane: &str) -> String {
    match Uuid::try_parse(lane) {
        Ok(uuid) => WorkspaceId::from(uuid).to_string(),
        Err(_) => lane.to_owned(),
    }
}

/// The name of a lane as the queue knows it.
fn stored(said: &str) -> String {
    let workspace: Option<WorkspaceId> = said.parse().ok();
    workspace.map_or_else(|| said.to_owned(), |id| id.uuid().to_string())
}

/// Finds the lane that an operator names.
///
/// # Errors
/// Nothing has this name: no workspace, no channel, and no lane of the pool with jobs or limits.
pub async fn find(runtime: &Runtime, pool: Pool, said: &str) -> Result<String, CliError> {
    let lane = stored(said);
    // Accounts and endpoints have lanes too. The domains keep who has which, so their form must do.
    if said.parse::<EndpointId>().is_ok()
        || said.parse::<PaymentAccountId>().is_ok()
        || said.parse::<AccountId>().is_ok()
    {
        return Ok(lane);
    }
    let mut known = Vec::new();
    let filter = LaneFilter {
        pools: &[pool],
        held: false,
        after: None,
        limit: MOST_NAMES,
    };
    let busy = lanes::busy(&mut *runtime.ctx.owner.acquire().await?, filter).await?;
    known.extend(busy.into_iter().map(|busy| busy.lane.lane));
    // The operator may name lanes of all workspaces.
    let mut tx = database::platform(&runtime.ctx.db).await?;
    let channels = channels::list(&mut tx).await?;
    known.extend(channels.into_iter().map(|channel| channel.id.to_string()));
    if let Ok(id) = Uuid::try_parse(&lane)
        && workspaces::names(&mut tx, &[id]).await?.contains_key(&id)
    {
        return Ok(lane);
    }
    if known.contains(&lane) {
        return Ok(lane);
    }
    let any = TenantFilter::default();
    let tenants = workspaces::tenants(&mut tx, &any, None, MOST_NAMES).await?;
    let mut known: Vec<String> = known.iter().map(|lane| shown(lane)).collect();
    known.extend(tenants.into_iter().map(|tenant| tenant.id.to_string()));
    known.sort_unstable();
    known.dedup();
    let what = format!("lane of the pool {}", pool.name());
    Err(unknown(&what, said, known.iter().map(String::as_str)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspaces_lane_is_shown_in_the_form_that_is_typed() {
        let id = WorkspaceId::new();
        let lane = stored(&id.to_string());
        assert_eq!(lane, id.uuid().to_string());
        assert_eq!(shown(&lane), id.to_string());
        assert_eq!(stored(&lane), lane);
        let channel = "chn_0190a5b2c3d4e5f60718293a4b5c6d7e";
        assert_eq!(
            (shown(channel), stored(channel)),
            (channel.into(), channel.into())
        );
    }
}
