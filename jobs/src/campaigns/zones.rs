//! Campaigns by the clock of each recipient: the same hour in each time zone, or the hour in which the contact reads.
//!
//! The planning freezes the zone and the hour of each recipient. Recipients who share both are a group, and a broadcast
//! takes the groups whose time has come. So there is one job, whatever the number of zones.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Campaign, CampaignError, quiet::Quiet, recipient::Fit, single::zone_of_contact,
    store::delivery as store,
};
use crate::{
    Work,
    contacts::{Addressee, ContactId},
    conversations::MessageId,
    messages,
    workspaces::{self, FrequencyCap},
};

/// Past days in which what a contact has read counts.
const READ_DAYS: i64 = 90;
/// Fewer messages say nothing about the hour in which a contact reads.
const LEAST_READ: u32 = 3;
/// The custom field with a contact's time zone.
const OWN_ZONE: &str = "time_zone";

kazi_platform::texts! {
    /// By whose clock a campaign goes out.
    pub enum SendIn as "CampaignSendIn" {
        /// At its start time, to everybody.
        Workspace = "workspace_zone",
        /// At the same hour in the time zone of each recipient: that of the custom field `time_zone`, or else of the
        /// country of the phone, or else the workspace's.
        Recipient = "recipient_zone",
        /// On the same day, at the hour in which the recipient has read most campaigns of the last 90 days. With fewer
        /// than three: at the campaign's hour in their zone.
        BestHour = "best_hour",
    }
}

/// Recipients who get it at the same time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignZone)]
pub struct Group {
    /// IANA.
    #[schema(example = "Africa/Nairobi")]
    pub time_zone: String,
    /// The hour in which they read. `None`: the campaign's.
    pub hour: Option<i16>,
    pub recipients: i64,
}

impl Group {
    fn zone(&self, home: Tz) -> Tz {
        self.time_zone.parse().unwrap_or(home)
    }
}

/// What must wait, and until when at the earliest; or, by the recipients' clocks, what is due.
#[derive(Debug, Default)]
pub(super) struct Later {
    /// Countries in their quiet hours.
    pub countries: Vec<String>,
    /// Groups whose time has come, outside their quiet hours. `None`: the campaign has no groups.
    pub due: Option<Vec<Group>>,
    pub until: Option<Timestamp>,
    /// The workspace's frequency cap, which is read with its quiet hours.
    pub cap: Option<FrequencyCap>,
}

impl Later {
    fn wait_for(&mut self, at: Timestamp) {
        self.until = Some(self.until.map_or(at, |until| until.min(at)));
    }
}

/// Notes the zone and the hour of contacts that become recipients.
pub(super) async fn place(
    work: &mut Work,
    campaign: &Campaign,
    contacts: &[Addressee],
    fits: &mut [(ContactId, Fit)],
) -> Result<(), CampaignError> {
    if campaign.send_in == SendIn::Workspace {
        return Ok(());
    }
    let home = workspaces::time_zone(work).await?;
    let known: BTreeMap<ContactId, &Addressee> = contacts.iter().map(|c| (c.id, c)).collect();
    let mut zones = BTreeMap::new();
    for (id, fit) in &mut *fits {
        let id = *id;
        let own = known
            .get(&id)
            .and_then(|contact| contact.attributes[OWN_ZONE].as_str());
        let own = own.and_then(|zone| zone.parse::<Tz>().ok());
        let phone = fit.phone.as_ref().map(kazi_platform::Phone::as_str);
        let zone = own.unwrap_or_else(|| zone_of_contact(phone, fit.country.as_deref(), home));
        fit.zone = Some(zone.name().to_owned());
        zones.insert(id, zone);
    }
    if campaign.send_in == SendIn::BestHour {
        let hours = best_hours(work, &zones).await?;
        for (id, fit) in fits {
            fit.hour = hours.get(&*id).copied();
        }
    }
    Ok(())
}

async fn best_hours(
    work: &mut Work,
    zones: &BTreeMap<ContactId, Tz>,
) -> Result<BTreeMap<ContactId, i16>, sqlx::Error> {
    let contacts: Vec<ContactId> = zones.keys().copied().collect();
    let since = work.now() - TimeDelta::days(READ_DAYS);
    let sent = store::sent_since(work, &contacts, since).await?;
    let sent = sent
        .into_iter()
        .map(|(contact, message)| (message, contact));
    let sent: BTreeMap<MessageId, ContactId> = sent.collect();
    let ids: Vec<MessageId> = sent.keys().copied().collect();
    let mut read: BTreeMap<ContactId, Vec<Timestamp>> = BTreeMap::new();
    for (message, at) in messages::read_times(work, &ids).await? {
        if let Some(contact) = sent.get(&message) {
            read.entry(*contact).or_default().push(at);
        }
    }
    let read = read.into_iter();
    Ok(read
        .filter_map(|(contact, times)| Some((contact, best_hour(&times, *zones.get(&contact)?)?)))
        .collect())
}

/// The hour of a zone in which the most of some times lie: of several, the first.
fn best_hour(times: &[Timestamp], zone: Tz) -> Option<i16> {
    let mut hours = [0_u32; 24];
    for at in times {
        if let Some(count) = hours.get_mut(at.with_timezone(&zone).hour() as usize) {
            *count += 1;
        }
    }
    let all: u32 = hours.iter().sum();
    let best = (0..24_i16).zip(hours).rev().max_by_key(|(_, count)| *count);
    best.filter(|_| all >= LEAST_READ).map(|(hour, _)| hour)
}

/// A time of a day in a zone. When the clocks skip it, the first time after the gap that has the same minutes.
fn local(zone: Tz, day: NaiveDate, time: NaiveTime) -> Timestamp {
    let wanted = day.and_time(time);
    let found = zone.from_local_datetime(&wanted).earliest();
    let found = found.or_else(|| {
        let after = wanted + TimeDelta::hours(1);
        zone.from_local_datetime(&after).earliest()
    });
    found.map_or_else(|| wanted.and_utc(), |at| at.to_utc())
}

/// The start of a campaign.
#[derive(Clone, Copy, Debug)]
struct Start {
    /// The time on the wall of the workspace.
    wall: NaiveDateTime,
    /// When the start time was set.
    set_at: Timestamp,
    home: Tz,
}

impl Start {
    fn of(campaign: &Campaign, home: Tz) -> Option<Self> {
        Some(Self {
            wall: campaign.scheduled_at?.with_timezone(&home).naive_local(),
            set_at: campaign.zoned_from?,
            home,
        })
    }

    /// When a group gets it. Where the hour was over when the start time was set, on the next day.
    fn moment(&self, group: &Group) -> Timestamp {
        let zone = group.zone(self.home);
        let hour = group.hour.and_then(|hour| u32::try_from(hour).ok());
        let hour = hour.and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
        let (day, time) = (self.wall.date(), hour.unwrap_or(self.wall.time()));
        let at = local(zone, day, time);
        match at < self.set_at {
            true => local(zone, day.succ_opt().unwrap_or(day), time),
            false => at,
        }
    }
}

fn groups(campaign: &Campaign) -> &[Group] {
    match &campaign.report {
        Some(report) if campaign.send_in != SendIn::Workspace => &report.zones,
        _ => &[],
    }
}

/// When the first recipients of a scheduled campaign get it.
pub(super) async fn starts_at(
    work: &mut Work,
    campaign: &Campaign,
) -> Result<Option<Timestamp>, CampaignError> {
    let home = workspaces::time_zone(work).await?;
    let start = Start::of(campaign, home);
    let moments = start.iter().flat_map(|start| {
        let all = groups(campaign).iter();
        all.map(move |group| start.moment(group))
    });
    Ok(moments.min().or(campaign.scheduled_at))
}

/// What of a campaign must wait now: groups whose time has not come, and marketing in quiet hours.
pub(super) async fn later(work: &mut Work, campaign: &Campaign) -> Result<Later, CampaignError> {
    let mut later = Later::default();
    let by_group = campaign.send_in != SendIn::Workspace;
    let business = workspaces::view(work).await;
    let business = business.map_err(|_| CampaignError::NotFound("workspace"))?;
    later.cap = business.settings.frequency_cap;
    let hours = business.settings.quiet_hours.as_ref();
    let quiet = hours.filter(|_| campaign.is_marketing());
    let quiet = quiet.and_then(|hours| Quiet::new(hours, &business.time_zone));
    let now = work.now();
    if by_group {
        let home = business.time_zone.parse().unwrap_or(Tz::UTC);
        let start = Start::of(campaign, home);
        let mut due = Vec::new();
        for group in groups(campaign) {
            let at = start
                .map(|start| start.moment(group))
                .filter(|at| *at > now);
            let quiet = quiet.and_then(|quiet| quiet.ends_in(group.zone(home), now));
            match at.max(quiet) {
                Some(at) => later.wait_for(at),
                None => due.push(group.clone()),
            }
        }
        later.due = Some(due);
        return Ok(later);
    }
    for found in campaign.report.iter().flat_map(|report| &report.countries) {
        let country = Some(found.country.as_str()).filter(|country| !country.is_empty());
        if let Some(ends) = quiet.and_then(|quiet| quiet.ends(country, now)) {
            later.countries.push(found.country.clone());
            later.wait_for(ends);
        }
    }
    Ok(later)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_hour_is_that_of_each_zone_and_never_one_that_is_over() {
        let start = |wall: &str, set_at: &str| Start {
            wall: wall.parse().unwrap(),
            set_at: at(set_at),
            home: chrono_tz::Africa::Nairobi,
        };
        let group = |zone: &str, hour| Group {
            time_zone: zone.into(),
            hour,
            recipients: 1,
        };
        let nine = start("2026-03-07T09:00:00", "2026-03-01T10:00:00Z");
        for (zone, hour, moment) in [
            ("Africa/Nairobi", None, "2026-03-07T06:00:00Z"),
            ("Pacific/Auckland", None, "2026-03-06T20:00:00Z"),
            ("America/New_York", None, "2026-03-07T14:00:00Z"),
            ("America/New_York", Some(19), "2026-03-08T00:00:00Z"),
            ("Asia/Kathmandu", None, "2026-03-07T03:15:00Z"),
            // No zone that this program knows: the workspace's.
            ("Mars/Phobos", None, "2026-03-07T06:00:00Z"),
        ] {
            assert_eq!(
                nine.moment(&group(zone, hour)),
                at(moment),
                "{zone} {hour:?}"
            );
        }
        // The clocks go forward in New York on 8 March, and in Berlin on 29 March: 2:30 is skipped there.
        let day_after = start("2026-03-08T09:00:00", "2026-03-01T10:00:00Z");
        let new_york = group("America/New_York", None);
        assert_eq!(day_after.moment(&new_york), at("2026-03-08T13:00:00Z"));
        let night = start("2026-03-29T02:30:00", "2026-03-01T10:00:00Z");
        let berlin = group("Europe/Berlin", None);
        assert_eq!(night.moment(&berlin), at("2026-03-29T01:30:00Z"));
        // The clocks go back: the first of two half past twos.
        let twice = start("2026-10-25T02:30:00", "2026-03-01T10:00:00Z");
        assert_eq!(twice.moment(&berlin), at("2026-10-25T00:30:00Z"));
        // In Auckland it was over when the time was set.
        let late = start("2026-03-07T09:00:00", "2026-03-07T04:00:00Z");
        let auckland = group("Pacific/Auckland", None);
        assert_eq!(late.moment(&auckland), at("2026-03-07T20:00:00Z"));
    }

    #[test]
    fn the_best_hour_needs_three_messages_and_is_of_the_zone() {
        let zone = chrono_tz::Africa::Nairobi;
        let read = [
            at("2026-03-01T16:10:00Z"),
            at("2026-03-02T16:50:00Z"),
            at("2026-03-03T05:00:00Z"),
        ];
        assert_eq!(best_hour(&read, zone), Some(19));
        assert_eq!(best_hour(&read[..2], zone), None);
        assert_eq!(
            best_hour(&[read[0], read[2], at("2026-03-03T20:00:00Z")], zone),
            Some(8)
        );
    }
}
