//! `kazi doctor`: finds faults and tells the operator how to repair them.

use std::{process::ExitCode, time::Duration};

use clap::Args;
use kazi_clients::{
    greenapi::{self, GreenApi},
    openrouter,
    whatsapp::{self, Reaction, WhatsApp},
};
use kazi_jobs::channels::{self, Channel, ChannelKind};
use kazi_platform::database;
use kazi_queue::SchemaStatus;
use serde::Serialize;

use super::output::{self, Format};
use crate::{
    CliError,
    config::Config,
    runtime::{Runtime, Whose},
};

/// The scope of the check.
#[derive(Args)]
pub struct Doctor {
    /// Only asks the process at http.bind whether it is ready. For health checks.
    #[arg(long)]
    ready: bool,
    #[command(flatten)]
    format: Format,
}

/// The severity of a finding.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    Warning,
    Error,
}

#[derive(Serialize)]
struct Finding {
    what: String,
    verdict: Verdict,
    /// The state that the check found.
    found: String,
    /// The advice for the operator.
    remedy: String,
}

/// With a larger difference of clocks, in milliseconds, leases and times of jobs are not reliable.
const SKEW_MS: i64 = 2_000;
/// The advice when a provider is not reached.
const REACH: &str = "look at the network, and at the channel's base_url";
/// A provider must answer within this time.
const PATIENCE: Duration = Duration::from_secs(10);

impl Doctor {
    /// Runs all checks. The exit code is 1 when a check fails.
    pub async fn run(self, config: Config) -> Result<ExitCode, CliError> {
        if self.ready {
            return ready(&config).await;
        }
        let mut findings = Findings::default();
        match Runtime::open(config, Whose::Anybodys).await {
            Ok(runtime) => {
                findings.ok("configuration", "valid");
                findings.database(&runtime).await;
                findings.tenancy(&runtime).await;
                findings.providers(&runtime).await;
                runtime.close().await;
            }
            Err(fault) => findings.add(
                "database",
                Verdict::Error,
                fault,
                "see the message; DATABASE_URL names the server",
            ),
        }
        let rows = &findings.0;
        self.format
            .rows(&["what", "", "found", "what to do"], rows, |finding| {
                let mark = match finding.verdict {
                    Verdict::Ok => "ok",
                    Verdict::Warning => "warning",
                    Verdict::Error => "ERROR",
                };
                vec![
                    finding.what.clone(),
                    mark.to_owned(),
                    finding.found.clone(),
                    finding.remedy.clone(),
                ]
            })?;
        let failed = rows.iter().any(|finding| finding.verdict == Verdict::Error);
        Ok(if failed {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}

async fn ready(config: &Config) -> Result<ExitCode, CliError> {
    let mut at = config.http.bind;
    if at.ip().is_unspecified() {
        // A server listens on 0.0.0.0, but nobody can call this address.
        at.set_ip(if at.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        });
    }
    let answer = kazi_clients::http::client()?
        .get(format!("http://{at}/readyz"))
        .timeout(PATIENCE)
        .send()
        .await?;
    let ready = answer.status().is_success();
    output::print(&format!("{}\n", answer.text().await?))?;
    Ok(if ready {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(
        &mut self,
        what: impl Into<String>,
        verdict: Verdict,
        found: impl ToString,
        remedy: &str,
    ) {
        self.0.push(Finding {
            what: what.into(),
            verdict,
            found: found.to_string(),
            remedy: remedy.into(),
        });
    }

    fn ok(&mut self, what: impl Into<String>, found: impl ToString) {
        self.add(what, Verdict::Ok, found, "");
    }

    async fn database(&mut self, runtime: &Runtime) {
        let facts = match database::facts(&runtime.ctx.owner).await {
            Ok(facts) => facts,
            Err(error) => {
                return self.add(
                    "database",
                    Verdict::Error,
                    error,
                    "look at the server's log",
                );
            }
        };
        self.ok("database", format_args!("PostgreSQL {}", facts.version));
        let wanted = i64::from(runtime.config.database.max_connections);
        match i64::from(facts.max_connections) - wanted {
            i64::MIN..10 => self.add(
                "connections",
                Verdict::Warning,
                format_args!(
                    "the server allows {}, this process may take {wanted}",
                    facts.max_connections
                ),
                "raise the server's max_connections, or lower database.max_connections",
            ),
            _ => self.ok(
                "connections",
                format_args!("{wanted} of {}", facts.max_connections),
            ),
        }
        let skew = (runtime.ctx.clock.now() - facts.now)
            .num_milliseconds()
            .abs();
        match skew {
            0..=SKEW_MS => self.ok("clock", format_args!("{skew} ms from the database's")),
            _ => self.add(
                "clock",
                Verdict::Error,
                format_args!("{skew} ms from the database's"),
                "run NTP on this machine and on the database's: due times and leases compare them",
            ),
        }
        match kazi_jobs::schema_status(&runtime.ctx.owner).await {
            Ok(schema) => {
                for (what, status) in [
                    ("schema", schema.business),
                    ("schema of the queue", schema.queue),
                ] {
                    match status {
                        SchemaStatus::Current => self.ok(what, "up to date"),
                        SchemaStatus::Pending(missing) => {
                            self.add(
                                what,
                                Verdict::Error,
                                format_args!("{missing} migrations are missing"),
                                "run kazi migrate",
                            );
                        }
                        SchemaStatus::Newer => self.add(
                            what,
                            Verdict::Warning,
                            "of a newer Kazi",
                            "upgrade this one too: it goes on working, since migrations only add",
                        ),
                    }
                }
            }
            Err(error) => self.add("schema", Verdict::Error, error, "look at the server's log"),
        }
    }

    /// Checks that the database separates the workspaces.
    async fn tenancy(&mut self, runtime: &Runtime) {
        let (owner, what) = (&runtime.ctx.owner, "row-level security");
        let looked = async {
            let mut faults = database::role_faults(owner, &runtime.ctx.db).await?;
            if faults.is_empty() {
                let tables = database::tables(owner).await?;
                faults.extend(tables.iter().filter_map(database::Table::fault));
            }
            Ok::<_, sqlx::Error>(faults)
        };
        match looked.await {
            Ok(faults) if faults.is_empty() => self.ok(what, "forced on every table"),
            Ok(faults) => {
                for fault in faults {
                    let remedy =
                        "run kazi migrate; see \"The login and the roles\" in docs/database.md";
                    self.add(what, Verdict::Error, fault, remedy);
                }
            }
            Err(error) => self.add(what, Verdict::Error, error, "look at the server's log"),
        }
    }

    async fn providers(&mut self, runtime: &Runtime) {
        let ctx = &runtime.ctx;
        // The check covers the channels of all workspaces.
        let channels = match database::platform(&ctx.db).await {
            Ok(mut tx) => channels::list(&mut tx).await,
            Err(error) => Err(error),
        };
        let channels = channels.unwrap_or_default();
        if channels.is_empty() {
            self.add(
                "channels",
                Verdict::Warning,
                "none",
                "kazi channels add whatsapp …",
            );
        }
        for view in channels {
            let what = format!("{} {}", view.kind, view.external_id);
            match ctx.channels().by_id(view.id).await {
                Ok(Some(channel)) => self.channel(runtime, &what, &channel).await,
                Ok(None) => {}
                Err(error) => self.add(
                    what.as_str(),
                    Verdict::Error,
                    error,
                    "the credentials were sealed with another KAZI_MASTER_KEY: set that one, or add the channel again",
                ),
            }
            if view.status != "active" {
                let why = view.status_reason.unwrap_or_default();
                let remedy = format!("put it right, then kazi channels resume {}", view.id);
                self.add(
                    what,
                    Verdict::Warning,
                    format_args!("{}: {why}", view.status),
                    &remedy,
                );
            }
        }
        match ctx.openrouter() {
            None => self.add(
                "openrouter",
                Verdict::Warning,
                "no key is set for this command; a program that runs may have one, as kazi demo has",
                "set KAZI_OPENROUTER__KEY for the program that runs, or do without AI answers",
            ),
            Some(client) => match client.key().await {
                Ok(_) => self.ok("openrouter", "the key is accepted"),
                Err(error @ openrouter::Error::Credential) => {
                    self.add(
                        "openrouter",
                        Verdict::Error,
                        error,
                        "make a new key at openrouter.ai and set KAZI_OPENROUTER__KEY",
                    );
                }
                Err(error) => self.add(
                    "openrouter",
                    Verdict::Error,
                    error,
                    "look at openrouter.base_url and the network",
                ),
            },
        }
    }

    async fn channel(&mut self, runtime: &Runtime, what: &str, channel: &Channel) {
        let (ctx, providers) = (&runtime.ctx, &runtime.ctx.providers);
        let token = channel.credentials.token.clone();
        match channel.kind {
            ChannelKind::WhatsApp => {
                let base = channel
                    .base_url
                    .as_deref()
                    .unwrap_or(&providers.whatsapp_base_url);
                let version = &providers.whatsapp_version;
                let number = WhatsApp::new(
                    ctx.http.clone(),
                    base,
                    version,
                    &channel.external_id,
                    token,
                    PATIENCE,
                );
                match number.phone_number().await {
                    Ok(number) => self.ok(
                        what,
                        format_args!(
                            "{}, quality {}",
                            number.verified_name.as_deref().unwrap_or("no name"),
                            number.quality_rating.as_deref().unwrap_or("unknown")
                        ),
                    ),
                    Err(error) => {
                        let remedy = match &error {
                            whatsapp::Error::Failed(_) => REACH,
                            whatsapp::Error::Rejected(rejection)
                                if rejection.reaction() == Reaction::Credential =>
                            {
                                "a new token of a system user: kazi channels add whatsapp …"
                            }
                            whatsapp::Error::Rejected(_) => "do what Meta's words ask for",
                        };
                        self.add(what, Verdict::Error, error, remedy);
                    }
                }
                let app = runtime.config.whatsapp.app_secret.get().is_some()
                    || channel.credentials.app_secret.is_some();
                if !app {
                    self.add(
                        what,
                        Verdict::Error,
                        "no app secret",
                        "its webhooks are refused: set whatsapp.app_secret",
                    );
                }
            }
            ChannelKind::GreenApi => {
                let base = channel
                    .base_url
                    .as_deref()
                    .unwrap_or(&providers.greenapi_base_url);
                let instance = GreenApi::new(
                    ctx.http.clone(),
                    base,
                    &channel.external_id,
                    token,
                    PATIENCE,
                );
                match instance.state().await {
                    Ok(state) if state == "authorized" => self.ok(what, state),
                    Ok(state) => self.add(
                        what,
                        Verdict::Error,
                        state,
                        "scan the QR code in Green API's console",
                    ),
                    Err(error) => {
                        let remedy = match &error {
                            greenapi::Error::Credential => {
                                "look at the instance's token in Green API's console"
                            }
                            greenapi::Error::Failed(_) => REACH,
                            _ => {
                                "try again later, then look at the instance in Green API's console"
                            }
                        };
                        self.add(what, Verdict::Error, error, remedy);
                    }
                }
            }
        }
    }
}
