//! Measures the reminders of many workspaces in the same minute: the time until all are planned, and a workspace's wait
//! for its first one while all others have theirs.

mod business;

use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use axum::Router;
use chrono::{DurationRound, TimeDelta, Utc};
use clap::Args;
use kazi_jobs::{
    Context, Work,
    appointments::{self, BookingFilter, REMINDER_TEMPLATE},
    pools,
};
use kazi_platform::{Timestamp, actor::Actor, database};
use kazi_queue::{bench::Figure, inspect};
use kazi_simulators::{Entry, Options, Service, Simulators};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Format, percentile, show, spinner};
use crate::{
    CliError,
    config::Config,
    http,
    runtime::{self, Parts},
};
use business::Business;

/// The size of the measurement.
#[derive(Args)]
pub struct Reminders {
    /// Workspaces, each with its own number.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    workspaces: u32,
    /// Bookings in each workspace. All reminders are due at the same moment.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=250))]
    each: u32,
    /// Seconds until that moment, in which the bookings are made.
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(10..=3_600))]
    lead: u32,
    #[command(flatten)]
    format: Format,
}

/// Workspaces that are filled at once.
const AT_ONCE: usize = 4;
/// Time between two looks.
const LOOK: Duration = Duration::from_millis(500);
/// The longest wait.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
const ACCOUNT: &str = "1022";
const TEMPLATE_BODY: &str = "A reminder: {{1}}, {{2}}, with {{3}}.";

impl Reminders {
    pub async fn run(self, mut ctx: Context, config: &Config) -> Result<(), CliError> {
        let simulators = Simulators::start(Options {
            rate_per_second: None,
            ..Options::default()
        })
        .await?;
        let mut providers = (*ctx.providers).clone();
        providers.whatsapp_base_url = simulators.base_url(Service::WhatsApp);
        ctx.providers = providers.into();
        let listener = http::listen("127.0.0.1:0".parse()?).await?;
        let url = format!("http://{}/webhooks/whatsapp", listener.local_addr()?);
        let bar = spinner();
        bar.set_message("making the workspaces");
        let each = self.each;
        let businesses = on_several(0..self.workspaces, {
            let ctx = ctx.clone();
            move |number| {
                let ctx = ctx.clone();
                async move { Business::make(&ctx, number, each).await }
            }
        })
        .await?;
        for business in &businesses {
            simulators.add_whatsapp(business.account(&url));
        }
        simulators.add_template(
            ACCOUNT,
            kazi_simulators::Template {
                name: REMINDER_TEMPLATE.into(),
                language: "en".into(),
                category: "UTILITY".into(),
                body: TEMPLATE_BODY.into(),
                status: "APPROVED".into(),
                ..kazi_simulators::Template::default()
            },
        );
        bar.set_message("booking");
        let due = (ctx.clock.now() + TimeDelta::seconds(self.lead.into()))
            .duration_trunc(TimeDelta::minutes(1))?
            + TimeDelta::minutes(1);
        let businesses = on_several(businesses, {
            let ctx = ctx.clone();
            move |business| {
                let ctx = ctx.clone();
                async move {
                    business.book(&ctx, due).await?;
                    Ok(business)
                }
            }
        })
        .await?;
        if ctx.clock.now() > due - TimeDelta::seconds(3) {
            return Err("the bookings were not made in time: try a longer --lead".into());
        }
        let stop = CancellationToken::new();
        let parts = Parts {
            intake: true,
            pools: config.pools(),
            listener,
            routes: Router::new(),
        };
        let running = tokio::spawn({
            let (ctx, config, stop) = (ctx.clone(), config.clone(), stop.clone());
            async move { runtime::run(&ctx, &config, parts, stop).await }
        });
        bar.set_message(format!("waiting for {}", due.format("%H:%M:%S")));
        let ended = end(&ctx, due).await;
        stop.cancel();
        running.await??;
        bar.finish_and_clear();
        ended?;
        let planned = planned(&ctx, &businesses, due).await?;
        let ledger = simulators.ledger(Service::WhatsApp);
        simulators.shutdown().await;
        show(self.format, &self.figures(&planned, &ledger, due))
    }

    fn figures(&self, planned: &[f64], ledger: &[Entry], due: Timestamp) -> Vec<Figure> {
        let all = f64::from(self.workspaces * self.each);
        let sent = ledger
            .iter()
            .filter(|entry| entry.status == 200 && entry.path.ends_with("/messages"));
        let mut first: BTreeMap<&str, f64> = BTreeMap::new();
        let (mut messages, mut count, mut last) = (HashSet::new(), 0_u32, 0.0_f64);
        for entry in sent {
            let after = (entry.at - due).as_seconds_f64();
            let known = first.entry(&entry.account).or_insert(after);
            *known = known.min(after);
            last = last.max(after);
            messages.insert(entry.callback.as_deref());
            count += 1;
        }
        let mut first: Vec<f64> = first.into_values().collect();
        // A workspace without a reminder counts as an endless wait.
        let missing = (self.workspaces as usize).saturating_sub(first.len());
        first.extend(std::iter::repeat_n(f64::INFINITY, missing));
        first.sort_by(f64::total_cmp);
        let different = u32::try_from(messages.len()).unwrap_or(u32::MAX);
        vec![
            Figure::new("reminders due in one minute", all, ""),
            Figure::new("workspaces", f64::from(self.workspaces), ""),
            Figure::new("planned, p50 after due", percentile(planned, 0.5), "s"),
            Figure::new("planned, the last after due", percentile(planned, 1.0), "s").at_most(5.0),
            Figure::new(
                "a workspace's first at the provider, p50 after due",
                percentile(&first, 0.5),
                "s",
            ),
            Figure::new(
                "a workspace's first at the provider, the last after due",
                percentile(&first, 1.0),
                "s",
            )
            .at_most(5.0),
            Figure::new("all at the provider after due", last, "s"),
            Figure::new(
                "reminders that did not arrive",
                all - f64::from(different),
                "",
            )
            .at_most(0.0),
            Figure::new(
                "reminders that arrived twice",
                f64::from(count - different),
                "",
            )
            .at_most(0.0),
        ]
    }
}

/// Runs work for each workspace, some at the same time.
async fn on_several<T, R, W>(
    all: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> W,
) -> Result<Vec<R>, CliError>
where
    R: Send + 'static,
    W: Future<Output = Result<R, CliError>> + Send + 'static,
{
    let (mut done, mut under_way) = (Vec::new(), JoinSet::new());
    for one in all {
        if under_way.len() == AT_ONCE
            && let Some(ended) = under_way.join_next().await
        {
            done.push(ended??);
        }
        under_way.spawn(work(one));
    }
    while let Some(ended) = under_way.join_next().await {
        done.push(ended??);
    }
    Ok(done)
}

/// Waits until all is planned and sent.
async fn end(ctx: &Context, due: Timestamp) -> Result<(), CliError> {
    let until_due = (due - Utc::now()).to_std().unwrap_or_default();
    tokio::time::sleep(until_due).await;
    loop {
        tokio::time::sleep(LOOK).await;
        // The queue's tables belong to no workspace.
        let mut tx = database::platform(&ctx.db).await?;
        let all = inspect::pools(&mut tx, &pools::ALL).await?;
        let left = all
            .iter()
            .filter(|pool| [pools::DEFAULT.name(), pools::WHATSAPP.name()].contains(&&*pool.pool))
            .map(|pool| pool.ready + pool.running + pool.blocked + pool.scheduled)
            .sum::<i64>();
        if left == 0 {
            return Ok(());
        }
        if Utc::now() - due > PATIENCE {
            return Err(format!("{left} jobs are left").into());
        }
    }
}

/// The times of planning, in seconds after the due time, sorted.
async fn planned(
    ctx: &Context,
    businesses: &[Business],
    due: Timestamp,
) -> Result<Vec<f64>, CliError> {
    let mut times = Vec::new();
    for business in businesses {
        let mut work = Work::by(ctx, business.workspace, Actor::OPERATOR).await?;
        let filter = BookingFilter::default();
        let all = appointments::bookings(&mut work, &filter, None, 1_000).await?;
        times.extend(all.iter().map(|booking| {
            booking
                .reminded_at
                .map_or(f64::INFINITY, |at| (at - due).as_seconds_f64())
        }));
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}
