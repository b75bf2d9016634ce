//! Points on birthdays, by the days of the workspace.

use std::time::Duration;

use chrono::{Datelike, Days, NaiveDate};
use kazi_platform::{WorkspaceId, database};
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique, enqueue_all};
use serde::{Deserialize, Serialize};

use super::{
    ledger::{Cause, earn, lock_account, percent},
    model::multiplied,
    settings::settings,
    store,
};
use crate::{Context, Work, contacts, pools, workspaces};

/// Days that are made up for after the program was down.
const MAX_LATE_DAYS: u64 = 7;
/// Contacts of one transaction. Whoever of them writes waits for its end.
const PAGE: i64 = 20;
/// Workspaces in one transaction.
const AT_ONCE: i64 = 1_000;

/// Runs every hour: somewhere a day begins.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindBirthdays {}

impl Job for FindBirthdays {
    type Context = Context;
    const NAME: &'static str = "loyalty.find_birthdays";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(300);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut after = None;
        loop {
            // Days begin in all workspaces, so one query looks at all of them.
            let mut tx = database::platform(&ctx.db).await?;
            let found = store::settings::with_birthdays(&mut tx, after, AT_ONCE).await?;
            let Some(last) = found.last() else {
                return Ok(());
            };
            after = Some(*last);
            let jobs: Vec<Birthdays> = found
                .iter()
                .map(|&workspace| Birthdays { workspace })
                .collect();
            enqueue_all(&mut tx, &jobs).await?;
            tx.commit().await?;
        }
    }
}

/// Gives the points of the days that have begun since the last look.
#[derive(Debug, Serialize, Deserialize)]
pub struct Birthdays {
    pub workspace: WorkspaceId,
}

impl Job for Birthdays {
    type Context = Context;
    const NAME: &'static str = "loyalty.birthdays";
    const POOL: Pool = pools::BULK;
    const TIMEOUT: Duration = Duration::from_secs(300);

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique("birthdays", Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let rules = settings(&mut work).await?.settings;
        let Some(rule) = rules.birthday.as_ref().filter(|_| rules.enabled) else {
            return Ok(());
        };
        let today = workspaces::today(&mut work).await?;
        let last = store::settings::birthdays_until(&mut work).await?;
        work.rollback().await?;
        for day in days(last, today) {
            let mut after = None;
            loop {
                let mut work = Work::of(ctx, self.workspace).await?;
                let of_year = anniversaries(day);
                let found = contacts::dated(&mut work, &rule.field, &of_year, after, PAGE).await?;
                let Some(last) = found.last() else { break };
                after = Some(last.id);
                // In the order of their ids, as a merge locks them.
                let ids: Vec<_> = found.iter().map(|one| one.id).collect();
                for contact in contacts::hold_contacts(&mut work, &ids).await? {
                    let balance = lock_account(&mut work, contact).await?;
                    let points = multiplied(rule.points, percent(&mut work, contact).await?);
                    let cause = Cause::Birthday(contact, day.year());
                    earn(&mut work, contact, (balance, points), cause, &rules).await?;
                }
                work.commit().await?;
                job.extend_deadline(Self::TIMEOUT);
            }
            let mut work = Work::of(ctx, self.workspace).await?;
            store::settings::set_birthdays_until(&mut work, day).await?;
            work.commit().await?;
        }
        Ok(())
    }
}

/// The days after the last one that was looked at. The first look is for today alone.
fn days(last: Option<NaiveDate>, today: NaiveDate) -> Vec<NaiveDate> {
    let earliest = today.checked_sub_days(Days::new(MAX_LATE_DAYS - 1));
    let next = last.and_then(|last| last.succ_opt());
    let from = next.unwrap_or(today).max(earliest.unwrap_or(today));
    from.iter_days().take_while(|day| *day <= today).collect()
}

/// The days of the year, like `05-31`, whose birthdays are on a day. Those of the 29th of February are on the 28th in other
/// years.
fn anniversaries(day: NaiveDate) -> Vec<String> {
    let mut all = vec![day.format("%m-%d").to_string()];
    if all[0] == "02-28" && !day.leap_year() {
        all.push("02-29".to_owned());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_that_were_missed_are_made_up_for_but_not_weeks() {
        let today = day("2030-03-10");
        assert_eq!(days(None, today), [today]);
        assert_eq!(days(Some(today), today), []);
        assert_eq!(
            days(Some(day("2030-03-08")), today),
            [day("2030-03-09"), today]
        );
        assert_eq!(days(Some(day("2029-01-01")), today).len(), 7);
    }

    #[test]
    fn who_is_born_on_a_leap_day_has_a_birthday_every_year() {
        assert_eq!(anniversaries(day("2030-02-28")), ["02-28", "02-29"]);
        assert_eq!(anniversaries(day("2028-02-28")), ["02-28"]);
        assert_eq!(anniversaries(day("2028-02-29")), ["02-29"]);
    }
}
