//! The first day of the demo's business. Customers write, order and pay on simulated phones, and members see to them over
//! the API, so every page of the app has something to show. It happens once, after the demo is ready: nobody waits for it.
//!
//! A day that was stopped in its middle stays as it is, at the next start too: the bot already knows the customers' names,
//! and the codes of the office are taken.

mod arms;
mod credits;
mod customers;
mod loyalty;
mod marketing;
mod member;
mod money;
mod office;

use std::time::Duration;

use kazi_jobs::{
    Work,
    audit::{self, AuditFilter},
};
use kazi_platform::{Clock, WorkspaceId, actor::Actor};
use kazi_simulators::Simulators;

use self::{customers::Customer, member::Member};
use super::business;
use crate::{CliError, runtime::Runtime};

/// Time until something must have happened.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Where the day takes place.
pub struct Place<'a> {
    pub own: &'a str,
    pub simulators: &'a Simulators,
    /// The phone number id of the business.
    pub number: &'a str,
    pub clock: &'a Clock,
}

/// Says whether the day has begun at an earlier start. Its first act is an endpoint, and the log keeps that even when
/// somebody deletes the endpoint.
pub async fn has_begun(runtime: &Runtime, workspace: WorkspaceId) -> Result<bool, CliError> {
    let mut work = Work::by(&runtime.ctx, workspace, Actor::OPERATOR).await?;
    let first_act = AuditFilter {
        action: Some("endpoints.create".into()),
        ..AuditFilter::default()
    };
    let done = audit::list(&mut work, &first_act, None, 1).await?;
    Ok(!done.is_empty())
}

pub async fn play(place: &Place<'_>) -> Result<(), CliError> {
    let owner = Member::log_in(place.own, business::OWNER).await?;
    let agent = Member::log_in(place.own, business::AGENT).await?;
    office::open(&owner, place).await?;
    loyalty::open(&owner).await?;
    money::invoice(&owner).await?;
    credits::open(&owner, place).await?;
    let regulars = customers::regulars(&owner, place).await?;
    let (talkers, buyers) = regulars
        .split_at_checked(customers::LINES.len())
        .ok_or("there are too few regular customers")?;
    // Before the talks: the inbox shows the newest conversations first.
    office::broadcast(&owner, place, buyers).await?;
    arms::compare(&owner, place).await?;
    // A talk needs its buttons in sight, so nothing else is sent to those who talk.
    tokio::try_join!(
        customers::talk(talkers),
        money::earn(&owner, place, buyers),
        office::plan(&owner, place, buyers),
    )?;
    // Before the agent closes conversations: the questions come in them. The rest of the day does not need the answers.
    let (spent, judged) = tokio::join!(
        loyalty::spend(&owner, &agent, buyers),
        loyalty::judge(&owner, place, talkers),
    );
    office::answer(&agent, place, talkers).await?;
    money::compare(&owner, place, buyers).await?;
    marketing::begin(&owner, place).await?;
    office::take_out(&owner).await?;
    spent.and(judged)
}

/// Asks until there is an answer.
async fn until<T>(
    what: &str,
    ask: impl AsyncFn() -> Result<Option<T>, CliError>,
) -> Result<T, CliError> {
    let asked = async {
        loop {
            if let Some(found) = ask().await? {
                return Ok(found);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, asked).await;
    found.unwrap_or_else(|_| Err(format!("{what} is missing after {PATIENCE:?}").into()))
}
