//! Measures the time from a customer's message to the arrival of its answer at the provider, on an idle system: the
//! path of the menu.

use std::time::Duration;

use axum::Router;
use chrono::Utc;
use clap::Args;
use kazi_jobs::Context;
use kazi_queue::bench::Figure;
use kazi_simulators::{Line, Options, Service, Simulators, WhatsAppAccount};
use tokio_util::sync::CancellationToken;

use super::{Format, NUMBER, SECRET, business, percentile, show, spinner, webhook};
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

fn answers(lines: &[Line]) -> usize {
    lines.iter().filter(|line| line.direction == "in").count()
}

impl Walk {
    pub async fn run(self, mut ctx: Context, config: &Config) -> Result<(), CliError> {
        business(&ctx).await?;
        let options = Options {
            status_delay: Duration::from_millis(1),
            rate_per_second: None,
            ..Options::default()
        };
        let simulators = Simulators::start(options).await?;
        let mut providers = (*ctx.providers).clone();
        providers.whatsapp_base_url = simulators.base_url(Service::WhatsApp);
        ctx.providers = providers.into();
        let listener = http::listen("127.0.0.1:0".parse()?).await?;
        let url = format!("http://{}/webhooks/whatsapp", listener.local_addr()?);
        simulators.add_whatsapp(WhatsAppAccount {
            phone_number_id: NUMBER.into(),
            business_account_id: "1022".into(),
            display_phone: "+254 20 555 0100".into(),
            token: "token".into(),
            app_secret: SECRET.into(),
            webhook_url: url.clone(),
        });
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
        for (text, count) in [("Hello", 1), ("Amina", 2)] {
            phone.say(text).await;
            phone
                .wait_for(PATIENCE, |lines| answers(lines) == count)
                .await
                .ok_or("the greeting was not answered")?;
        }
        let http = kazi_clients::http::client()?;
        let bar = spinner();
        let mut times = Vec::new();
        for number in 0..self.messages {
            bar.set_message(format!("{number} of {}", self.messages));
            // The statuses of the previous answer have come, so the system is idle.
            simulators.settle().await;
            let before = answers(&phone.transcript());
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
            let lines = phone
                .wait_for(PATIENCE, |lines| answers(lines) > before)
                .await
                .ok_or("no answer came")?;
            let arrived = lines
                .iter()
                .rfind(|line| line.direction == "in")
                .ok_or("no answer came")?
                .at;
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
