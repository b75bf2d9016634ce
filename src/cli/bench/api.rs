//! Measures pages of many contacts over real HTTP at a steady rate, counts of audiences, and log-ins.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use clap::Args;
use kazi_jobs::{
    Context,
    identity::{self, LogIn, LoginOutcome, Origin},
    workspaces::{self, Profile},
};
use kazi_platform::{
    actor::Actor,
    token::{Audience, Tokens},
};
use kazi_queue::bench::Figure;
use reqwest::Client;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Format, import, percentile, show, spinner};
use crate::{CliError, api, http, runtime::Runtime};

/// The size of the measurement.
#[derive(Args)]
pub struct Calls {
    /// The number of contacts.
    #[arg(long, default_value_t = 1_000_000)]
    contacts: u32,
    /// Pages requested per second, even when earlier ones are still open.
    #[arg(long, default_value_t = 500)]
    rate: u32,
    /// The duration in seconds.
    #[arg(long, default_value_t = 20)]
    seconds: u32,
    /// Log-ins, one after the other.
    #[arg(long, default_value_t = 10)]
    log_ins: u32,
    #[command(flatten)]
    format: Format,
}

/// The most rows that an import takes.
const ROWS: u32 = 400_000;
/// The orders of the pages.
const SORTS: [&str; 3] = ["-created_at", "name", "-last_activity_at"];
const PAGES: usize = 50;
/// Times that each audience is counted.
const COUNTS: usize = 7;
const EMAIL: &str = "bench@example.com";
const PASSWORD: &str = "a bench is no place to hide it";

impl Calls {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let ctx = &runtime.ctx;
        let password = SecretString::from(PASSWORD);
        let user =
            identity::create_user(ctx, &Actor::OPERATOR, EMAIL, &password, None, false).await?;
        let profile: Profile = serde_json::from_value(json!({"name": "Bench", "country": "KE"}))?;
        let workspace = workspaces::create_for(
            &ctx.db,
            ctx.clock.now(),
            &Actor::OPERATOR,
            user.uuid(),
            &profile,
        )
        .await?;
        for first in (0..self.contacts).step_by(ROWS as usize) {
            let file = file(first, self.contacts.min(first + ROWS))?;
            import::import(ctx, workspace, file).await?;
        }
        let (session, log_ins) = log_in(ctx, password, self.log_ins).await?;
        let tokens = Tokens::new(&ctx.keyring)?;
        let (user, now) = (user.uuid(), ctx.clock.now());
        let token = tokens.issue(Audience::Member, user, session, Some(workspace), now)?;

        let mut config = runtime.config.clone();
        // One caller plays many, so the limits are off.
        (config.http.rate_per_address, config.http.rate_per_caller) = (0, 0);
        let listener = http::listen("127.0.0.1:0".parse()?).await?;
        let base = format!("http://{}/api/v1", listener.local_addr()?);
        let url = format!("{base}/contacts?limit=50");
        let stop = CancellationToken::new();
        let routes = api::routes(ctx, &config)?;
        let server = tokio::spawn(http::serve(listener, routes, stop.clone()));
        let measured = self.ask(&url, &token).await;
        let counted = count(&format!("{base}/messaging/segments/preview"), &token).await;
        stop.cancel();
        server.await??;
        let (mut times, failed, took) = measured?;
        let (slowest, counted) = counted?;
        times.sort_by(f64::total_cmp);
        #[expect(clippy::cast_precision_loss, reason = "some ten thousand")]
        let answered = times.len() as f64;
        let least = log_ins.iter().copied().fold(f64::INFINITY, f64::min);
        let most = log_ins.iter().copied().fold(0.0, f64::max);
        show(
            self.format,
            &[
                Figure::new("contacts", f64::from(self.contacts), ""),
                Figure::new("pages of 50 answered", answered / took, "/s"),
                Figure::new("time to a page, p50", percentile(&times, 0.5), "ms"),
                Figure::new("time to a page, p99", percentile(&times, 0.99), "ms").at_most(15.0),
                Figure::new("not answered with 200", f64::from(failed), "").at_most(0.0),
                Figure::new(
                    "an audience counted, with a sample: median of all",
                    counted,
                    "ms",
                ),
                Figure::new("the same: the slowest of them", slowest, "ms").at_most(300.0),
                Figure::new("log-in, the fastest", least, "ms").at_least(100.0),
                Figure::new("log-in, the slowest", most, "ms").at_most(400.0),
            ],
        )
    }

    /// Returns the times in milliseconds since each call was due, the number of failures, and the total seconds.
    async fn ask(&self, url: &str, token: &str) -> Result<(Vec<f64>, u32, f64), CliError> {
        let http = kazi_clients::http::client()?;
        let pages = pages(&http, url, token).await?;
        let bar = spinner();
        bar.set_message("asking");
        let began = Instant::now();
        let mut calls = JoinSet::new();
        for (number, page) in (0..self.rate * self.seconds).zip(pages.iter().cycle()) {
            let due = began + Duration::from_secs(1) * number / self.rate;
            tokio::time::sleep_until(due.into()).await;
            let call = http.get(page).bearer_auth(token);
            calls.spawn(async move {
                let answer = call.send().await?.error_for_status()?;
                answer.bytes().await?;
                Ok::<_, reqwest::Error>(due.elapsed().as_secs_f64() * 1e3)
            });
        }
        let (mut times, mut failed) = (Vec::new(), 0);
        while let Some(ended) = calls.join_next().await {
            match ended? {
                Ok(time) => times.push(time),
                Err(_) => failed += 1,
            }
        }
        bar.finish_and_clear();
        Ok((times, failed, began.elapsed().as_secs_f64()))
    }
}

/// The addresses of the first pages in each order, mixed.
async fn pages(http: &Client, url: &str, token: &str) -> Result<Vec<String>, CliError> {
    let mut pages = Vec::new();
    for sort in SORTS {
        let mut page = format!("{url}&sort={sort}");
        for place in 0..PAGES {
            let answer = http.get(&page).bearer_auth(token).send().await?;
            let answer: Value = answer.error_for_status()?.json().await?;
            pages.push((place, std::mem::take(&mut page)));
            let Some(cursor) = answer["next_cursor"].as_str() else {
                break;
            };
            page = format!("{url}&sort={sort}&cursor={cursor}");
        }
    }
    pages.sort();
    Ok(pages.into_iter().map(|(_, page)| page).collect())
}

/// Counts audiences of all sorts, and shows a sample of each, as the editor of segments does. Returns the median of the slowest
/// audience and of all, in milliseconds.
async fn count(url: &str, token: &str) -> Result<(f64, f64), CliError> {
    let http = kazi_clients::http::client()?;
    let mut medians = Vec::new();
    for audience in [
        json!({}),
        json!({"tags_any": ["g1"]}),
        json!({"tags_any": ["g1", "g2", "g3"], "tags_none": ["g4", "g5"]}),
        json!({"countries": ["KE"], "languages": ["en"]}),
        json!({"consented": true}),
        json!({"inactive_for_days": 30}),
        json!({"any_of": [{"tags_all": ["g1"]}, {"tags_all": ["g7"], "countries": ["KE"]}], "none_of": [{"tags_any": ["g9"]}]}),
        json!({"did": [{"kind": "ordered"}]}),
    ] {
        let mut times = Vec::new();
        for _ in 0..COUNTS {
            let began = Instant::now();
            let call = http.post(url).bearer_auth(token);
            let answer = call.json(&json!({"audience": audience})).send().await?;
            answer.error_for_status()?.bytes().await?;
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        medians.push(percentile(&times, 0.5));
    }
    medians.sort_by(f64::total_cmp);
    Ok((percentile(&medians, 1.0), percentile(&medians, 0.5)))
}

/// Logs in several times. Returns the last session and the times in milliseconds.
async fn log_in(
    ctx: &Context,
    password: SecretString,
    times: u32,
) -> Result<(Uuid, Vec<f64>), CliError> {
    let email = EMAIL.into();
    let input = LogIn {
        email,
        password,
        remember: true,
    };
    let mut took = Vec::new();
    let mut session = None;
    for _ in 0..times.max(1) {
        let began = Instant::now();
        let outcome = identity::log_in(ctx, &input, &Origin::default()).await?;
        took.push(began.elapsed().as_secs_f64() * 1e3);
        let LoginOutcome::Done(logged_in) = outcome else {
            return Err("the log-in wants more than a password".into());
        };
        session = Some(logged_in.session.uuid());
    }
    Ok((session.ok_or("nobody has logged in")?, took))
}

fn file(from: u32, until: u32) -> Result<String, CliError> {
    let mut file = String::from("Name,Phone,Tags\n");
    for row in from..until {
        writeln!(file, "Amina {row},07{row:08},g{}", row % 20)?;
    }
    Ok(file)
}
