//! The first day of the demo's business. Customers write, order and pay on simulated phones, and members see to them over
//! the API, so every page of the app has something to show. It happens once, after the demo is ready: nobody waits for it.

mod customers;
mod member;
mod money;
mod office;

use std::time::Duration;

use kazi_platform::Clock;
use kazi_simulators::Simulators;

use self::{customers::Customer, member::Member};
use super::business;
use crate::CliError;

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

pub async fn play(place: &Place<'_>) -> Result<(), CliError> {
    let owner = Member::log_in(place.own, business::OWNER).await?;
    let agent = Member::log_in(place.own, business::AGENT).await?;
    office::open(&owner, place).await?;
    let customers = customers::regulars(&owner, place).await?;
    let [talkers @ .., _, _, _, _, _, _, _, _] = customers.as_slice() else {
        return Err("there are too few regular customers".into());
    };
    let buyers = &customers[talkers.len()..];
    // Before the talks: the inbox shows the newest conversations first.
    office::broadcast(&owner, buyers).await?;
    // A talk needs its buttons in sight, so nothing else is sent to those who talk.
    tokio::try_join!(
        customers::talk(talkers),
        money::earn(&owner, place, buyers),
        office::plan(&owner, place, buyers),
    )?;
    office::answer(&agent, place, talkers).await?;
    money::compare(&owner, place, buyers).await?;
    office::take_out(&owner).await
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
