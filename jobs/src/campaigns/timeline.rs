//! When the messages of a campaign arrived, and when people clicked, ordered and opted out.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kazi_platform::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Campaign, store};
use crate::{Work, messages, workspaces};

kazi_platform::texts! {
    /// The width of a step.
    pub enum Step as "CampaignTimelineStep" {
        Hour = "hour",
        Day = "day",
    }
}

impl Step {
    /// The days from the start that are shown.
    const fn days(self) -> i64 {
        match self {
            Self::Hour => 7,
            Self::Day => 120,
        }
    }
}

/// An hour or a day of a campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CampaignMoment)]
pub struct Moment {
    /// When it begins, in the workspace's time zone.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Messages that the provider has sent.
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    pub clicks: i64,
    /// Orders and bookings that count for it.
    pub conversions: i64,
    pub opted_out: i64,
}

/// The hours of a campaign's first week, or the days of its first 120, in which something happened.
pub async fn timeline(
    work: &mut Work,
    campaign: &Campaign,
    step: Step,
) -> Result<Vec<Moment>, sqlx::Error> {
    let Some(started) = campaign.started_at else {
        return Ok(Vec::new());
    };
    let zone = workspaces::time_zone(work).await?;
    let (id, unit, zone) = (campaign.id, step.name(), zone.name());
    let until = started + TimeDelta::days(step.days());
    let mut moments: BTreeMap<Timestamp, Moment> = BTreeMap::new();
    for count in messages::timeline(work, id, unit, zone, until).await? {
        let moment = moments.entry(count.at).or_default();
        moment.sent = count.sent;
        moment.delivered = count.delivered;
        moment.read = count.read;
    }
    for count in store::results::timeline(work, id, unit, zone, until).await? {
        let moment = moments.entry(count.at).or_default();
        match count.what.as_str() {
            "clicks" => moment.clicks = count.count,
            "conversions" => moment.conversions = count.count,
            _ => moment.opted_out = count.count,
        }
    }
    let all = moments.into_iter();
    Ok(all.map(|(at, moment)| Moment { at, ..moment }).collect())
}
