//! `kazi bench`: measures this machine and its database.

mod api;
mod campaign;
mod import;
mod inbox;
mod intake;
mod journey;
mod payments;
mod program;
mod provider;
mod queue;
mod reminders;
mod retrieval;
mod talks;

use std::{io::IsTerminal, time::Duration};

use clap::Subcommand;
use indicatif::ProgressBar;
use kazi_jobs::{
    Across,
    catalog::{self, Text},
    channels::{self, ChannelKind, Credentials, NewChannel},
    workspaces::{self, NewWorkspace},
};
use kazi_platform::{WorkspaceId, actor::Actor};
use kazi_queue::bench::Figure;

use super::output::{Format, print};
use crate::{
    CliError,
    config::Config,
    runtime::{Runtime, Whose},
};

/// Selects what to measure. Each measurement uses a database that serves nothing else: its own, or that of
/// DATABASE_URL.
#[derive(Subcommand)]
pub enum Bench {
    /// Measures the queue, beside bare SQL.
    Queue(queue::Queue),
    /// Measures the signed webhooks that are stored per second.
    Intake(intake::Load),
    /// Measures the time from a customer's message to the answer's arrival at the provider.
    Journey(journey::Walk),
    /// Measures a campaign to the last delivered message, and checks that nobody gets it twice.
    Campaign(campaign::Campaign),
    /// Measures payments with lost, repeated and reordered webhooks: each is fulfilled once, and the books agree.
    Payments(payments::Payments),
    /// Measures the reminders of many workspaces that are due in the same minute.
    Reminders(reminders::Reminders),
    /// Measures what is found of questions in six languages, and which questions are refused.
    Retrieval(retrieval::Retrieval),
    /// A process of the queue's measurement. The measurement starts and ends it.
    #[command(hide = true)]
    Worker(queue::Worker),
    /// Measures the import of a file of contacts.
    Import(import::Load),
    /// Measures pages of a million contacts over the API, and log-ins.
    Api(api::Calls),
    /// Measures conversations with a model that is slow and fails: each message is answered once, and in order.
    Talks(talks::Talks),
    /// Measures the inbox, the search in messages, the dashboard and open streams with a year of data.
    Inbox(inbox::Inbox),
}

impl Bench {
    pub async fn run(self, mut config: Config) -> Result<(), CliError> {
        if let Self::Worker(worker) = self {
            return worker.run(&config).await;
        }
        let own = config.database.url.get().is_none();
        config.database.folder.push("bench");
        let folder = config.database.folder.clone();
        let mut runtime = Runtime::open(config.clone(), Whose::Ours).await?;
        if own
            && let Self::Queue(queue) = &self
            && queue.wants_restart(&runtime).await?
        {
            runtime.close().await;
            runtime = Runtime::open(config, Whose::Ours).await?;
        }
        let measured = async {
            kazi_jobs::migrate(&runtime.ctx.owner, &runtime.ctx.clock).await?;
            match self {
                Self::Queue(queue) => queue.run(&runtime).await,
                Self::Intake(load) => load.run(&runtime).await,
                Self::Import(load) => load.run(&runtime.ctx).await,
                Self::Campaign(campaign) => campaign.run(&runtime).await,
                Self::Payments(payments) => payments.run(&runtime).await,
                Self::Api(calls) => calls.run(&runtime).await,
                Self::Talks(talks) => talks.run(&runtime).await,
                Self::Inbox(inbox) => inbox.run(&runtime).await,
                Self::Retrieval(retrieval) => retrieval.run(&runtime.ctx).await,
                Self::Reminders(all) => all.run(runtime.ctx.clone(), &runtime.config).await,
                Self::Journey(walk) => walk.run(runtime.ctx.clone(), &runtime.config).await,
                Self::Worker(_) => Ok(()),
            }
        };
        // An interruption also removes our own server and its data.
        let measured = tokio::select! {
            measured = measured => measured,
            interrupted = tokio::signal::ctrl_c() => {
                Err(interrupted.err().map_or("interrupted".into(), Into::into))
            }
        };
        runtime.close().await;
        if own {
            // The next measurement begins with an empty database too.
            std::fs::remove_dir_all(folder)?;
        }
        measured
    }
}

fn spinner() -> ProgressBar {
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::new_spinner()
    } else {
        ProgressBar::hidden()
    };
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn show(format: Format, figures: &[Figure]) -> Result<(), CliError> {
    format.rows(
        &["what", "measured", "unit", "target", ""],
        figures,
        |figure| {
            let sign = if figure.smaller_is_better {
                '≤'
            } else {
                '≥'
            };
            vec![
                figure.what.clone(),
                range(&figure.values),
                figure.unit.to_owned(),
                figure
                    .target
                    .map(|target| format!("{sign} {target}"))
                    .unwrap_or_default(),
                if figure.met() { "" } else { "MISSED" }.to_owned(),
            ]
        },
    )?;
    if !format.json && figures.iter().any(|figure| !figure.met()) {
        print("Targets are for an otherwise idle machine of two cores with a local disk.\n")?;
    }
    Ok(())
}

/// One value, or the smallest and the largest of several runs.
fn range(values: &[f64]) -> String {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if number(least) == number(greatest) {
        number(least)
    } else {
        format!("{} to {}", number(least), number(greatest))
    }
}

/// Rounds to meaningful decimals.
fn number(value: f64) -> String {
    match value {
        whole if whole.fract() == 0.0 => format!("{whole:.0}"),
        small if small.abs() < 100.0 => format!("{small:.2}"),
        large => format!("{large:.0}"),
    }
}

const NUMBER: &str = "106540352242922";
const SECRET: &str = "of the bench";
const ACCOUNT: &str = "1022";

/// A business with a menu and a number.
async fn business(ctx: &kazi_jobs::Context) -> Result<WorkspaceId, CliError> {
    // The transaction creates the workspace that it fills.
    let mut across = Across::begin(&ctx.db, ctx.clock.now(), Actor::OPERATOR).await?;
    let new = NewWorkspace {
        name: "Bench",
        default_language: "en",
        languages: &["en".to_owned()],
        country: None,
        currency: "USD".parse()?,
    };
    let workspace = workspaces::create(across.conn(), &new).await?;
    let mut work = across.within(workspace);
    for (key, order) in [("shop", 1), ("hours", 2), ("agent", 3)] {
        let title = Text::from([("en".to_owned(), key.to_owned())]);
        catalog::add_menu_item(&mut work, key, order, &title, &Text::new()).await?;
    }
    let credentials = Credentials {
        token: "token".into(),
        app_secret: Some(SECRET.into()),
        verify_token: None,
        webhook_token: None,
    };
    let new = NewChannel {
        kind: ChannelKind::WhatsApp,
        name: "Bench",
        external_id: NUMBER,
        account_id: Some(ACCOUNT),
        display_phone: None,
        base_url: None,
        credentials: &credentials,
    };
    channels::add(&mut work, &ctx.keyring, &new).await?;
    work.commit().await?;
    Ok(workspace)
}

/// A signed webhook with one text message.
fn webhook(
    http: &reqwest::Client,
    url: &str,
    id: &str,
    from: &str,
    text: &str,
) -> reqwest::RequestBuilder {
    let body = serde_json::json!({"object": "whatsapp_business_account", "entry": [{"id": "1022", "changes": [{
        "field": "messages",
        "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550001111", "phone_number_id": NUMBER},
            "contacts": [{"profile": {"name": "Amina"}, "wa_id": from}],
            "messages": [{"from": from, "id": id, "timestamp": "1697043223", "type": "text", "text": {"body": text}}],
        },
    }]}]});
    let body = body.to_string();
    let signature = kazi_clients::signature::hmac_sha256(SECRET, body.as_bytes());
    http.post(url)
        .header("x-hub-signature-256", format!("sha256={signature}"))
        .body(body)
}

/// The value below which a share of the sorted values lies.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let at = (sorted.len() as f64 * share) as usize;
    sorted
        .get(at.min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or(f64::NAN)
}
