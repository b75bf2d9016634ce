//! Adds the differences that triggers have appended to the figures of their days.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chrono::NaiveDate;
use kazi_platform::{WorkspaceId, database};
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    period::{Period, day_of},
    store::{self, Change, Figure},
};
use crate::{Context, Work, contacts::ContactId, pools, workspaces};

/// Differences in one transaction.
const AT_ONCE: i64 = 5_000;

/// Runs once a minute, so that whoever reads figures has little to add up.
#[derive(Debug, Serialize, Deserialize)]
pub struct Fold {}

impl Job for Fold {
    type Context = Context;
    const NAME: &'static str = "analytics.fold";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        Ok(Self::now(ctx).await?)
    }
}

impl Fold {
    /// Adds up the differences of all workspaces.
    ///
    /// # Errors
    /// The database fails. What is added up until then stays so.
    pub async fn now(ctx: &Context) -> Result<(), sqlx::Error> {
        // Differences appear in any workspace, so one query looks at all of them.
        let mut tx = database::platform(&ctx.db).await?;
        let changed = store::changed(&mut tx).await?;
        tx.commit().await?;
        for workspace in changed {
            while some(ctx, workspace).await? {}
        }
        Ok(())
    }
}

/// Adds up some differences of a workspace. Returns true when there may be more.
async fn some(ctx: &Context, workspace: WorkspaceId) -> Result<bool, sqlx::Error> {
    let mut work = Work::of(ctx, workspace).await?;
    let taken = fold(&mut work).await?;
    // The differences go and the figures come in one transaction: each difference counts once, also after a crash.
    work.commit().await?;
    Ok(taken == AT_ONCE)
}

/// Adds some differences up, the oldest first, before figures are read in the same transaction. When there are thousands, as after an
/// hour without workers, a reader does not wait for them: the job adds up the others.
pub(super) async fn some_first(work: &mut Work) -> Result<(), sqlx::Error> {
    fold(work).await?;
    Ok(())
}

async fn all(work: &mut Work) -> Result<(), sqlx::Error> {
    while fold(work).await? == AT_ONCE {}
    Ok(())
}

/// Forgets what is counted for a contact alone, also in the differences that nobody has added up yet.
pub(super) async fn erase(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    all(work).await?;
    store::erase(work, contact).await
}

/// Adds some differences up, and returns how many there were.
async fn fold(work: &mut Work) -> Result<i64, sqlx::Error> {
    let changes = store::take(work, AT_ONCE).await?;
    if changes.is_empty() {
        return Ok(0);
    }
    let clock = workspaces::business_clock(work).await?;
    let mut daily: BTreeMap<(NaiveDate, String, String), Figure> = BTreeMap::new();
    let mut subjects: BTreeMap<(String, Period, NaiveDate, String, Uuid), Figure> = BTreeMap::new();
    let mut wrote: BTreeMap<NaiveDate, BTreeSet<ContactId>> = BTreeMap::new();
    let taken = changes.len();
    for change in changes {
        let day = day_of(change.at, clock.zone);
        let Change {
            figure,
            label,
            subject,
            mut difference,
            stretch,
            ..
        } = change;
        if let Some((began, ended)) = stretch {
            // Here and not in the trigger, because the hours are those of the program.
            difference.amount = difference.count * clock.open_between(began, ended).num_seconds();
        }
        match subject {
            None => *daily.entry((day, figure, label)).or_default() += difference,
            Some(contact) if figure == "active" => {
                wrote.entry(day).or_default().insert(contact.into());
            }
            Some(subject) => {
                // An order is sold once, so the best one of a month is found among the best ones of its days.
                let periods = if figure == "sold_order" {
                    &Period::ALL[..1]
                } else {
                    &Period::ALL[..]
                };
                for &period in periods {
                    let key = (
                        figure.clone(),
                        period,
                        period.start(day),
                        label.clone(),
                        subject,
                    );
                    *subjects.entry(key).or_default() += difference;
                }
            }
        }
    }
    // By day, so that a contact's first day of a month comes before the second.
    for (day, contacts) in wrote {
        for last in store::seen(work, contacts, day).await? {
            for period in Period::ALL {
                if last.is_none_or(|last| period.start(last) < period.start(day)) {
                    let key = (day, period.active().to_owned(), String::new());
                    *daily.entry(key).or_default() += Figure {
                        count: 1,
                        amount: 0,
                    };
                }
            }
        }
    }
    store::add_daily(work, &daily).await?;
    store::add_subjects(work, &subjects).await?;
    metrics::counter!("kazi_analytics_changes_folded_total").increment(taken as u64);
    Ok(i64::try_from(taken).unwrap_or(i64::MAX))
}
