//! Measures what members look at all day in a business with a year behind it: pages of the inbox, the search in messages,
//! the figures of the dashboard, and events on many open pages. All of it is asked over real HTTP.

mod year;

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use clap::Args;
use futures_util::{StreamExt, future::join_all};
use kazi_jobs::{Context, analytics::Fold};
use kazi_platform::{
    WorkspaceId,
    token::{Audience, Tokens},
};
use kazi_queue::bench::Figure;
use reqwest::{
    Client, RequestBuilder, Response,
    header::{ETAG, IF_MATCH},
};
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;

use self::year::{Member, Size, WORDS, word};
use super::{Format, business, percentile, show, spinner};
use crate::{CliError, api, http, runtime::Runtime};

/// The size of the measurement.
#[derive(Args)]
pub struct Inbox {
    /// The messages of a year.
    #[arg(long, default_value_t = 2_000_000)]
    messages: u32,
    /// Contacts with a conversation.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1_000..=1_000_000))]
    contacts: u32,
    /// The orders of a year.
    #[arg(long, default_value_t = 1_000_000)]
    orders: u32,
    /// The open streams of events.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(5..=5_000))]
    listeners: u32,
    /// Requests per second of each kind, even when earlier ones are still open.
    #[arg(long, default_value_t = 50)]
    rate: u32,
    /// The duration in seconds of each kind.
    #[arg(long, default_value_t = 15)]
    seconds: u32,
    #[command(flatten)]
    format: Format,
}

/// The streams that a member may have open.
const STREAMS: u32 = 5;
/// Events, one after the other.
const EVENTS: u32 = 50;
const PATIENCE: Duration = Duration::from_secs(10);

impl Inbox {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let ctx = &runtime.ctx;
        let workspace = business(ctx).await?;
        let bar = spinner();
        let size = Size {
            contacts: self.contacts,
            messages: self.messages,
            orders: self.orders,
            members: self.listeners.div_ceil(STREAMS),
        };
        let members = year::write(ctx, workspace, &size, |count| {
            bar.set_message(format!("writing messages: {count}"));
        })
        .await?;
        bar.set_message("adding up the figures");
        Fold::now(ctx).await?;
        let tokens = tokens(ctx, workspace, &members)?;

        let mut config = runtime.config.clone();
        // One caller plays many, so the limits are off.
        (config.http.rate_per_address, config.http.rate_per_caller) = (0, 0);
        let listener = http::listen("127.0.0.1:0".parse()?).await?;
        let base = format!("http://{}/api/v1", listener.local_addr()?);
        let stop = CancellationToken::new();
        let routes = api::routes(ctx, &config)?;
        let server = tokio::spawn(http::serve(listener, routes, stop.clone()));
        let measured = self.measure(&base, &tokens).await;
        stop.cancel();
        server.await??;
        bar.finish_and_clear();
        show(self.format, &measured?)
    }

    async fn measure(&self, base: &str, tokens: &[String]) -> Result<Vec<Figure>, CliError> {
        let http = kazi_clients::http::client()?;
        let token = tokens.first().map_or("", String::as_str);
        let mut figures = vec![
            Figure::new("messages", f64::from(self.messages), ""),
            Figure::new("orders", f64::from(self.orders), ""),
        ];
        let mut failed = 0;
        for (what, target, paths) in kinds() {
            let asked = self.ask(&http, base, token, &paths).await?;
            failed += asked.failed;
            let [p50, p99] = [0.5, 0.99].map(|share| percentile(&asked.times, share));
            figures.push(Figure::new(format!("{what}, p50"), p50, "ms"));
            figures.push(Figure::new(format!("{what}, p99"), p99, "ms").at_most(target));
        }
        figures.push(Figure::new("not answered with 200", f64::from(failed), "").at_most(0.0));
        let heard = self.listen(base, tokens).await?;
        let [p50, last] = [0.5, 1.0].map(|share| percentile(&heard, share));
        figures.push(Figure::new("open streams", f64::from(self.listeners), ""));
        figures.push(Figure::new("an event on all of them, p50", p50, "ms"));
        figures
            .push(Figure::new("an event on all of them, the slowest", last, "ms").at_most(250.0));
        Ok(figures)
    }

    /// Returns the sorted times in milliseconds since each request was due.
    async fn ask(
        &self,
        http: &Client,
        base: &str,
        token: &str,
        paths: &[String],
    ) -> Result<Asked, CliError> {
        // The first answers plan statements and open connections.
        for path in paths {
            good(get(http, base, token, path)).await?.bytes().await?;
        }
        let began = Instant::now();
        let mut calls = JoinSet::new();
        for (number, path) in (0..self.rate * self.seconds).zip(paths.iter().cycle()) {
            let due = began + Duration::from_secs(1) * number / self.rate;
            tokio::time::sleep_until(due.into()).await;
            let call = get(http, base, token, path);
            calls.spawn(async move {
                good(call).await?.bytes().await?;
                Ok::<_, reqwest::Error>(due.elapsed().as_secs_f64() * 1e3)
            });
        }
        let mut asked = Asked::default();
        while let Some(ended) = calls.join_next().await {
            match ended? {
                Ok(time) => asked.times.push(time),
                Err(_) => asked.failed += 1,
            }
        }
        asked.times.sort_by(f64::total_cmp);
        Ok(asked)
    }

    /// Returns the sorted times in milliseconds from the answer to a change until the last stream has it.
    async fn listen(&self, base: &str, tokens: &[String]) -> Result<Vec<f64>, CliError> {
        let http = kazi_clients::http::client()?;
        let (tell, mut told) = mpsc::unbounded_channel();
        let mut streams = JoinSet::new();
        let callers = tokens.iter().cycle().take(self.listeners as usize);
        let opened = callers.map(|token| good(get(&http, base, token, "/events/stream")));
        for answer in join_all(opened).await {
            let tell = tell.clone();
            streams.spawn(async move {
                let mut bytes = answer?.bytes_stream();
                while let Some(piece) = bytes.next().await {
                    let piece = piece?;
                    let text = String::from_utf8_lossy(&piece);
                    for _ in text.matches("event: conversation.changed") {
                        let _ = tell.send(Instant::now());
                    }
                }
                Ok::<_, reqwest::Error>(())
            });
        }
        let token = tokens.first().map_or("", String::as_str);
        let page: Value = good(get(&http, base, token, "/conversations?limit=1"))
            .await?
            .json()
            .await?;
        let id = page["items"][0]["id"].as_str().unwrap_or_default();
        let chat = format!("/conversations/{id}");
        let mut times = Vec::new();
        for event in 1..=EVENTS {
            let seen = good(get(&http, base, token, &chat)).await?;
            let etag = seen.headers().get(ETAG).cloned();
            let until = Utc::now() + TimeDelta::hours(i64::from(event));
            let snooze = http
                .post(format!("{base}{chat}/snooze"))
                .bearer_auth(token)
                .header(IF_MATCH, etag.ok_or("a conversation without an ETag")?)
                .json(&json!({"until": until}));
            good(snooze).await?;
            let changed = Instant::now();
            for _ in 0..self.listeners {
                tokio::time::timeout(PATIENCE, told.recv()).await?;
            }
            times.push(changed.elapsed().as_secs_f64() * 1e3);
        }
        streams.shutdown().await;
        times.sort_by(f64::total_cmp);
        Ok(times)
    }
}

#[derive(Default)]
struct Asked {
    /// Milliseconds.
    times: Vec<f64>,
    failed: u32,
}

/// What is asked, the target for the 99th percentile in milliseconds, and the paths.
fn kinds() -> [(&'static str, f64, Vec<String>); 3] {
    let pages = [
        "",
        "&waiting=true",
        "&assignee_id=me",
        "&assignee_id=nobody",
        "&handed_over=true",
        "&q=amina%20123",
    ];
    let pages = pages.map(|filter| format!("/conversations?limit=50{filter}"));
    // From words in every third message to words in a few hundred, two of them, the beginning of one, and one that nobody
    // has said.
    let mut words: Vec<String> = [1, 2, 5, 20, 100, 500, 3_000, WORDS - 1].map(word).into();
    words.push(format!("{}%20{}", word(1), word(100)));
    words.push(format!("{}%20{}", word(300), word(400)));
    words.push(word(1).chars().take(3).collect());
    words.push("unsaid".to_owned());
    let searches = words
        .iter()
        .map(|q| format!("/messages/search?limit=50&q={q}"));
    let periods = ["day", "week", "month", "year"];
    let figures = periods.map(|period| format!("/dashboard/stats?period={period}"));
    [
        ("page of the inbox", 15.0, pages.into()),
        ("search in messages", 50.0, searches.collect()),
        ("figures of the dashboard", 20.0, figures.into()),
    ]
}

fn tokens(
    ctx: &Context,
    workspace: WorkspaceId,
    members: &[Member],
) -> Result<Vec<String>, CliError> {
    let (tokens, now) = (Tokens::new(&ctx.keyring)?, ctx.clock.now());
    let issued = members.iter().map(|member| {
        tokens.issue(
            Audience::Member,
            member.user,
            member.session,
            Some(workspace),
            now,
        )
    });
    Ok(issued.collect::<Result<_, _>>()?)
}

fn get(http: &Client, base: &str, token: &str, path: &str) -> RequestBuilder {
    http.get(format!("{base}{path}")).bearer_auth(token)
}

async fn good(request: RequestBuilder) -> Result<Response, reqwest::Error> {
    request.send().await?.error_for_status()
}
