//! Says who would enter an automation today, without sending.

use std::collections::BTreeMap;

use chrono::{NaiveTime, TimeDelta};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Automation, AutomationError, clock,
    enter::{self, Found, PAGES, Place},
    model::{Action, Trigger},
    store::enrolments::{self, Candidate},
    variables,
};
use crate::{
    Work,
    campaigns::{self, Composed, NO_TEMPLATE},
    contacts::{self, Audience, ContactId},
    workspaces,
};

/// Contacts that are shown.
const SAMPLE: usize = 20;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AutomationSimulation)]
pub struct Simulation {
    /// Contacts who would enter.
    pub contacts: i64,
    /// The trigger finds more contacts than the first 100,000, which are looked at.
    pub more: bool,
    /// Contacts whom the trigger finds and who have entered before.
    pub entered_before: i64,
    /// The first of those who would enter.
    pub sample: Vec<Simulated>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AutomationSimulated)]
pub struct Simulated {
    pub contact_id: ContactId,
    pub name: Option<String>,
    #[schema(example = "2030")]
    pub occurrence: String,
    /// Why the first message would not reach the contact, or not now. `null`: it would.
    #[schema(example = "opted_out")]
    pub reason: Option<String>,
}

/// Simulates the looks of today. The caller rolls the work back: trying a message may begin a conversation.
pub async fn simulate(
    work: &mut Work,
    automation: &Automation,
) -> Result<Simulation, AutomationError> {
    let span = match automation.trigger {
        Trigger::Anniversary { .. } => {
            // From the last midnight to the next one.
            let zone = workspaces::time_zone(work).await?;
            let end = clock::next_local(zone, NaiveTime::MIN, work.now());
            let begin = end - TimeDelta::days(1) - TimeDelta::seconds(1);
            (Some(begin), end - TimeDelta::seconds(1))
        }
        // Without a look before, those of a day.
        Trigger::CartAbandoned { .. } => {
            let day = work.now() - TimeDelta::days(1);
            (automation.looked_at.or(Some(day)), work.now())
        }
        _ => (automation.looked_at, work.now()),
    };
    let mut all = Simulation {
        contacts: 0,
        more: false,
        entered_before: 0,
        sample: Vec::new(),
    };
    let mut first: BTreeMap<ContactId, Candidate> = BTreeMap::new();
    let mut place = Place::default();
    for page in 0.. {
        if page == PAGES {
            all.more = true;
            break;
        }
        let found = match enter::candidates(work, automation, span, place).await? {
            Found::Contacts(found, next) => {
                place = next;
                found
            }
            Found::End => break,
            Found::Broken(_, words) => return Err(AutomationError::Conflict(words)),
        };
        let may = enrolments::may_enter(work, automation, &found).await?;
        all.contacts += i64::try_from(may.len()).unwrap_or_default();
        all.entered_before += i64::try_from(found.len() - may.len()).unwrap_or_default();
        let entering = found
            .into_iter()
            .filter(|one| may.binary_search(&one.contact).is_ok());
        first.extend(
            entering
                .take(SAMPLE.saturating_sub(first.len()))
                .map(|one| (one.contact, one)),
        );
    }
    for candidate in first.into_values() {
        all.sample.extend(tried(work, automation, candidate).await?);
    }
    Ok(all)
}

/// Tries the first message for a contact.
async fn tried(
    work: &mut Work,
    automation: &Automation,
    candidate: Candidate,
) -> Result<Option<Simulated>, AutomationError> {
    let everybody = Audience::default();
    let Some(contact) = contacts::addressee(work, &everybody, candidate.contact).await? else {
        return Ok(None);
    };
    let first = automation.steps.iter().find_map(|step| match &step.action {
        Action::Send {
            channel_id,
            content,
        } => Some((*channel_id, content)),
        _ => None,
    });
    let reason = match first {
        None => None,
        Some((channel, content)) => {
            let content = variables::fill(content, &candidate.values);
            match campaigns::compose(work, channel, &content, &contact).await? {
                Composed::Message(_) => None,
                Composed::Quiet(_) => Some("quiet_hours"),
                Composed::Waits => Some(NO_TEMPLATE),
                Composed::Skips(why) | Composed::NotTo(why) => Some(why),
                Composed::Nobody(code, _) => Some(code),
            }
        }
    };
    Ok(Some(Simulated {
        contact_id: candidate.contact,
        name: contact.name,
        occurrence: candidate.occurrence,
        reason: reason.map(str::to_owned),
    }))
}
