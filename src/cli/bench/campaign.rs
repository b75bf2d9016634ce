//! Measures a campaign through the whole program, from the start to the last `delivered`. A process of its own runs it
//! and may be killed on the way. The ledger of the simulated provider is the judge.

mod credits;
mod customer;
mod deed;
mod ledger;

use std::{
    collections::BTreeMap,
    str::FromStr,
    time::{Duration, Instant},
};

use clap::Args;
use kazi_jobs::{
    Context, Work,
    campaigns::{CampaignStatus, Funnel},
    messages::{self, Cause},
    pools,
};
use kazi_platform::{WorkspaceId, actor::Actor};
use kazi_queue::{Doorbell, bench::Figure, inspect};
use kazi_simulators::{CutAt, Fault, Service, Simulators, WebhookFault};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{Format, business, percentile, program::Program, provider, show, spinner};
use crate::{CliError, http, runtime::Runtime};
use deed::{BURST, Deed};
use ledger::Told;

/// The size of the measurement.
#[derive(Args)]
pub struct Campaign {
    /// The number of recipients.
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=500_000))]
    recipients: u32,
    /// The number's rate in messages per second: unlimited, or like 80.
    #[arg(long, default_value = "unlimited")]
    rate: Rate,
    /// Kills the program (SIGKILL) this number of times, and starts it again.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100))]
    kill: u32,
    /// The provider refuses 5% of the requests and loses the answers of 2%. 5% of the webhooks come twice.
    #[arg(long)]
    faults: bool,
    /// The workspace pays with credits. Its books must hold after each kill and in the end.
    #[arg(long)]
    metered: bool,
    #[command(flatten)]
    format: Format,
}

/// The number's rate.
#[derive(Clone, Copy)]
enum Rate {
    Unlimited,
    PerSecond(u32),
}

impl FromStr for Rate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "unlimited" => Ok(Self::Unlimited),
            text => text
                .parse()
                .ok()
                .filter(|rate| (1..=1_000).contains(rate))
                .map(Self::PerSecond)
                .ok_or("must be unlimited, or a number from 1 to 1000"),
        }
    }
}

/// Time between two looks.
const LOOK: Duration = Duration::from_millis(100);
/// Looks between two counts while it sends, and when all is queued: a count reads all messages, and takes the processors'
/// time from what is measured.
const COUNT_EVERY: u32 = 20;
const COUNT_IN_THE_END: u32 = 4;
/// Time without progress, or without a reply, after which the benchmark has failed. It is longer than a lease and the
/// wait for lost answers together.
const STANDSTILL: Duration = Duration::from_secs(90);

impl Campaign {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let ctx = &runtime.ctx;
        let workspace = business(ctx).await?;
        let simulators = provider::start(Duration::from_millis(100)).await?;
        // A free port, which the program takes again after each kill.
        let address = http::listen("127.0.0.1:0".parse()?).await?.local_addr()?;
        provider::add_number(&simulators, format!("http://{address}/webhooks/whatsapp"));
        let rate = match self.rate {
            Rate::Unlimited => None,
            Rate::PerSecond(rate) => Some(rate),
        };
        let deed = Deed::draft(ctx, workspace, self.recipients, rate).await?;
        if self.metered {
            credits::fill(ctx, workspace, self.recipients).await?;
        }
        if self.faults {
            add_faults(&simulators);
        }
        let program = Program {
            runtime,
            address,
            whatsapp: simulators.base_url(Service::WhatsApp),
            with: Vec::new(),
        };
        let measured = self.measure(&deed, &program, &simulators).await;
        simulators.shutdown().await;
        let figures = measured?;
        show(self.format, &figures)?;
        match figures.iter().all(Figure::met) {
            true => Ok(()),
            false => Err("a promise was not kept".into()),
        }
    }

    async fn measure(
        &self,
        deed: &Deed<'_>,
        program: &Program<'_>,
        simulators: &Simulators,
    ) -> Result<Vec<Figure>, CliError> {
        let mut child = program.start().await?;
        provider::greet(&customer::phone(simulators)).await?;
        // Another process runs the jobs.
        let bell = Doorbell::start(deed.ctx.owner.clone());
        let planned = deed.plan().await?;
        simulators.clear_ledger();
        let stop = CancellationToken::new();
        let replies = customer::replies(simulators.clone(), program.url(), stop.clone());
        let replies = tokio::spawn(replies);
        let began = Instant::now();
        deed.send().await?;
        let all = i64::from(self.recipients);
        let (mut killed, mut before, mut moved_at) = (0, 0, Instant::now());
        let mut wrong = 0;
        let bar = spinner();
        let mut looks = 0_u32;
        let took = loop {
            sleep(LOOK).await;
            looks += 1;
            let status = deed.look().await?.status;
            let left = match status {
                CampaignStatus::Completed => true,
                CampaignStatus::Sending => false,
                other => return Err(format!("the campaign is {other}").into()),
            };
            let every = match (left, killed == self.kill) {
                (true, _) => COUNT_IN_THE_END,
                (false, true) => COUNT_EVERY,
                (false, false) => 1,
            };
            if !looks.is_multiple_of(every) {
                continue;
            }
            let rows = progress(deed.ctx, deed.workspace).await?;
            let begun = rows.values().sum::<i64>() - of(&rows, &["queued"]);
            let ended = of(&rows, &["delivered", "read", "failed"]);
            bar.set_message(format!("{ended} of {all} delivered"));
            if left && ended >= all {
                break began.elapsed().as_secs_f64();
            }
            if begun + ended > before {
                (before, moved_at) = (begun + ended, Instant::now());
            }
            if moved_at.elapsed() > STANDSTILL {
                return Err(format!("it has come to a stand: {rows:?}").into());
            }
            if killed < self.kill && begun > all * i64::from(killed + 1) / i64::from(self.kill + 1)
            {
                // SIGKILL: the program cannot end in order.
                child.kill().await?;
                killed += 1;
                wrong += credits::faults(deed.ctx, deed.workspace).await?;
                child = program.start().await?;
            }
        };
        stop.cancel();
        let mut times = replies.await??;
        times.sort_by(f64::total_cmp);
        bar.set_message("waiting for what is left to do");
        simulators.settle().await;
        finish(deed.ctx).await?;
        bar.finish_and_clear();
        drop(bell);
        let (funnel, ids) = (deed.funnel().await?, deed.messages().await?);
        // It is killed after its work is done.
        drop(child);
        let ledger = Told::by(&simulators.ledger(Service::WhatsApp), &ids);
        let mut figures = self.figures(&ledger, &funnel, took, &times, killed);
        let planned = f64::from(self.recipients) / planned;
        figures.insert(0, Figure::new("recipients planned", planned, "/s"));
        if self.metered {
            wrong += credits::faults(deed.ctx, deed.workspace).await?;
            let left = credits::left(deed.ctx, deed.workspace).await?;
            let off = (all - left.spent).abs() + left.reserved + left.available;
            figures
                .push(Figure::new("faults of the credits' books", count(wrong), "").at_most(0.0));
            figures.push(Figure::new("credits missing or too many", count(off), "").at_most(0.0));
        }
        Ok(figures)
    }

    fn figures(
        &self,
        ledger: &Told,
        funnel: &Funnel,
        took: f64,
        times: &[f64],
        killed: u32,
    ) -> Vec<Figure> {
        let all = f64::from(self.recipients);
        // Every recipient must be in every step, and nobody else.
        let steps = [
            funnel.contacts,
            funnel.recipients,
            funnel.accepted,
            funnel.sent,
            funnel.delivered,
        ];
        let off = steps.map(|step| (step - i64::from(self.recipients)).unsigned_abs());
        let mut speed = Figure::new("messages through to delivered", all / took, "/s");
        // Replies share the number's limit with the campaign.
        let mut used = Figure::new(
            "messages of the number, replies too",
            ledger.all / took,
            "/s",
        );
        let mut most = Figure::new("most in any second, by the ledger", ledger.most, "");
        let mut p50 = Figure::new(
            "a reply on the same number, p50",
            percentile(times, 0.5),
            "ms",
        );
        let mut p99 = Figure::new(
            "a reply on the same number, p99",
            percentile(times, 0.99),
            "ms",
        );
        // The time while the program is down says nothing about its speed.
        if killed == 0 && !self.faults {
            match self.rate {
                Rate::Unlimited => speed = speed.at_least(3_000.0),
                Rate::PerSecond(rate) => {
                    let rate = f64::from(rate);
                    used = used.at_least(0.98 * rate);
                    most = most.at_most(rate + f64::from(BURST));
                    p50 = p50.at_most(100.0);
                    p99 = p99.at_most(200.0);
                }
            }
        }
        vec![
            speed,
            used,
            Figure::new("time, from the sending on", took, "s"),
            most,
            p50,
            p99,
            Figure::new("replies measured", count(times.len()), ""),
            Figure::new("recipients", all, ""),
            Figure::new("killed on the way", f64::from(killed), "").at_least(f64::from(self.kill)),
            Figure::new("requests refused or without an answer", ledger.struck, ""),
            Figure::new("recipients with more than one message", ledger.twice, "").at_most(0.0),
            Figure::new("recipients without one", all - ledger.reached, "").at_most(0.0),
            Figure::new(
                "missing or too many in the funnel's steps",
                count(off.iter().sum::<u64>()),
                "",
            )
            .at_most(0.0),
            Figure::new(
                "messages that only the rows or only the ledger have",
                ledger.unknown,
                "",
            )
            .at_most(0.0),
        ]
    }
}

fn count(number: impl TryInto<u32>) -> f64 {
    number.try_into().map_or(f64::NAN, f64::from)
}

fn add_faults(simulators: &Simulators) {
    let sending = || Fault {
        matches: Some("messages".into()),
        ..Fault::on(Service::WhatsApp)
    };
    simulators.fault(Fault {
        // "Service unavailable": try again.
        code: Some(131_016),
        share: Some(0.05),
        ..sending()
    });
    simulators.fault(Fault {
        cut: Some(CutAt::After),
        share: Some(0.02),
        ..sending()
    });
    simulators.fault(Fault {
        webhooks: Some(WebhookFault {
            duplicate: 0.05,
            ..WebhookFault::default()
        }),
        ..Fault::on(Service::WhatsApp)
    });
}

fn of(rows: &BTreeMap<String, i64>, states: &[&str]) -> i64 {
    states.iter().filter_map(|state| rows.get(*state)).sum()
}

async fn progress(
    ctx: &Context,
    workspace: WorkspaceId,
) -> Result<BTreeMap<String, i64>, CliError> {
    let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
    Ok(messages::progress(&mut work, Cause::Campaign).await?)
}

/// Waits until no job is left.
async fn finish(ctx: &Context) -> Result<(), CliError> {
    let asked = Instant::now();
    loop {
        let left: i64 = inspect::pools(&mut *ctx.owner.acquire().await?, &pools::ALL)
            .await?
            .iter()
            .map(|pool| pool.ready + pool.running + pool.scheduled + pool.blocked)
            .sum();
        if left == 0 {
            return Ok(());
        }
        if asked.elapsed() > STANDSTILL {
            return Err(format!("{left} jobs are left").into());
        }
        sleep(LOOK).await;
    }
}
