//! A campaign through the whole program, from its first row to the last `delivered`: a process of its own runs it, which
//! may be killed meanwhile, and the simulated provider's ledger is the judge.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::Write,
    net::SocketAddr,
    process::Stdio,
    str::FromStr,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use kazi_clients::whatsapp::Body;
use kazi_jobs::{
    Context,
    channels::{self, Sender},
    contacts::{self, ContactId, Filter, Sort},
    conversations,
    messages::{self, Cause, MessageId, NewOutbound},
    pools,
};
use kazi_platform::{WorkspaceId, database};
use kazi_queue::{Doorbell, bench::Figure, inspect, lanes};
use kazi_simulators::{
    CutAt, Entry, Fault as ProviderFault, Line, Options, Service, Simulators, WebhookFault,
    WhatsAppAccount,
};
use secrecy::ExposeSecret;
use tokio::{
    process::{Child, Command},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use super::{Format, NUMBER, SECRET, business, import, percentile, show, spinner, webhook};
use crate::{Fault, http, runtime::Runtime};

/// How much.
#[derive(Args)]
pub struct Campaign {
    /// Who gets a message.
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=500_000))]
    recipients: u32,
    /// Messages a second of the number: unlimited, or like 80.
    #[arg(long, default_value = "unlimited")]
    rate: Rate,
    /// Kills the program (SIGKILL) so many times on the way, and starts it again.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100))]
    kill: u32,
    /// The provider refuses 5% of the requests and loses the answers of 2%; 5% of the webhooks come twice.
    #[arg(long)]
    faults: bool,
    #[command(flatten)]
    format: Format,
}

/// What the number may send.
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

/// Between two looks.
const LOOK: Duration = Duration::from_millis(100);
/// Between a reply and the next question.
const REPLY_EVERY: Duration = Duration::from_millis(200);
/// Contacts of one page.
const PAGE: i64 = 5_000;
const CUSTOMER: &str = "254799999999";
/// What a number with a limit may send at once: as by default.
const BURST: u32 = 20;
const RESERVED: u32 = 5;
/// Recipients of one transaction, as a broadcast writes them.
const CHUNK: usize = 1_000;
/// For the program to start, and for an answer of it.
const PATIENCE: Duration = Duration::from_secs(30);
/// Without any progress for so long, it has come to a stand. Longer than a lease and the wait for lost answers together.
const STANDSTILL: Duration = Duration::from_secs(90);
/// How long a message whose answer was lost is waited for: longer than the provider's webhooks take when we are away.
const AMBIGUOUS_WAIT: &str = "20";

impl Campaign {
    /// Measures.
    pub async fn run(self, runtime: &Runtime) -> Result<(), Fault> {
        let ctx = &runtime.ctx;
        let workspace = business(ctx).await?;
        let simulators = Simulators::start(Options {
            status_delay: Duration::from_millis(100),
            rate_per_second: None,
            ..Options::default()
        })
        .await?;
        // A port that is free now: the program comes back to it after each kill.
        let address = http::listen("127.0.0.1:0".parse()?).await?.local_addr()?;
        simulators.add_whatsapp(WhatsAppAccount {
            phone_number_id: NUMBER.into(),
            business_account_id: "1022".into(),
            display_phone: "+254 20 555 0100".into(),
            token: "token".into(),
            app_secret: SECRET.into(),
            webhook_url: format!("http://{address}/webhooks/whatsapp"),
        });
        let audience = Audience::of(ctx, workspace, self.recipients).await?;
        self.limit(ctx, &audience.sender).await?;
        if self.faults {
            add_faults(&simulators);
        }
        let program = Program {
            runtime,
            address,
            provider: simulators.base_url(Service::WhatsApp),
        };
        let measured = self
            .measure(ctx, workspace, &program, &simulators, &audience)
            .await;
        simulators.shutdown().await;
        let figures = measured?;
        show(self.format, &figures)?;
        match figures.iter().all(Figure::met) {
            true => Ok(()),
            false => Err("a promise was not kept".into()),
        }
    }

    /// Gives the number its limit.
    async fn limit(&self, ctx: &Context, sender: &Sender) -> Result<(), Fault> {
        let limits = match self.rate {
            Rate::Unlimited => lanes::Limits::default(),
            Rate::PerSecond(rate) => lanes::Limits {
                rate: Some((rate.into(), BURST)),
                reserved: RESERVED,
                max_running: None,
            },
        };
        let mut conn = ctx.owner.acquire().await?;
        let lane = sender.id.to_string();
        Ok(lanes::set(&mut conn, pools::WHATSAPP, &lane, &limits).await?)
    }

    async fn measure(
        &self,
        ctx: &Context,
        workspace: WorkspaceId,
        program: &Program<'_>,
        simulators: &Simulators,
        audience: &Audience,
    ) -> Result<Vec<Figure>, Fault> {
        let mut child = program.start().await?;
        greet(simulators).await?;
        simulators.clear_ledger();
        let stop = CancellationToken::new();
        let url = program.url();
        let replies = tokio::spawn(replies(simulators.clone(), url, stop.clone()));
        // Those who run the jobs are another process.
        let bell = Doorbell::start(ctx.owner.clone());
        let began = Instant::now();
        let ids = write_all(ctx, workspace, audience).await?;
        let all = i64::from(self.recipients);
        let (mut killed, mut before, mut moved_at) = (0, 0, Instant::now());
        let bar = spinner();
        let took = loop {
            // To count costs something too: often only at the end.
            sleep(if before > all * 9 / 5 { LOOK } else { LOOK * 5 }).await;
            let rows = progress(ctx, workspace).await?;
            let begun = all - of(&rows, &["queued"]);
            let ended = of(&rows, &["delivered", "read", "failed"]);
            bar.set_message(format!("{ended} of {all} delivered"));
            if ended >= all {
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
                // SIGKILL: nothing of it ends in order.
                child.kill().await?;
                killed += 1;
                child = program.start().await?;
            }
        };
        stop.cancel();
        let mut times = replies.await??;
        times.sort_by(f64::total_cmp);
        bar.set_message("waiting for what is left to do");
        simulators.settle().await;
        finish(ctx).await?;
        bar.finish_and_clear();
        drop(bell);
        let rows = progress(ctx, workspace).await?;
        // It is killed, and has nothing left to do.
        drop(child);
        let ledger = Told::by(&simulators.ledger(Service::WhatsApp), &ids);
        Ok(self.figures(&ledger, &rows, took, &times, killed))
    }

    fn figures(
        &self,
        ledger: &Told,
        rows: &BTreeMap<String, i64>,
        took: f64,
        times: &[f64],
        killed: u32,
    ) -> Vec<Figure> {
        let all = f64::from(self.recipients);
        let delivered = count(of(rows, &["delivered", "read"]));
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
        // What happens while the program is down is no figure of its speed.
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
            Figure::new("time, from the first row written", took, "s"),
            most,
            p50,
            p99,
            Figure::new("replies measured", count(times.len()), ""),
            Figure::new("recipients", all, ""),
            Figure::new("killed on the way", f64::from(killed), "").at_least(f64::from(self.kill)),
            Figure::new("requests refused or without an answer", ledger.struck, ""),
            Figure::new("recipients with more than one message", ledger.twice, "").at_most(0.0),
            Figure::new("recipients without one", all - ledger.reached, "").at_most(0.0),
            Figure::new("not delivered by the rows", all - delivered, "").at_most(0.0),
            Figure::new(
                "messages that only the rows or only the ledger have",
                ledger.unknown,
                "",
            )
            .at_most(0.0),
        ]
    }
}

/// The whole program in a process of its own, as `kazi run` starts it.
struct Program<'a> {
    runtime: &'a Runtime,
    address: SocketAddr,
    provider: String,
}

impl Program<'_> {
    fn url(&self) -> String {
        format!("http://{}/webhooks/whatsapp", self.address)
    }

    /// Starts it and waits until it is ready. It is killed when the value is dropped.
    async fn start(&self) -> Result<Child, Fault> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("run")
            .stdin(Stdio::null())
            // Not arguments: those can be read by everybody on the machine.
            .env("DATABASE_URL", self.runtime.url().expose_secret())
            .env("KAZI_MASTER_KEY", self.runtime.master_key().expose_secret())
            .env_remove("KAZI_DATABASE__URL")
            .env("KAZI_HTTP__BIND", self.address.to_string())
            .env("KAZI_WHATSAPP__BASE_URL", &self.provider)
            .env("KAZI_MESSAGES__AMBIGUOUS_WAIT_SECONDS", AMBIGUOUS_WAIT)
            .env("KAZI_LOG__LEVEL", "error")
            .kill_on_drop(true)
            .spawn()?;
        let url = format!("http://{}/readyz", self.address);
        let http = kazi_clients::http::client()?;
        let asked = Instant::now();
        loop {
            if let Ok(answer) = http.get(&url).send().await
                && answer.status().is_success()
            {
                return Ok(child);
            }
            if let Some(status) = child.try_wait()? {
                return Err(format!("the program has ended: {status}").into());
            }
            if asked.elapsed() > PATIENCE {
                return Err("the program does not get ready".into());
            }
            sleep(LOOK / 10).await;
        }
    }
}

/// To whom, by what.
struct Audience {
    sender: Sender,
    contacts: Vec<(ContactId, String)>,
}

impl Audience {
    /// Imports so many contacts.
    async fn of(ctx: &Context, workspace: WorkspaceId, recipients: u32) -> Result<Self, Fault> {
        let mut file = String::from("Name,Phone\n");
        for row in 0..recipients {
            writeln!(file, "Amina {row},07{row:08}")?;
        }
        import::import(ctx, workspace, file).await?;
        let mut tx = database::tenant(&ctx.db, workspace).await?;
        let channel = channels::active(&mut tx, workspace).await?;
        let channel = *channel.first().ok_or("there is no channel")?;
        let sender = channels::sender(&mut tx, workspace, channel).await?;
        let (mut contacts, mut after) = (Vec::new(), None);
        loop {
            let (all, sort) = (Filter::default(), Sort::Created);
            let page = contacts::list(&mut tx, workspace, &all, sort, after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(sort.key(last));
            contacts.extend(
                page.into_iter()
                    .filter_map(|contact| Some((contact.id, contact.phone?.wa_id().to_owned()))),
            );
        }
        if contacts.len() != recipients as usize {
            return Err(format!("{} contacts were imported", contacts.len()).into());
        }
        Ok(Self {
            sender: sender.ok_or("there is no channel")?,
            contacts,
        })
    }
}

/// What the provider says.
#[derive(Default)]
struct Told {
    /// Messages that it took.
    all: f64,
    /// The most that it took in any second.
    most: f64,
    /// Requests that it did not take, or whose answer it lost.
    struck: f64,
    /// Recipients that it has more than one message for.
    twice: f64,
    /// Recipients that it has a message for.
    reached: f64,
    /// Messages that it took and nobody wrote, or the other way round.
    unknown: f64,
}

impl Told {
    fn by(ledger: &[Entry], written: &HashSet<MessageId>) -> Self {
        let mut taken: HashMap<&str, u32> = HashMap::new();
        let mut known = HashSet::<MessageId>::new();
        let (mut times, mut struck): (Vec<DateTime<Utc>>, usize) = (Vec::new(), 0);
        for entry in ledger.iter().filter(|entry| entry.method == "POST") {
            if entry.fault.is_some() {
                struck += 1;
            }
            if entry.message_id.is_none() {
                continue;
            }
            times.push(entry.at);
            let id: Option<MessageId> = entry.callback.as_deref().and_then(|id| id.parse().ok());
            if entry.body["type"] == "template" {
                let to = entry.body["to"].as_str().unwrap_or_default();
                *taken.entry(to).or_default() += 1;
                known.extend(id);
            }
        }
        times.sort_unstable();
        let mut first = 0;
        let mut most = 0;
        for (last, at) in times.iter().enumerate() {
            while *at - times[first] >= TimeDelta::seconds(1) {
                first += 1;
            }
            most = most.max(last + 1 - first);
        }
        Self {
            all: count(times.len()),
            most: count(most),
            struck: count(struck),
            twice: count(taken.values().filter(|times| **times > 1).count()),
            reached: count(taken.len()),
            unknown: count(known.symmetric_difference(written).count()),
        }
    }
}

fn of(rows: &BTreeMap<String, i64>, states: &[&str]) -> i64 {
    states.iter().filter_map(|state| rows.get(*state)).sum()
}

fn count(number: impl TryInto<u32>) -> f64 {
    number.try_into().map_or(f64::NAN, f64::from)
}

fn add_faults(simulators: &Simulators) {
    let sending = || ProviderFault {
        matches: Some("messages".into()),
        ..ProviderFault::on(Service::WhatsApp)
    };
    simulators.fault(ProviderFault {
        // "Service unavailable": try again.
        code: Some(131_016),
        share: Some(0.05),
        ..sending()
    });
    simulators.fault(ProviderFault {
        cut: Some(CutAt::After),
        share: Some(0.02),
        ..sending()
    });
    simulators.fault(ProviderFault {
        webhooks: Some(WebhookFault {
            duplicate: 0.05,
            ..WebhookFault::default()
        }),
        ..ProviderFault::on(Service::WhatsApp)
    });
}

/// Writes the campaign down as a broadcast does: so many recipients a transaction.
async fn write_all(
    ctx: &Context,
    workspace: WorkspaceId,
    audience: &Audience,
) -> Result<HashSet<MessageId>, Fault> {
    let body = Body::Template {
        name: "hello_world".into(),
        language: "en_US".into(),
        parameters: Vec::new(),
        buttons: Vec::new(),
    };
    let mut written = HashSet::new();
    for contacts in audience.contacts.chunks(CHUNK) {
        let now = ctx.clock.now();
        let mut tx = database::tenant(&ctx.db, workspace).await?;
        let sender = &audience.sender;
        let ways = conversations::reach_all(&mut tx, workspace, sender, contacts, now).await?;
        let all: Vec<NewOutbound<'_>> = ways
            .iter()
            .map(|way| NewOutbound {
                id: MessageId::at(now),
                conversation: &way.conversation,
                body: &body,
                cause: Cause::Campaign,
                at: now,
            })
            .collect();
        written.extend(messages::queue_all(&mut tx, workspace, &all).await?);
        tx.commit().await?;
    }
    Ok(written)
}

async fn progress(ctx: &Context, workspace: WorkspaceId) -> Result<BTreeMap<String, i64>, Fault> {
    let mut tx = database::tenant(&ctx.db, workspace).await?;
    Ok(messages::progress(&mut tx, workspace, Cause::Campaign).await?)
}

/// The menu, so that what is measured later is one message in and one out.
async fn greet(simulators: &Simulators) -> Result<(), Fault> {
    let phone = simulators.phone(CUSTOMER, Service::WhatsApp, NUMBER);
    for (text, answers) in [("Hello", 1), ("Amina", 2)] {
        phone.say(text).await;
        phone
            .wait_for(PATIENCE, |lines| heard(lines) == answers)
            .await
            .ok_or("the greeting was not answered")?;
    }
    Ok(())
}

fn heard(lines: &[Line]) -> usize {
    lines.iter().filter(|line| line.direction == "in").count()
}

/// A customer who asks for the menu again and again meanwhile: the times to each answer, in milliseconds.
async fn replies(
    simulators: Simulators,
    url: String,
    stop: CancellationToken,
) -> Result<Vec<f64>, Fault> {
    let http = kazi_clients::http::client()?;
    let phone = simulators.phone(CUSTOMER, Service::WhatsApp, NUMBER);
    let mut times = Vec::new();
    for number in 0_u64.. {
        if stop.run_until_cancelled(sleep(REPLY_EVERY)).await.is_none() {
            break;
        }
        let before = heard(&phone.transcript());
        let sent_at = Utc::now();
        let id = format!("wamid.bench.{number}");
        let sent = webhook(&http, &url, &id, CUSTOMER, "menu").send().await;
        // The program is down just now: that is not what is measured.
        if !sent.is_ok_and(|answer| answer.status().is_success()) {
            continue;
        }
        let answered = phone.wait_for(PATIENCE, |lines| heard(lines) > before);
        let Some(lines) = stop.run_until_cancelled(answered).await else {
            break;
        };
        let lines = lines.ok_or("a reply did not come")?;
        let arrived = lines.iter().rfind(|line| line.direction == "in");
        times.extend(arrived.map(|line| (line.at - sent_at).as_seconds_f64() * 1e3));
    }
    Ok(times)
}

/// Until no job is left.
async fn finish(ctx: &Context) -> Result<(), Fault> {
    let asked = Instant::now();
    loop {
        let left: i64 = inspect::pools(&mut *ctx.owner.acquire().await?)
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
