//! A customer on the same number who wants answers during the campaign.

use std::time::Duration;

use chrono::Utc;
use kazi_simulators::{Phone, Service, Simulators};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::STANDSTILL;
use crate::{
    CliError,
    cli::bench::{NUMBER, webhook},
};

const CUSTOMER: &str = "254799999999";
/// Time between a reply and the next question.
const REPLY_EVERY: Duration = Duration::from_millis(200);

/// The customer's phone.
pub fn phone(simulators: &Simulators) -> Phone {
    simulators.phone(CUSTOMER, Service::WhatsApp, NUMBER)
}

/// A customer who asks for the menu again and again. Returns the times to each answer in milliseconds.
pub async fn replies(
    simulators: Simulators,
    url: String,
    stop: CancellationToken,
) -> Result<Vec<f64>, CliError> {
    let http = kazi_clients::http::client()?;
    let phone = phone(&simulators);
    let mut times = Vec::new();
    for number in 0_u64.. {
        if stop.run_until_cancelled(sleep(REPLY_EVERY)).await.is_none() {
            break;
        }
        let before = phone.heard();
        let sent_at = Utc::now();
        let id = format!("wamid.bench.{number}");
        let sent = webhook(&http, &url, &id, CUSTOMER, "menu").send().await;
        // The program is down, which is not measured.
        if !sent.is_ok_and(|answer| answer.status().is_success()) {
            continue;
        }
        let answered = phone.wait_for_more(before, STANDSTILL);
        let Some(reply) = stop.run_until_cancelled(answered).await else {
            break;
        };
        let reply = reply.ok_or("a reply did not come")?;
        times.push((reply.at - sent_at).as_seconds_f64() * 1e3);
    }
    Ok(times)
}
