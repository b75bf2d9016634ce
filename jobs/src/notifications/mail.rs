//! Letters to members about what they were notified of.
//!
//! Each notification that is for a letter has a job, written in the same transaction. The first job that runs takes all that
//! are due into its letter, and the others find nothing left. So a burst is one letter, and none is forgotten. A letter keeps
//! what it took: after a crash the same letter goes out again, with the same `Message-ID`.

use std::time::Duration;

use chrono::TimeDelta;
use chrono_tz::Tz;
use kazi_clients::smtp::Letter;
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Business, Email, Mailboxes, Members, NotificationId,
    store::{self, Line},
};
use crate::{Context, Role, Work, domain::offers, locale, pools};

/// Time between two letters at once to a member. What comes between them is in the second one.
const APART: TimeDelta = TimeDelta::minutes(5);
/// The hour at which a digest goes, on the clocks of the workspace.
const MORNING_HOUR: u32 = 8;
/// Notifications that a letter names one by one.
pub(super) const LINES: i64 = 50;

#[derive(Debug, Serialize, Deserialize)]
pub struct Mail {
    pub workspace: WorkspaceId,
    pub user: Uuid,
    pub notification: NotificationId,
}

/// When the letter of a new notification goes.
pub(super) async fn due(
    work: &mut Work,
    user: Uuid,
    email: Email,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let now = work.now();
    match email {
        Email::Never => Ok(None),
        Email::AtOnce => {
            let last = store::last_at_once(work, user).await?;
            // One that is planned takes this one along.
            Ok(Some(match last {
                Some(last) if last > now => last,
                Some(last) => now.max(last + APART),
                None => now,
            }))
        }
        Email::Digest => {
            let business = business(work).await?;
            Ok(Some(next_morning(now, business.zone)))
        }
    }
}

fn next_morning(now: Timestamp, zone: Tz) -> Timestamp {
    let today = now.with_timezone(&zone).date_naive();
    let mornings = today.iter_days().take(3).filter_map(|day| {
        let morning = day.and_hms_opt(MORNING_HOUR, 0, 0)?;
        let morning = morning.and_local_timezone(zone).earliest()?;
        Some(morning.to_utc())
    });
    // A day may have no such time, when its clocks jump.
    let mut later = mornings.filter(|morning| *morning > now);
    later.next().unwrap_or(now + TimeDelta::days(1))
}

async fn business(work: &mut Work) -> Result<Business, sqlx::Error> {
    match offers::<Members>().next() {
        Some(members) => (members.business)(work).await,
        None => Ok(Business::default()),
    }
}

impl Job for Mail {
    type Context = Context;
    const NAME: &'static str = "notifications.mail";
    const POOL: Pool = pools::DEFAULT;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(5), Duration::from_secs(1_800)).attempts(20);

    fn options(&self) -> Options {
        Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let (user, id) = (self.user, self.notification);
        let mut work = Work::of(ctx, self.workspace).await?;
        let (lines, more) = store::take_letter(&mut work, user, id).await?;
        let business = business(&mut work).await?;
        let is_member = match offers::<Members>().next() {
            Some(members) => (members.in_role)(&mut work, Role::Viewer)
                .await?
                .contains(&user),
            None => false,
        };
        work.commit().await?;
        let mailbox = match offers::<Mailboxes>().next() {
            Some(mailboxes) if is_member && !lines.is_empty() => (mailboxes.of)(ctx, user).await?,
            _ => None,
        };
        if let Some(mailbox) = mailbox {
            // No connection is held while the mail server answers. A process that dies here sends the same letter again.
            let name = [("workspace", business.name.as_str())];
            let language = &mailbox.language;
            let letter = Letter {
                to: &mailbox.address,
                subject: &locale::text(language, "mail-notifications-subject", &name),
                text: &text(ctx, language, &business, (&lines, more)),
                id: &id.to_string(),
                attachment: None,
            };
            ctx.providers.post(&letter).await?;
        }
        let mut work = Work::of(ctx, self.workspace).await?;
        store::set_mailed(&mut work, user, id).await?;
        work.commit().await?;
        Ok(())
    }
}

fn text(ctx: &Context, language: &str, business: &Business, of: (&[Line], i64)) -> String {
    let (lines, more) = of;
    let fill = [("workspace", business.name.as_str())];
    let mut text = locale::text(language, "mail-notifications", &fill);
    text.push_str("\n\n");
    for line in lines {
        let at = line.created_at.with_timezone(&business.zone);
        text.push_str(&format!(
            "{}  {}\n",
            at.format("%Y-%m-%d %H:%M"),
            line.title
        ));
    }
    if more > 0 {
        let count = more.to_string();
        let fill = [("count", count.as_str())];
        text.push_str(&locale::text(language, "mail-notifications-more", &fill));
        text.push('\n');
    }
    let place = format!("{}/app/notifications", ctx.providers.public_url);
    text.push('\n');
    text.push_str(&locale::text(
        language,
        "mail-notifications-end",
        &[("url", place.as_str())],
    ));
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_goes_on_the_next_morning_of_the_business() {
        for (now, zone, morning) in [
            (
                "2026-03-02T04:59:00Z",
                Tz::Africa__Nairobi,
                "2026-03-02T05:00:00Z",
            ),
            (
                "2026-03-02T05:00:00Z",
                Tz::Africa__Nairobi,
                "2026-03-03T05:00:00Z",
            ),
            // The clocks of this night jump.
            (
                "2026-03-28T20:00:00Z",
                Tz::Europe__Paris,
                "2026-03-29T06:00:00Z",
            ),
        ] {
            let now: Timestamp = now.parse().unwrap();
            let morning: Timestamp = morning.parse().unwrap();
            assert_eq!(next_morning(now, zone), morning, "{now} in {zone}");
        }
    }
}
