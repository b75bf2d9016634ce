//! Starts the parts of a process, and stops them in order.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

use axum::Router;
use kazi_jobs::{Context, Schema};
use kazi_platform::{
    Clock,
    crypto::Keyring,
    database,
    embedded::{Embedded, EmbeddedError, Lifetime},
};
use kazi_queue::{Doorbell, Engine, EngineConfig, Pool, SchemaStatus, Seal};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use crate::{
    CliError, api,
    config::Config,
    http,
    intake::{Intake, Writer},
    links, media, returns, upkeep, web,
};

/// Which embedded server a command may use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Only a server that this process starts, because it lives as long as this process. Its data are made when there are
    /// none.
    Ours,
    /// As `Ours`, or the server of a program that already runs.
    OursOrAnybodys,
    /// A server whose data are there, also that of a program that already runs. For a command that reads or changes something
    /// and ends: a wrong folder must not become an empty database.
    Anybodys,
}

/// The database and the context of the jobs.
pub struct Runtime {
    pub config: Config,
    pub ctx: Context,
    /// The URL of the database, for processes that this one starts.
    #[cfg(feature = "bench")]
    url: SecretString,
    /// The master key, for processes that this one starts.
    #[cfg(feature = "bench")]
    master_key: SecretString,
    /// The embedded server. `None` if `database.url` is set.
    embedded: Option<Embedded>,
}

impl Runtime {
    /// Connects to the database. It starts the embedded server first if no database is configured.
    ///
    /// # Errors
    /// The database cannot be used, or it has no master key.
    pub async fn open(config: Config, whose: Whose) -> Result<Self, CliError> {
        let configured = config
            .database
            .url
            .get()
            .map(|url| url.expose_secret().to_owned());
        let own = configured.is_none();
        let folder = &config.database.folder;
        if own && whose == Whose::Anybodys && !Embedded::has_data(folder)? {
            return Err(no_data(folder).into());
        }
        let (embedded, url) = match configured {
            Some(url) => (None, url),
            None => match Embedded::start(folder, Lifetime::Kept).await {
                Ok(embedded) => {
                    let url = embedded.url().to_owned();
                    (Some(embedded), url)
                }
                Err(EmbeddedError::InUse { url: Some(url), .. }) if whose != Whose::Ours => {
                    (None, url)
                }
                Err(error) => return Err(error.into()),
            },
        };
        let pools = database::connect(&url, config.database.max_connections).await?;
        let master = match config.master_key.get() {
            Some(key) => key.clone(),
            None if own => own_master_key(folder)?,
            None => return Err(NO_KEY.into()),
        };
        let keyring = Keyring::new(&master).map_err(|error| format!("master_key: {error}"))?;
        let (sealing, opening) = (keyring.clone(), keyring.clone());
        kazi_queue::seal_with(Seal::new(
            move |place, plain| {
                let sealed = sealing.seal_by_master(place, plain);
                sealed.map_err(|error| error.to_string())
            },
            move |place, sealed| {
                let plain = opening.open_by_master(place, sealed);
                plain.map_err(|error| error.to_string())
            },
        ));
        let ctx = Context::new(pools, Clock::system(), keyring, config.providers())?;
        Ok(Self {
            config,
            ctx,
            #[cfg(feature = "bench")]
            url: url.into(),
            #[cfg(feature = "bench")]
            master_key: master,
            embedded,
        })
    }

    #[cfg(feature = "bench")]
    pub fn url(&self) -> &SecretString {
        &self.url
    }

    #[cfg(feature = "bench")]
    pub fn master_key(&self) -> &SecretString {
        &self.master_key
    }

    /// Checks that the database has the schema that this program needs. It migrates the embedded database. It does not
    /// migrate another database, because older processes may still use it. A newer schema is fine, because migrations
    /// only add.
    ///
    /// # Errors
    /// The schema is older than this program.
    pub async fn check_schema(&self) -> Result<(), CliError> {
        if self.embedded.is_some() {
            return Ok(kazi_jobs::migrate(&self.ctx.owner, &self.ctx.clock).await?);
        }
        let Schema { business, queue } = kazi_jobs::schema_status(&self.ctx.owner).await?;
        for status in [business, queue] {
            match status {
                SchemaStatus::Current => {}
                SchemaStatus::Pending(missing) => {
                    return Err(format!(
                        "the database lacks {missing} migrations: run `kazi migrate`"
                    )
                    .into());
                }
                SchemaStatus::Newer => {
                    tracing::warn!("a newer Kazi has migrated this database: upgrade this one");
                }
            }
        }
        Ok(())
    }

    /// Closes the connections and stops the embedded server.
    pub async fn close(self) {
        self.ctx.db.close().await;
        self.ctx.owner.close().await;
        if let Some(embedded) = self.embedded {
            embedded.stop().await;
        }
    }
}

const NO_KEY: &str = "master_key is empty: set KAZI_MASTER_KEY to 32 bytes in base64 (openssl rand -base64 32), and keep a copy apart from the back-ups";

fn no_data(folder: &Path) -> String {
    let there = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    format!(
        "there is no database in {}: name its folder in KAZI_DATABASE__FOLDER (database.folder) or its server in DATABASE_URL. \
         `kazi run` and `kazi migrate` make a new one",
        there.display()
    )
}

/// Reads the key beside the data of the embedded server. Makes it when it does not exist.
fn own_master_key(folder: &Path) -> Result<SecretString, CliError> {
    let path = folder.join("master.key");
    let fault = |error: std::io::Error| format!("{}: {error}", path.display());
    if !path.exists() {
        let key = Keyring::generate_master();
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(fault)?;
        file.write_all(key.expose_secret().as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(fault)?;
    }
    Ok(fs::read_to_string(&path)
        .map_err(fault)?
        .trim()
        .to_owned()
        .into())
}

/// The parts of a process.
pub struct Parts {
    /// The process serves webhooks and the API.
    pub intake: bool,
    /// The process runs jobs of these pools, each with this number of slots.
    pub pools: Vec<(Pool, usize)>,
    /// The socket of the HTTP server.
    pub listener: TcpListener,
    /// Routes of additional pages.
    pub routes: Router,
}

/// Runs a process until `stop`, and then ends it without a loss. It accepts no new calls and starts no new jobs. It
/// writes the accepted events, and lets running jobs end or hands them back to the queue.
///
/// # Errors
/// A part cannot start, or the HTTP server fails.
pub async fn run(
    ctx: &Context,
    config: &Config,
    parts: Parts,
    stop: CancellationToken,
) -> Result<(), CliError> {
    // Messages matter more than their files, so the program starts all the same.
    if let Err(error) = ctx.files().check() {
        tracing::error!("no files of messages can be kept: {error}");
    }
    let metrics = http::metrics()?;
    let mut upkeep = JoinSet::new();
    upkeep.spawn(upkeep::run(ctx.db.clone(), metrics.clone()));
    let mut routes = parts.routes.merge(http::probes(&ctx.owner, metrics));
    let mut writers = JoinSet::new();
    let served = CancellationToken::new();
    if parts.intake {
        let (writer, tasks) = Writer::start(&ctx.db, &ctx.clock, &served);
        routes = routes
            .merge(Intake::routes(ctx, &config.whatsapp, writer))
            .merge(returns::routes())
            .merge(links::routes(ctx, &config.http))
            .merge(media::routes(ctx))
            .merge(web::routes())
            .merge(api::routes(ctx, config)?);
        writers = tasks;
    }
    let mut engine = None;
    let mut doorbell = None;
    if parts.pools.is_empty() {
        doorbell = Some(Doorbell::start(ctx.owner.clone()));
    } else {
        kazi_jobs::make_partitions(&mut *ctx.owner.acquire().await?, ctx.clock.now()).await?;
        let engine_config = EngineConfig {
            pools: parts.pools,
            lane_limits: kazi_jobs::lane_limits(),
            keep_days: config.queue.keep_days,
            version: env!("CARGO_PKG_VERSION"),
            ..EngineConfig::default()
        };
        engine = Some(
            Engine::start(
                ctx.owner.clone(),
                kazi_jobs::registry(),
                ctx.clone(),
                engine_config,
            )
            .await?,
        );
    }
    tracing::info!(http.bind = %parts.listener.local_addr()?, "ready");
    let serve = async {
        let ended = http::serve(parts.listener, routes, stop.clone()).await;
        stop.cancel();
        served.cancel();
        while writers.join_next().await.is_some() {}
        ended
    };
    let work = async {
        stop.cancelled().await;
        if let Some(engine) = engine {
            let patience = Duration::from_secs(config.queue.shutdown_seconds);
            engine.shutdown(patience).await;
        }
    };
    let (ended, ()) = tokio::join!(serve, work);
    drop(doorbell);
    tracing::info!("stopped");
    Ok(ended?)
}

/// Returns a token that SIGINT or SIGTERM cancels. A second signal ends the process at once.
///
/// # Errors
/// The system does not let the process receive signals.
pub fn signals() -> Result<CancellationToken, std::io::Error> {
    let stop = CancellationToken::new();
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    let token = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if token.is_cancelled() {
                std::process::exit(130);
            }
            token.cancel();
        }
    });
    Ok(stop)
}
