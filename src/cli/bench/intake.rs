//! Measures webhooks per second over real HTTP and a disk that flushes. Each call has its own message and is answered
//! after its commit.

use std::time::{Duration, Instant};

use clap::Args;
use kazi_jobs::channels;
use kazi_platform::database;
use kazi_queue::bench::Figure;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Format, business, percentile, show, spinner, webhook};
use crate::{
    CliError, http,
    intake::{Intake, Writer},
    runtime::Runtime,
};

/// The size of the measurement.
#[derive(Args)]
pub struct Load {
    /// Senders at once, each with its own connection.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// The duration in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    #[command(flatten)]
    format: Format,
}

impl Load {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let ctx = &runtime.ctx;
        business(ctx).await?;
        let listener = http::listen("127.0.0.1:0".parse()?).await?;
        let url = format!("http://{}/webhooks/whatsapp", listener.local_addr()?);
        let (stop, served) = (CancellationToken::new(), CancellationToken::new());
        let (writer, mut writers) = Writer::start(&ctx.db, &ctx.clock, &served);
        let routes = Intake::routes(ctx, &runtime.config.whatsapp, writer);
        let server = tokio::spawn(http::serve(listener, routes, stop.clone()));

        let bar = spinner();
        bar.set_message("sending");
        let began = Instant::now();
        let until = began + Duration::from_secs(self.seconds);
        let mut senders = JoinSet::new();
        for sender in 0..self.connections {
            senders.spawn(send(url.clone(), sender, until));
        }
        let (mut times, mut refused) = (Vec::new(), 0);
        while let Some(sent) = senders.join_next().await {
            let (mine, failed) = sent??;
            times.extend(mine);
            refused += failed;
        }
        let took = began.elapsed().as_secs_f64();
        bar.finish_and_clear();
        stop.cancel();
        server.await??;
        served.cancel();
        while writers.join_next().await.is_some() {}
        times.sort_by(f64::total_cmp);
        // The transaction sees the messages of all workspaces.
        let stored = channels::count_messages(&mut *database::platform(&ctx.db).await?).await?;
        #[expect(clippy::cast_precision_loss, reason = "some hundred thousand")]
        let (answered, stored) = (times.len() as f64, stored as f64);
        let figures = [
            Figure::new("webhooks written down", answered / took, "/s").at_least(3_000.0),
            Figure::new("time to the answer, p50", percentile(&times, 0.5), "ms"),
            Figure::new("time to the answer, p99", percentile(&times, 0.99), "ms").at_most(50.0),
            Figure::new("answered with 200", answered, ""),
            Figure::new("of these not in the table", answered - stored, "").at_most(0.0),
            Figure::new("not answered with 200", f64::from(refused), "").at_most(0.0),
        ];
        show(self.format, &figures)
    }
}

/// Sends calls one after the other. Returns the times in milliseconds of those with a 200, and the number of the
/// others.
async fn send(
    url: String,
    sender: usize,
    until: Instant,
) -> Result<(Vec<f64>, u32), reqwest::Error> {
    let http = kazi_clients::http::client()?;
    let (mut times, mut failed) = (Vec::new(), 0);
    for number in 0_u32.. {
        let started = Instant::now();
        if started >= until {
            break;
        }
        // Each customer sends several messages.
        let from = format!("2547{:03}{:05}", sender % 1_000, number % 5_000);
        let id = format!("wamid.{sender}.{number}");
        let answer = webhook(&http, &url, &id, &from, "Hello, do you have coffee?")
            .send()
            .await?;
        match answer.status().is_success() {
            true => times.push(started.elapsed().as_secs_f64() * 1e3),
            false => failed += 1,
        }
    }
    Ok((times, failed))
}
