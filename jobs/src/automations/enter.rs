//! Finds the contacts of a trigger, and enters them: a row and the job of the first step for each, in one transaction.

use chrono::TimeDelta;
use kazi_platform::Timestamp;
use kazi_queue::{Job, enqueue_all_with};

use super::{
    Automation, AutomationError, DoStep, clock,
    input::{audience_of, time_of},
    model::{Trigger, Values},
    store::enrolments::{self, Candidate},
};
use crate::{
    Work,
    campaigns::zone_of_contact,
    contacts::{self, ContactId, Standing},
    orders::{self, CartId},
    workspaces,
};

/// Contacts of one page.
const PAGE: i64 = 1_000;
/// Pages that are counted for a member, who waits for it.
pub(super) const PAGES: usize = 100;

/// How far the reading of a trigger's contacts has come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    after: Option<ContactId>,
    active: Option<(Timestamp, ContactId)>,
    cart: Option<(Timestamp, CartId)>,
}

/// A page of a trigger's contacts.
pub(super) enum Found {
    Contacts(Vec<Candidate>, Place),
    /// There are no more.
    End,
    /// The rule cannot be applied any more: a code, and a sentence for people.
    Broken(&'static str, String),
}

/// Reads the contacts that a trigger finds between two times. Without the first, a look at silent contacts finds all, and
/// one at anniversaries none.
pub(super) async fn candidates(
    work: &mut Work,
    automation: &Automation,
    (from, at): (Option<Timestamp>, Timestamp),
    place: Place,
) -> Result<Found, AutomationError> {
    match &automation.trigger {
        Trigger::Cron {
            segment_id,
            audience,
            ..
        } => {
            let Some(audience) = audience_of(work, *segment_id, audience.as_deref()).await? else {
                let words = "its segment is gone".to_owned();
                return Ok(Found::Broken("segment_gone", words));
            };
            let found = match contacts::audience(work, &audience, place.after, PAGE).await {
                Err(contacts::ContactError::Invalid(fault)) => {
                    return Ok(Found::Broken("segment_broken", fault.to_string()));
                }
                found => found?,
            };
            let last = found.last().map(|contact| contact.id);
            // Those who can be sent nothing need not enter.
            let found = found.into_iter().filter(|one| one.blocked_at.is_none());
            let occurrence = at.format("%Y-%m-%dT%H:%MZ").to_string();
            let found = found.map(|contact| Candidate {
                contact: contact.id,
                occurrence: occurrence.clone(),
                values: Values::new(),
            });
            Ok(page(found.collect(), last, place))
        }
        Trigger::Anniversary { field, time } => {
            let Some(time) = time_of(time) else {
                return Ok(Found::End);
            };
            let home = workspaces::time_zone(work).await?;
            let span = (from.unwrap_or(at), at);
            let days = clock::days(span.0, span.1);
            let found = contacts::dated(work, field, &days, place.after, PAGE).await?;
            let last = found.last().map(|contact| contact.id);
            let found = found.into_iter().filter_map(|one| {
                let zone = zone_of_contact(one.phone.as_deref(), one.country.as_deref(), home);
                let (year, years) = clock::anniversary(&one.date, time, zone, span)?;
                Some(Candidate {
                    contact: one.id,
                    occurrence: year.to_string(),
                    values: Values::from([
                        ("date".to_owned(), one.date),
                        ("years".to_owned(), years.to_string()),
                    ]),
                })
            });
            Ok(page(found.collect(), last, place))
        }
        Trigger::Inactive { days } => {
            let silent = TimeDelta::days(i64::from(*days));
            let span = (from.map(|from| from - silent), at - silent);
            let found = contacts::last_active(work, span, place.active, PAGE).await?;
            let Some(last) = found.last().copied() else {
                return Ok(Found::End);
            };
            let values = Values::from([("days".to_owned(), days.to_string())]);
            let found = found.into_iter().map(|(active_at, contact)| Candidate {
                contact,
                // The contact may fall silent again.
                occurrence: active_at.timestamp_micros().to_string(),
                values: values.clone(),
            });
            let place = Place {
                active: Some(last),
                ..place
            };
            Ok(Found::Contacts(found.collect(), place))
        }
        Trigger::CartAbandoned { minutes } => {
            let idle = TimeDelta::minutes(i64::from(*minutes));
            let span = (from.map(|from| from - idle), at - idle);
            let found = orders::idle_carts(work, span, place.cart, PAGE).await?;
            let Some(last) = found.last().map(|cart| (cart.updated_at, cart.id)) else {
                return Ok(Found::End);
            };
            let found = found.into_iter().map(|cart| Candidate {
                contact: cart.contact,
                // It may be touched and abandoned again.
                occurrence: format!("{}:{}", cart.id, cart.updated_at.timestamp()),
                values: Values::from([("pieces".to_owned(), cart.pieces.to_string())]),
            });
            let place = Place {
                cart: Some(last),
                ..place
            };
            Ok(Found::Contacts(found.collect(), place))
        }
        Trigger::OrderDelivered {}
        | Trigger::BookingCompleted {}
        | Trigger::SubscriptionEnded {}
        | Trigger::PointsReached { .. } => Ok(Found::End),
    }
}

fn page(found: Vec<Candidate>, last: Option<ContactId>, place: Place) -> Found {
    match last {
        None => Found::End,
        after => Found::Contacts(found, Place { after, ..place }),
    }
}

/// Enters contacts into a locked automation, as far as its rules of entry allow. Returns how many have entered.
pub(super) async fn enter(
    work: &mut Work,
    automation: &Automation,
    candidates: &[Candidate],
) -> Result<usize, AutomationError> {
    let Some(first) = automation.steps.first() else {
        return Ok(0);
    };
    let mut contacts: Vec<ContactId> = candidates.iter().map(|one| one.contact).collect();
    contacts.sort_unstable();
    contacts.dedup();
    // Held before their enrolments, as by a merge.
    let standings = contacts::standings(work, &contacts).await?;
    let mut candidates = candidates.to_vec();
    candidates.retain(|one| {
        let standing = standings.get(&one.contact).copied();
        Standing::against(standing, false).is_none()
    });
    if let Some(most) = automation.daily_entries {
        let day = work.now() - TimeDelta::days(1);
        let entered = enrolments::entered_since(work, automation.id, day).await?;
        let left = usize::try_from(i64::from(most) - entered).unwrap_or_default();
        if candidates.len() > left {
            // Those who may not enter take nobody's place.
            let may = enrolments::may_enter(work, automation, &candidates).await?;
            candidates.retain(|one| may.binary_search(&one.contact).is_ok());
            candidates.truncate(left);
        }
    }
    let entered = enrolments::insert(work, automation, &first.key, &candidates).await?;
    let workspace = work.workspace();
    let jobs = entered.iter().map(|&enrolment| {
        let job = DoStep {
            workspace,
            automation: automation.id,
            enrolment,
            position: 0,
        };
        let options = job.options();
        (job, options)
    });
    enqueue_all_with(work.conn(), jobs.collect()).await?;
    let trigger = automation.trigger.name();
    metrics::counter!("kazi_automations_entered_total", "trigger" => trigger)
        .increment(entered.len() as u64);
    Ok(entered.len())
}

/// Counts the contacts that would enter by the next look of a trigger. Stops when there are more than so many.
pub(super) async fn reach(
    work: &mut Work,
    automation: &Automation,
    most: i64,
) -> Result<i64, AutomationError> {
    if let Trigger::Cron {
        segment_id,
        audience,
        ..
    } = &automation.trigger
    {
        let audience = audience_of(work, *segment_id, audience.as_deref()).await?;
        let audience = audience.ok_or(AutomationError::NotFound("segment"))?;
        return Ok(contacts::count_audience(work, &audience).await?);
    }
    let mut count = 0;
    let span = (automation.looked_at, work.now());
    let mut place = Place::default();
    for _ in 0..PAGES {
        match candidates(work, automation, span, place).await? {
            Found::Contacts(found, next) => {
                let may = enrolments::may_enter(work, automation, &found).await?;
                count += i64::try_from(may.len()).unwrap_or_default();
                place = next;
            }
            Found::End | Found::Broken(..) => return Ok(count),
        }
    }
    // Nobody has looked at the others, so a member has to confirm them.
    Ok(count.max(most + 1))
}
