use std::io::{self, BufRead, IsTerminal, Write};

use clap::{Args, Subcommand};
use kazi_jobs::{
    Across, Work,
    channels::{
        self, ChannelError, ChannelId, ChannelKind, Credentials, DirectoryError, NewChannel,
    },
    workspaces::{self, NewWorkspace},
};
use kazi_platform::{WorkspaceId, actor::Actor, database};
use kazi_queue::trace::TraceId;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::output::{self, Format};
use crate::{CliError, runtime::Runtime};

/// Commands for channels.
#[derive(Subcommand)]
pub enum Channels {
    /// Adds a channel, or gives new credentials to the channel with this id. Asks for the secrets, or reads them line by
    /// line.
    #[command(subcommand)]
    Add(Add),
    /// Lists the channels.
    List(Format),
    /// Stops a channel from sending. Its messages wait.
    Pause {
        /// The id, like chn_0190….
        id: ChannelId,
    },
    /// Lets a paused channel send again.
    Resume {
        /// The id, like chn_0190….
        id: ChannelId,
    },
}

/// The provider of the channel.
#[derive(Subcommand)]
pub enum Add {
    /// A phone number of the WhatsApp Cloud API. Asks for the token, and then for the app secret. An empty app secret
    /// keeps the stored one; without a stored one, whatsapp.app_secret signs for the number.
    Whatsapp {
        /// From Meta's dashboard.
        #[arg(long)]
        phone_number_id: String,
        /// From Meta's dashboard (WABA).
        #[arg(long)]
        business_account_id: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// An instance of Green API. Asks for its token.
    Greenapi {
        /// From Green API's console.
        #[arg(long)]
        instance: String,
        #[command(flatten)]
        common: Common,
    },
}

/// The options of all channels.
#[derive(Args)]
pub struct Common {
    /// The name of the channel.
    #[arg(long)]
    name: String,
    /// The name of the business that the channel belongs to. A new name makes a new business.
    #[arg(long, default_value = "My business")]
    workspace: String,
    /// The number as customers see it. Without it, the known one stays.
    #[arg(long)]
    phone: Option<String>,
}

impl Channels {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        match self {
            Self::Add(add) => add.run(runtime).await,
            Self::List(format) => list(runtime, format).await,
            Self::Pause { id } => set_active(runtime, id, false).await,
            Self::Resume { id } => set_active(runtime, id, true).await,
        }
    }
}

async fn list(runtime: &Runtime, format: Format) -> Result<(), CliError> {
    // The operator's list shows all workspaces.
    let mut tx = database::platform(&runtime.ctx.db).await?;
    let channels = channels::list(&mut tx).await?;
    format.rows(
        &["channel", "kind", "number or instance", "status", "why"],
        &channels,
        |channel| {
            vec![
                channel.id.to_string(),
                channel.kind.clone(),
                channel.external_id.clone(),
                channel.status.clone(),
                channel.status_reason.clone().unwrap_or_default(),
            ]
        },
    )
}

async fn set_active(runtime: &Runtime, id: ChannelId, active: bool) -> Result<(), CliError> {
    let channel = runtime
        .ctx
        .channels()
        .by_id(id)
        .await?
        .ok_or_else(|| format!("there is no channel {id}"))?;
    let workspace = channel.workspace;
    let mut work = Work::by(&runtime.ctx, workspace, Actor::OPERATOR).await?;
    if active {
        channels::resume(&mut work, id).await?;
    } else {
        channels::stop(&mut work, id, "paused by an operator").await?;
    }
    work.commit().await?;
    output::print(&format!(
        "{id} is {}\n",
        if active { "active" } else { "paused" }
    ))
}

impl Add {
    async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let (kind, external_id, account, common, mut credentials) = match self {
            Self::Whatsapp {
                phone_number_id,
                business_account_id,
                common,
            } => {
                let credentials = Credentials {
                    token: ask("token of the system user")?,
                    app_secret: read("app secret")?,
                    verify_token: None,
                    webhook_token: None,
                };
                (
                    ChannelKind::WhatsApp,
                    phone_number_id,
                    business_account_id,
                    common,
                    credentials,
                )
            }
            Self::Greenapi { instance, common } => {
                let credentials = Credentials {
                    token: ask("token of the instance")?,
                    app_secret: None,
                    verify_token: None,
                    webhook_token: None,
                };
                (ChannelKind::GreenApi, instance, None, common, credentials)
            }
        };
        if external_id.is_empty() || !external_id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!(
                "the id of a {kind} channel consists of digits, not {external_id:?}"
            )
            .into());
        }
        // The operator names a workspace, or makes one. No workspace is known before that.
        let ctx = &runtime.ctx;
        let mut across = Across::begin(&ctx.db, ctx.clock.now(), Actor::OPERATOR).await?;
        let workspace = workspace(across.conn(), &common.workspace).await?;
        let ours = keep(runtime, workspace, kind, &external_id, &mut credentials).await?;
        let new = NewChannel {
            kind,
            name: &common.name,
            external_id: &external_id,
            account_id: account.as_deref(),
            display_phone: common.phone.as_deref(),
            base_url: None,
            credentials: &credentials,
        };
        let mut work = across.within(workspace);
        let id = match channels::add(&mut work, &ctx.keyring, &new).await {
            Err(ChannelError::Taken) => {
                drop(work);
                return Err(taken(runtime, kind, &external_id).await?.into());
            }
            added => added?,
        };
        work.commit().await?;
        let ours = ours.expose_secret();
        let what = match kind {
            ChannelKind::WhatsApp => "verify token",
            ChannelKind::GreenApi => "webhook token",
        };
        let webhook = channels::webhook_url(runtime.config.http.public_url(), kind.name());
        output::json(&json!({"channel": id, "webhook": webhook, what: ours}))
    }
}

/// Says in which workspace a number is. The operator may see all of them.
async fn taken(
    runtime: &Runtime,
    kind: ChannelKind,
    external_id: &str,
) -> Result<String, CliError> {
    let ctx = &runtime.ctx;
    let there = match ctx.channels().by_external_id(kind, external_id).await {
        Err(DirectoryError::DoesNotOpen) => None,
        there => there?,
    };
    let Some(there) = there else {
        return Ok(format!(
            "{kind} {external_id} is connected in another workspace: `kazi channels list` shows it"
        ));
    };
    let business = workspaces::get(&mut Work::of(ctx, there.workspace).await?).await?;
    Ok(format!(
        "{kind} {external_id} is connected as {} in the workspace {name:?}: name this one with --workspace {name:?}",
        there.id,
        name = business.name
    ))
}

/// Adds the secrets that the operator was not asked for, and returns those that the operator must enter at the
/// provider. A stored verify token stays when a channel gets a new access token. With a new one, the provider's next
/// webhooks would be refused.
async fn keep(
    runtime: &Runtime,
    workspace: WorkspaceId,
    kind: ChannelKind,
    external_id: &str,
    credentials: &mut Credentials,
) -> Result<SecretString, CliError> {
    let directory = &runtime.ctx.channels();
    let there = match directory.by_external_id(kind, external_id).await {
        // A lost master key sealed the credentials. This command replaces them.
        Err(DirectoryError::DoesNotOpen) => None,
        there => there?.filter(|channel| channel.workspace == workspace),
    };
    let there = there.map(|channel| channel.credentials.clone());
    let (app_secret, verify_token, webhook_token) = there.map_or((None, None, None), |there| {
        (there.app_secret, there.verify_token, there.webhook_token)
    });
    // Long and random.
    let new = || SecretString::from(TraceId::random().to_string());
    match kind {
        ChannelKind::WhatsApp => {
            credentials.app_secret = credentials.app_secret.take().or(app_secret);
            let platform = runtime.config.whatsapp.app_secret.get();
            if credentials.app_secret.is_none() && platform.is_none() {
                return Err(
                    "the app secret is empty, and there is no whatsapp.app_secret either".into(),
                );
            }
            let ours = verify_token.unwrap_or_else(new);
            credentials.verify_token = Some(ours.clone());
            Ok(ours)
        }
        ChannelKind::GreenApi => {
            let ours = webhook_token.unwrap_or_else(new);
            credentials.webhook_token = Some(ours.clone());
            Ok(ours)
        }
    }
}

async fn workspace(conn: &mut sqlx::PgConnection, name: &str) -> Result<WorkspaceId, CliError> {
    if let Some(id) = workspaces::by_name(&mut *conn, name).await? {
        return Ok(id);
    }
    let languages = kazi_jobs::locale::LANGUAGES.map(str::to_owned);
    let new = NewWorkspace {
        name,
        default_language: "en",
        languages: &languages,
        country: None,
        currency: "USD".parse()?,
    };
    Ok(workspaces::create(conn, &new).await?)
}

/// Reads a secret that must not be empty.
fn ask(what: &str) -> Result<SecretString, CliError> {
    read(what)?.ok_or_else(|| format!("the {what} is empty").into())
}

/// Reads a secret from standard input: from a terminal, without showing it, or from a pipe. Returns `None` when it is
/// empty.
fn read(what: &str) -> Result<Option<SecretString>, CliError> {
    let said = if io::stdin().is_terminal() {
        rpassword::prompt_password(format!("{what}: "))?
    } else {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        line
    };
    let _ = io::stderr().flush();
    Ok(match said.trim() {
        "" => None,
        secret => Some(secret.to_owned().into()),
    })
}
