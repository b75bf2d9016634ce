//! The steps that members take with a campaign. Each step locks the campaign's row, so a second step at the same time
//! sees the result of the first.

use chrono::{NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use kazi_platform::{Timestamp, invalid::Invalid};
use kazi_queue::Job;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Broadcast, Campaign, CampaignError, CampaignStatus, Plan, SendIn, Start, arms,
    create::{allowed, found, subject},
    credits,
    model::CampaignStep,
    preflight, stop, store, zones,
};
use crate::{
    Work,
    audit::Change,
    channels,
    endpoints::{Type, announce},
    messages::CampaignId,
    violations::invalid,
    workspaces,
};

/// The reason of a campaign that a member has stopped.
const BY_A_PERSON: &str = "by_a_person";

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CampaignSchedule)]
pub struct Schedule {
    /// With an offset from UTC. Without one, in the workspace's time zone.
    #[schema(example = "2030-05-01T09:00:00")]
    pub at: String,
}

/// The longest time ahead: two years.
const AHEAD_DAYS: i64 = 730;

impl Schedule {
    /// Reads the moment.
    ///
    /// # Errors
    /// It is not a time, it is past, or a change of the clocks skips it.
    pub fn moment(&self, zone: &str, now: Timestamp) -> Result<Timestamp, Invalid> {
        let fault = |code, rule: &str| invalid("/at", (code, rule.to_owned()));
        let at = match self.at.parse::<Timestamp>() {
            Ok(at) => at,
            Err(_) => {
                let local = NaiveDateTime::parse_from_str(&self.at, "%Y-%m-%dT%H:%M:%S")
                    .or_else(|_| NaiveDateTime::parse_from_str(&self.at, "%Y-%m-%dT%H:%M"));
                let rule = "must be a time like 2030-05-01T09:00:00, with its offset or without";
                let local = local.map_err(|_| fault("invalid", rule))?;
                let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
                let at = zone.from_local_datetime(&local).earliest();
                let rule = "must be a time that there is: the clocks are changed just then";
                at.ok_or_else(|| fault("no_such_time", rule))?.to_utc()
            }
        };
        if at <= now {
            return Err(fault("in_the_past", "must be in the future"));
        }
        if at > now + chrono::TimeDelta::days(AHEAD_DAYS) {
            return Err(fault("too_far", "must be within two years"));
        }
        Ok(at)
    }
}

/// Plans the recipients, or plans them again. `base` is Kazi's address on the internet, as in [`send`] and [`schedule`].
pub async fn plan(
    work: &mut Work,
    before: &Campaign,
    base: &str,
) -> Result<Campaign, CampaignError> {
    if before.status == CampaignStatus::Planning {
        return Ok(before.clone());
    }
    preflight::check_all(work, before, base).await?;
    begin(work, before, None, None).await?;
    end(work, "campaigns.plan", before).await
}

/// Begins a planning. `then` is the status to take after it.
async fn begin(
    work: &mut Work,
    before: &Campaign,
    then: Option<CampaignStatus>,
    at: Option<Timestamp>,
) -> Result<(), CampaignError> {
    allowed(before, CampaignStep::Plan, "it cannot be planned now")?;
    store::recipients::clear(work, before.id).await?;
    let run = store::begin_planning(work, before.id, then, at).await?;
    let job = Plan {
        workspace: work.workspace(),
        campaign: before.id,
        run,
    };
    job.enqueue(work.conn()).await?;
    Ok(())
}

/// Sends a campaign now, after planning it if needed. A second call sends nothing more.
pub async fn send(
    work: &mut Work,
    before: &Campaign,
    base: &str,
) -> Result<Campaign, CampaignError> {
    let sends = Some(CampaignStatus::Sending);
    match before.status {
        CampaignStatus::Sending => return Ok(before.clone()),
        CampaignStatus::Planning if before.then == sends => return Ok(before.clone()),
        _ if before.send_in != SendIn::Workspace => {
            let words = "it goes out by the recipients' clocks: give it a start time";
            return Err(CampaignError::Conflict(words.to_owned()));
        }
        _ => preflight::check_all(work, before, base).await?,
    }
    match before.status {
        CampaignStatus::Draft | CampaignStatus::Failed => {
            begin(work, before, sends, None).await?;
        }
        _ => {
            allowed(before, CampaignStep::Send, "it cannot be sent now")?;
            stop::can_send(work, before).await?;
            credits::demand(work, before).await?;
            go(work, before.id).await?;
        }
    }
    end(work, "campaigns.send", before).await
}

/// Starts the sending. The caller holds the campaign's row.
pub(super) async fn go(work: &mut Work, id: CampaignId) -> Result<(), sqlx::Error> {
    let run = store::begin_sending(work, id).await?;
    let job = Broadcast {
        workspace: work.workspace(),
        campaign: id,
        run,
    };
    job.enqueue(work.conn()).await?;
    announce(work, Type::CAMPAIGN_SENDING, id).await?;
    Ok(())
}

/// Sets the start time, and plans the campaign if needed.
pub async fn schedule(
    work: &mut Work,
    before: &Campaign,
    schedule: &Schedule,
    base: &str,
) -> Result<Campaign, CampaignError> {
    let business = workspaces::view(work).await;
    let business = business.map_err(|_| CampaignError::NotFound("workspace"))?;
    let at = schedule.moment(&business.time_zone, work.now())?;
    if before.contents().iter().any(|one| one.is_over(at)) {
        let rule = "must be before the end of the offer";
        return Err(invalid("/at", ("after_the_offer", rule.to_owned())).into());
    }
    preflight::check_all(work, before, base).await?;
    match before.status {
        CampaignStatus::Draft | CampaignStatus::Failed => {
            let then = Some(CampaignStatus::Scheduled);
            begin(work, before, then, Some(at)).await?;
        }
        _ => {
            allowed(before, CampaignStep::Schedule, "it cannot be scheduled now")?;
            credits::demand(work, before).await?;
            put_off(work, before.id, at).await?;
        }
    }
    end(work, "campaigns.schedule", before).await
}

/// Schedules the campaign. The caller holds its row.
pub(super) async fn put_off(
    work: &mut Work,
    id: CampaignId,
    at: Timestamp,
) -> Result<(), CampaignError> {
    store::set_scheduled(work, id, at).await?;
    // Where the recipients' clocks are ahead, it starts earlier.
    let campaign = found(work, id).await?;
    let at = zones::starts_at(work, &campaign).await?.unwrap_or(at);
    let job = Start {
        workspace: work.workspace(),
        campaign: id,
        at,
    };
    let options = job.options().due(at);
    job.enqueue_with(work.conn(), options).await?;
    Ok(())
}

/// Pauses a campaign and takes back the messages that have not left.
pub async fn pause(work: &mut Work, before: &Campaign) -> Result<Campaign, CampaignError> {
    // Neither goes on by itself. A resume lets a failed canary pass, so its reason stays.
    let waits = arms::is_held(before)
        || matches!(
            before.reason.as_deref(),
            Some(BY_A_PERSON | "canary_failed")
        );
    if before.status == CampaignStatus::Paused && waits {
        return Ok(before.clone());
    }
    if before.status != CampaignStatus::Paused {
        allowed(before, CampaignStep::Pause, "there is nothing to pause")?;
    }
    // It no longer goes on by itself when its template is approved.
    let why = Some((BY_A_PERSON, "paused by a person"));
    let paused = CampaignStatus::Paused;
    store::set_stopped(work, before.id, paused, why).await?;
    stop::take_back(work, before.id).await?;
    announce(work, Type::CAMPAIGN_PAUSED, before.id).await?;
    end(work, "campaigns.pause", before).await
}

/// Lets a paused campaign go on with the recipients that are left.
pub async fn resume(work: &mut Work, before: &Campaign) -> Result<Campaign, CampaignError> {
    if before.status == CampaignStatus::Sending {
        return Ok(before.clone());
    }
    allowed(before, CampaignStep::Resume, "it is not paused")?;
    if arms::is_held(before) {
        let words = "its test waits for a winner: choose the arm that the others get";
        return Err(CampaignError::Conflict(words.to_owned()));
    }
    carry_on(work, before).await?;
    end(work, "campaigns.resume", before).await
}

/// Sends a paused campaign, or schedules it again. The caller holds its row.
pub(super) async fn carry_on(work: &mut Work, before: &Campaign) -> Result<(), CampaignError> {
    let now = work.now();
    let starts = zones::starts_at(work, before).await?;
    let ahead = starts.is_some_and(|at| before.started_at.is_none() && at > now);
    let later = before.scheduled_at.filter(|_| ahead);
    if later.is_none() {
        stop::can_send(work, before).await?;
    }
    credits::demand(work, before).await?;
    match later {
        Some(at) => put_off(work, before.id, at).await,
        None => Ok(go(work, before.id).await?),
    }
}

/// Cancels a campaign and takes back the messages that have not left.
pub async fn cancel(work: &mut Work, before: &Campaign) -> Result<Campaign, CampaignError> {
    let cancelled = CampaignStatus::Cancelled;
    if before.status == cancelled {
        return Ok(before.clone());
    }
    allowed(before, CampaignStep::Cancel, "there is nothing to cancel")?;
    let why = Some((BY_A_PERSON, "cancelled by a person"));
    store::set_stopped(work, before.id, cancelled, why).await?;
    stop::take_back(work, before.id).await?;
    announce(work, Type::CAMPAIGN_CANCELLED, before.id).await?;
    end(work, "campaigns.cancel", before).await
}

async fn end(
    work: &mut Work,
    action: &'static str,
    before: &Campaign,
) -> Result<Campaign, CampaignError> {
    let after = found(work, before.id).await?;
    work.audit(&Change::updated(action, subject(before), before, &after))
        .await?;
    Ok(after)
}

/// Reads the campaign's channel.
pub(super) async fn sender_of(
    work: &mut Work,
    campaign: &Campaign,
) -> Result<Option<channels::Sender>, sqlx::Error> {
    channels::sender(work, campaign.channel_id).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_the_workspaces_zone_and_lies_ahead() {
        let now: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
        let read = |at: &str, zone: &str| Schedule { at: at.into() }.moment(zone, now);
        let is = |at: &str| Ok(at.parse::<Timestamp>().unwrap());
        assert_eq!(
            read("2026-03-01T14:00", "Africa/Nairobi"),
            is("2026-03-01T11:00:00Z")
        );
        assert_eq!(
            read("2026-03-01T14:00:00+02:00", "Africa/Nairobi"),
            is("2026-03-01T12:00:00Z")
        );
        for (at, zone, code) in [
            ("2026-03-01T12:59:59", "Africa/Nairobi", "in_the_past"),
            ("2026-03-01T10:00:00Z", "UTC", "in_the_past"),
            ("2036-03-01T10:00:00Z", "UTC", "too_far"),
            // The clocks jump from 2:00 to 3:00.
            ("2026-03-29T02:30:00", "Europe/Berlin", "no_such_time"),
            ("tomorrow", "UTC", "invalid"),
        ] {
            assert_eq!(read(at, zone).unwrap_err().0[0].code, code, "{at}");
        }
    }
}
