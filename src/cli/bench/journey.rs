//! Measures the time from a customer's message to the arrival of its answer at the provider, on an idle system: the
//! path of the menu.

use std::time::Duration;

use axum::Router;
use chrono::Utc;
use clap::Args;
use kazi_jobs::Context;
use kazi_queue::bench::Figure;
use kazi_simulators::{Service, Simulators};
use tokio_util::sync::CancellationToken;

use super::{
    Format, NUMBER, business, percentile,
    provider::{self, greet},
    show, spinner, webhook,
};
use crate::{
    CliError,
    config::Config,
    http,
    runtime::{self, Parts},
};

/// The size of the measurement.
#[derive(Args)]
pub struct Walk {
    /// Messages, one after the other.
    #[arg(long, default_value_t = 500)]
    messages: u32,
    #[command(flatten)]
    format: Format,
}

const CUSTOMER: &str = "254712345678";
/// Time-out of an answer.
const PATIENCE: Duration = Duration::from_secs(10);

impl Walk {
    pub async fn run(self, mut ctx: Context, config: &Config) -> Result<(), CliError> {
        business(&ctx).await?;
        let simulators = provider::start(Duration::from_millis(1)).await?;
        let mut providers = (*ctx.providers).clone();
        providers.whatsapp_base_url = simulators.base_url(Service::WhatsApp);
        ctx.providers = providers.into();
        let listener = http::listen("127.0.0.1:0".parse()?).await?;
        let url = format!("http://{}/webhooks/whatsapp", listener.local_addr()?);
        provider::add_number(&simulators, url.clone());
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
        let measured = self.walk(&simulators, &url).await;
        stop.cancel();
        running.await??;
        simulators.shutdown().await;
        show(self.format, &measured?)
    }

    async fn walk(&self, simulators: &Simulators, url: &str) -> Result<Vec<Figure>, CliError> {
        let phone = simulators.phone(CUSTOMER, Service::WhatsApp, NUMBER);
        greet(&phone).await?;
        let http = kazi_clients::http::client()?;
        let bar = spinner();
        let mut times = Vec::new();
        for number in 0..self.messages {
            bar.set_message(format!("{number} of {}", self.messages));
            // The statuses of the previous answer have come, so the system is idle.
            simulators.settle().await;
            let before = phone.heard();
            let sent_at = Utc::now();
            webhook(
                &http,
                url,
                &format!("wamid.bench.{number}"),
                CUSTOMER,
                "menu",
            )
            .send()
            .await?
            .error_for_status()?;
            let answer = phone.wait_for_more(before, PATIENCE).await;
            let arrived = answer.ok_or("no answer came")?.at;
            times.push((arrived - sent_at).as_seconds_f64() * 1e3);
        }
        bar.finish_and_clear();
        times.sort_by(f64::total_cmp);
        Ok(vec![
            Figure::new(
                "message in to answer out, p50",
                percentile(&times, 0.5),
                "ms",
            )
            .at_most(15.0),
            Figure::new(
                "message in to answer out, p99",
                percentile(&times, 0.99),
                "ms",
            )
            .at_most(50.0),
            Figure::new("messages", f64::from(self.messages), ""),
        ])
    }
}
