//! A customer on the same number who wants answers during the campaign.

use std::time::Duration;

use chrono::Utc;
use kazi_simulators::{Line, Service, Simulators};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::PATIENCE;
use crate::{
    CliError,
    cli::bench::{NUMBER, webhook},
};

const CUSTOMER: &str = "254799999999";
/// Time between a reply and the next question.
const REPLY_EVERY: Duration = Duration::from_millis(200);

/// The greeting, so that each measured question is one message in and one message out.
pub async fn greet(simulators: &Simulators) -> Result<(), CliError> {
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

/// A customer who asks for the menu again and again. Returns the times to each answer in milliseconds.
pub async fn replies(
    simulators: Simulators,
    url: String,
    stop: CancellationToken,
) -> Result<Vec<f64>, CliError> {
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
        // The program is down, which is not measured.
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
