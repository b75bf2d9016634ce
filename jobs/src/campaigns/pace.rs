//! The pace of a running campaign: its throttle, its canary and its circuit breaker. The caller holds the campaign's row.
//!
//! All three look at rows, and none counts beside them. So a process that dies has counted nothing wrongly.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::Timestamp;

use super::{Campaign, CampaignError, CampaignStatus, stop, store};
use crate::{
    Work,
    messages::{self, Failed},
};

/// The shortest and the longest wait for the next look.
const WAITS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(600));
/// Seconds between two looks of the breaker.
const WATCH_SECONDS: i64 = 10;
/// The most messages that the breaker counts: some minutes of a fast number.
const MOST_COUNTED: i64 = 20_000;
/// Added to a number of places before it is rounded down, because a tenth is no exact number.
const ROUNDING: f64 = 1e-6;

/// How many messages may be queued now.
pub(super) enum Room {
    For(i64),
    Wait(Duration),
    /// The canary has failed, and the campaign is paused.
    Stopped,
}

/// `limit`: as many as may be queued otherwise. `waiting`: messages that have not left.
pub(super) async fn room(
    work: &mut Work,
    campaign: &Campaign,
    waiting: i64,
    limit: i64,
) -> Result<Room, CampaignError> {
    let limit = match canary(work, campaign, waiting, limit).await? {
        Room::For(limit) => limit,
        other => return Ok(other),
    };
    let Some(throttle) = campaign.delivery.throttle else {
        return Ok(Room::For(limit));
    };
    let places = Places::new(throttle, campaign.paced_until, work.now());
    Ok(match places.free {
        0 => Room::Wait(places.wait().clamp(WAITS.0, WAITS.1)),
        free => Room::For(free.min(limit)),
    })
}

/// Takes places of the throttle for messages that are queued in the caller's transaction.
pub(super) async fn take(
    work: &mut Work,
    campaign: &Campaign,
    messages: usize,
) -> Result<(), sqlx::Error> {
    let Some(throttle) = campaign.delivery.throttle else {
        return Ok(());
    };
    let places = Places::new(throttle, campaign.paced_until, work.now());
    store::delivery::set_paced_until(work, campaign.id, places.until(messages)).await
}

/// The places that a throttle has to give.
struct Places {
    throttle: f64,
    /// Earlier places are taken, or lost.
    from: Timestamp,
    /// Seconds between `from` and the end of the places that may be taken now.
    seconds: f64,
    free: i64,
}

impl Places {
    /// At most one second of lost places is made good.
    fn new(throttle: f64, until: Option<Timestamp>, now: Timestamp) -> Self {
        let from = until.map_or(now, |until| until.max(now - TimeDelta::seconds(1)));
        let late = (now - from).as_seconds_f64();
        let seconds = late + (1.0 / throttle).max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a rate, far below the bound"
        )]
        let free = (seconds * throttle + ROUNDING).floor().max(0.0) as i64;
        Self {
            throttle,
            from,
            seconds,
            free,
        }
    }

    fn wait(&self) -> Duration {
        Duration::from_secs_f64((1.0 / self.throttle - self.seconds).max(0.0))
    }

    /// The end of the places when so many are taken.
    fn until(&self, messages: usize) -> Timestamp {
        let messages = u32::try_from(messages).unwrap_or(u32::MAX);
        let taken = Duration::from_secs_f64(f64::from(messages) / self.throttle);
        self.from + TimeDelta::from_std(taken).unwrap_or_default()
    }
}

async fn canary(
    work: &mut Work,
    campaign: &Campaign,
    waiting: i64,
    limit: i64,
) -> Result<Room, CampaignError> {
    let (Some(canary), None) = (&campaign.delivery.canary, campaign.canary_passed_at) else {
        return Ok(Room::For(limit));
    };
    let id = campaign.id;
    let recipients = campaign.report.as_ref().map_or(0, |r| r.recipients);
    let size = canary.size(recipients);
    let queued = store::delivery::queued_up_to(work, id, size).await?;
    if queued < size {
        return Ok(Room::For(limit.min(size - queued)));
    }
    if !store::next::any(work, id).await? {
        return Ok(Room::For(limit));
    }
    if waiting > 0 {
        return Ok(Room::Wait(WAITS.0));
    }
    let now = work.now();
    let sent_at = match campaign.canary_sent_at {
        Some(at) => at,
        None => {
            store::delivery::set_canary_sent(work, id).await?;
            now
        }
    };
    let until = sent_at + TimeDelta::minutes(canary.wait_minutes);
    if now < until {
        let wait = (until - now).to_std().unwrap_or(WAITS.0);
        return Ok(Room::Wait(wait.clamp(WAITS.0, WAITS.1)));
    }
    let since = campaign.started_at.unwrap_or(now);
    let failed = messages::failures(work, id, since, size).await?;
    let all: i64 = failed.classes.values().sum();
    if failed.answered > 0 && all * 100 <= canary.max_failure_percent * failed.answered {
        store::delivery::set_canary_passed(work, id).await?;
        tracing::info!(campaign.id = %id, "the canary of a campaign has passed");
        return Ok(Room::For(limit));
    }
    let words = format!(
        "{all} of the {} first messages have failed ({}): at most {} % may",
        failed.answered,
        told(&failed),
        canary.max_failure_percent
    );
    let why = ("canary_failed", words.as_str());
    stop::stop(work, campaign, CampaignStatus::Paused, why).await?;
    Ok(Room::Stopped)
}

/// The failures by class, the most first.
fn told(failed: &Failed) -> String {
    let mut classes: Vec<_> = failed.classes.iter().collect();
    classes.sort_by_key(|(_, messages)| -**messages);
    let classes = classes.into_iter();
    let classes: Vec<String> = classes
        .map(|(class, messages)| format!("{class}: {messages}"))
        .collect();
    match classes.is_empty() {
        true => "none has an answer".to_owned(),
        false => classes.join(", "),
    }
}

/// Pauses the campaign when too many of its newest messages have failed for the same cause. Returns true when it did.
pub(super) async fn trips(work: &mut Work, campaign: &Campaign) -> Result<bool, sqlx::Error> {
    let (breaker, now, id) = (&campaign.delivery.breaker, work.now(), campaign.id);
    let looked = |at| at > now - TimeDelta::seconds(WATCH_SECONDS);
    if !breaker.enabled || campaign.watched_at.is_some_and(looked) {
        return Ok(false);
    }
    store::delivery::set_watched(work, id).await?;
    let window = now - TimeDelta::minutes(breaker.window_minutes);
    let since = campaign.resumed_at.map_or(window, |at| at.max(window));
    let failed = messages::failures(work, id, since, MOST_COUNTED).await?;
    if failed.answered < breaker.minimum {
        return Ok(false);
    }
    let over = failed
        .classes
        .iter()
        .find(|(class, messages)| **messages * 100 > breaker.limit(**class) * failed.answered);
    let Some((class, messages)) = over else {
        return Ok(false);
    };
    let words = format!(
        "{messages} of its last {} messages have failed ({class}): at most {} % may",
        failed.answered,
        breaker.limit(*class)
    );
    let why = ("failures", words.as_str());
    stop::stop(work, campaign, CampaignStatus::Paused, why).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages that leave in each second, when somebody looks at these times.
    fn given(throttle: f64, looks: impl Iterator<Item = i64>) -> Vec<i64> {
        let start: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
        let mut until = None;
        let mut given = Vec::new();
        for millis in looks {
            let places = Places::new(throttle, until, start + TimeDelta::milliseconds(millis));
            given.push(places.free);
            if places.free > 0 {
                until = Some(places.until(usize::try_from(places.free).unwrap()));
            }
        }
        given
    }

    #[test]
    fn a_throttle_gives_its_places_and_no_more() {
        assert_eq!(given(5.0, (0..4).map(|n| n * 1_000)), [5, 5, 5, 5]);
        // A second look at the same time finds nothing.
        assert_eq!(given(5.0, [0, 0, 200, 1_000].into_iter()), [5, 0, 1, 4]);
        assert_eq!(given(0.5, (0..6).map(|n| n * 1_000)), [1, 0, 1, 0, 1, 0]);
        // Late by half a second: made good. Late by a minute: lost, but for a second.
        assert_eq!(given(10.0, [0, 1_500, 61_500].into_iter()), [10, 15, 20]);
    }
}
