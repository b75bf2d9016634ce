//! Measures many conversations with a slow model while providers fail: whether each message is answered once and in order,
//! and how long customers wait. A process of its own runs the conversations and may be killed on the way.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use clap::Args;
use futures_util::future::try_join_all;
use kazi_jobs::{
    Context, Work,
    ai::{self, Format as Kind, NewDocument, NewPrompt},
    workspaces,
};
use kazi_platform::{WorkspaceId, actor::Actor};
use kazi_queue::bench::Figure;
use kazi_simulators::{CutAt, Fault, Line, Phone, Service, Simulators, WebhookFault};
use reqwest::Client;
use serde_json::json;
use tokio::{task::JoinSet, time::sleep};

use super::{
    Format, NUMBER, business, percentile,
    program::Program,
    provider::{self, greet},
    show, spinner, webhook,
};
use crate::{CliError, http, runtime::Runtime};

/// The size of the measurement.
#[derive(Args)]
pub struct Talks {
    /// Customers who write.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    conversations: u32,
    /// All customers write within this number of seconds, each all messages at once. 0: all in the same moment. The number
    /// may send 80 messages a second: with fewer seconds the last answers wait for its limit.
    #[arg(long, default_value_t = 66)]
    seconds: u32,
    /// The time in milliseconds that the model thinks.
    #[arg(long, default_value_t = 800)]
    model: u32,
    /// Fails one of twenty requests: 429, 500, no answer in time, connections cut, and webhooks that come twice or late.
    #[arg(long)]
    faults: bool,
    /// Kills the program (SIGKILL) in the middle, and starts it again.
    #[arg(long)]
    kill: bool,
    #[command(flatten)]
    format: Format,
}

/// What each customer asks for, one after the other. No two of them share a word.
const ASKED: [&str; 5] = ["amber", "birch", "cedar", "dahlia", "elder"];
const KEY: &str = "of the bench";
/// Time between two looks.
const LOOK: Duration = Duration::from_millis(100);
/// Time without an answer after which the measurement has failed. It is longer than a lease.
const STANDSTILL: Duration = Duration::from_secs(120);
/// Customers who introduce themselves at the same time.
const AT_ONCE: usize = 50;

impl Talks {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let ctx = &runtime.ctx;
        let workspace = business(ctx).await?;
        know(ctx, workspace).await?;
        let simulators = provider::start(Duration::from_millis(100)).await?;
        // A free port, which the program takes again after a kill.
        let address = http::listen("127.0.0.1:0".parse()?).await?.local_addr()?;
        simulators.add_openrouter_key(KEY);
        provider::add_number(&simulators, format!("http://{address}/webhooks/whatsapp"));
        let program = Program {
            runtime,
            address,
            whatsapp: simulators.base_url(Service::WhatsApp),
            with: vec![
                (
                    "KAZI_OPENROUTER__BASE_URL",
                    simulators.base_url(Service::OpenRouter),
                ),
                ("KAZI_OPENROUTER__KEY", KEY.to_owned()),
                ("KAZI_QUEUE__POOLS__AI", self.conversations.to_string()),
            ],
        };
        let measured = self.measure(&program, &simulators).await;
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
        program: &Program<'_>,
        simulators: &Simulators,
    ) -> Result<Vec<Figure>, CliError> {
        let bar = spinner();
        let mut child = program.start().await?;
        bar.set_message("the customers introduce themselves");
        let phones: Vec<Phone> = (0..self.conversations)
            .map(|n| simulators.phone(&format!("2547{n:08}"), Service::WhatsApp, NUMBER))
            .collect();
        for some in phones.chunks(AT_ONCE) {
            try_join_all(some.iter().map(greet)).await?;
        }
        let before: Vec<usize> = phones.iter().map(|phone| heard(phone).len()).collect();
        self.break_providers(simulators);
        let calm = memory(child.id());
        let mut most = calm;
        let mut talks = JoinSet::new();
        let client = kazi_clients::http::client()?;
        for (number, _) in phones.iter().enumerate() {
            let wait = Duration::from_secs(self.seconds.into()) * u32::try_from(number)?
                / self.conversations;
            let asks = ask(client.clone(), program.url(), number, wait, self.faults);
            talks.spawn(asks);
        }
        let all = phones.len() * ASKED.len();
        let (began, mut moved_at, mut last, mut killed) =
            (Instant::now(), Instant::now(), 0, false);
        loop {
            sleep(LOOK).await;
            let done: usize = phones
                .iter()
                .zip(&before)
                .map(|(phone, before)| heard(phone).len() - before)
                .sum();
            bar.set_message(format!("{done} of {all} answered"));
            most = most.max(memory(child.id()));
            if self.kill && !killed && done * 2 > all {
                // SIGKILL: the program cannot end in order.
                child.kill().await?;
                killed = true;
                child = program.start().await?;
            }
            if done > last {
                (last, moved_at) = (done, Instant::now());
            }
            if done >= all {
                break;
            }
            if moved_at.elapsed() > STANDSTILL {
                return Err(format!("it has come to a stand: {done} of {all} are answered").into());
            }
        }
        let took = began.elapsed().as_secs_f64();
        let asked_at = talks
            .join_all()
            .await
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        // An answer that comes twice comes soon.
        simulators.settle().await;
        bar.finish_and_clear();
        let mut talked = Talked::default();
        for (number, asked_at) in asked_at {
            let (phone, before) = (&phones[number], before[number]);
            talked.add(&asked_at, &heard(phone)[before..]);
        }
        talked.times.sort_by(f64::total_cmp);
        Ok(self.figures(&talked, u32::try_from(all)?, took, [calm, most]))
    }

    fn figures(
        &self,
        talked: &Talked,
        messages: u32,
        took: f64,
        [calm, most]: [f64; 2],
    ) -> Vec<Figure> {
        let [p50, p95] = [0.5, 0.95].map(|share| percentile(&talked.times, share));
        let mut slow = Figure::new("a customer's wait for each answer, p95", p95, "ms");
        if !self.kill {
            slow = slow.at_most(f64::from(self.model) + 300.0);
        }
        vec![
            Figure::new("messages", f64::from(messages), ""),
            Figure::new("all answered after", took, "s"),
            Figure::new("a customer's wait for each answer, p50", p50, "ms"),
            slow,
            Figure::new("answered by the menu instead", talked.menus, ""),
            Figure::new(
                "conversations with an answer too few or too many",
                talked.off,
                "",
            )
            .at_most(0.0),
            Figure::new("answers out of order", talked.unordered, "").at_most(0.0),
            Figure::new("memory before", calm, "MB"),
            Figure::new("memory, the most", most, "MB"),
        ]
    }

    fn break_providers(&self, simulators: &Simulators) {
        let model = || Fault::on(Service::OpenRouter);
        let sending = || Fault {
            matches: Some("messages".into()),
            ..Fault::on(Service::WhatsApp)
        };
        if self.faults {
            for fault in [
                Fault {
                    status: Some(429),
                    share: Some(0.01),
                    retry_after: Some(1),
                    ..model()
                },
                Fault {
                    status: Some(500),
                    share: Some(0.01),
                    ..model()
                },
                Fault {
                    cut: Some(CutAt::Before),
                    share: Some(0.01),
                    ..model()
                },
                Fault {
                    delay_ms: Some(120_000),
                    share: Some(0.002),
                    ..model()
                },
                Fault {
                    code: Some(131_016),
                    share: Some(0.01),
                    ..sending()
                },
                Fault {
                    cut: Some(CutAt::After),
                    share: Some(0.005),
                    ..sending()
                },
                Fault {
                    webhooks: Some(WebhookFault {
                        duplicate: 0.05,
                        reorder: 0.05,
                        ..WebhookFault::default()
                    }),
                    ..Fault::on(Service::WhatsApp)
                },
            ] {
                simulators.fault(fault);
            }
        }
        simulators.fault(Fault {
            delay_ms: Some(self.model.into()),
            ..model()
        });
    }
}

/// What the business knows, and that it answers each message by itself.
async fn know(ctx: &Context, workspace: WorkspaceId) -> Result<(), CliError> {
    let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
    let before = workspaces::lock(&mut work).await?;
    let changes = serde_json::from_value(json!({"settings": {"gather_seconds": 0}}))?;
    workspaces::update(&mut work, before, changes).await?;
    for word in ASKED {
        let new = NewDocument {
            title: word.into(),
            language: "en".into(),
            format: Kind::Text,
            body: format!("The {word} chair stands in hall {}.", word.len()),
        };
        ai::create_document(&mut work, &new).await?;
    }
    let new = NewPrompt {
        name: "Bench".into(),
        channel_id: None,
        body: "You are the assistant of a shop.".into(),
        models: vec!["bench/model".into()],
        temperature: 0.0,
        max_tokens: 200,
        tools: true,
    };
    let prompt = ai::create_prompt(&mut work, &new).await?;
    ai::activate_prompt(&mut work, &prompt).await?;
    Ok(work.commit().await?)
}

fn heard(phone: &Phone) -> Vec<Line> {
    let lines = phone.transcript().into_iter();
    lines.filter(|line| line.direction == "in").collect()
}

/// A customer who asks everything at once. Returns when each question was sent.
async fn ask(
    http: Client,
    url: String,
    number: usize,
    wait: Duration,
    faults: bool,
) -> Result<(usize, Vec<DateTime<Utc>>), CliError> {
    sleep(wait).await;
    let from = format!("2547{number:08}");
    let mut asked_at = Vec::new();
    for (place, word) in ASKED.into_iter().enumerate() {
        let id = format!("wamid.bench.{number}.{word}");
        let text = format!("Where is the {word}?");
        asked_at.push(Utc::now());
        // One of twenty.
        let twice = faults && (number + place).is_multiple_of(20);
        for _ in 0..=u8::from(twice) {
            // The provider tells it again until the program has it.
            while !webhook(&http, &url, &id, &from, &text)
                .send()
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                sleep(LOOK).await;
            }
        }
    }
    Ok((number, asked_at))
}

#[derive(Default)]
struct Talked {
    /// Milliseconds from a question, or from the answer to the one before it, to its answer.
    times: Vec<f64>,
    menus: f64,
    off: f64,
    unordered: f64,
}

impl Talked {
    fn add(&mut self, asked_at: &[DateTime<Utc>], answers: &[Line]) {
        if answers.len() != ASKED.len() {
            self.off += 1.0;
        }
        let mut free_at = DateTime::<Utc>::MIN_UTC;
        for ((word, asked_at), answer) in ASKED.iter().zip(asked_at).zip(answers) {
            let since = free_at.max(*asked_at);
            self.times.push((answer.at - since).as_seconds_f64() * 1e3);
            free_at = answer.at;
            if !answer.buttons.is_empty() || !answer.rows.is_empty() {
                self.menus += 1.0;
            } else if !answer.text.contains(word) {
                self.unordered += 1.0;
            }
        }
    }
}

/// The resident memory of a process in megabytes.
fn memory(process: Option<u32>) -> f64 {
    let status = process.and_then(|id| std::fs::read_to_string(format!("/proc/{id}/status")).ok());
    let line = status
        .as_deref()
        .and_then(|all| all.lines().find(|line| line.starts_with("VmRSS:")));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1024.0)
}
