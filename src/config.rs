//! The configuration. Environment variables override a file, and the file overrides `config/default.toml`. The program
//! checks it at the start. An error names the key, its source and the allowed values.

mod codes;
mod credits;
mod environment;
mod media;
mod values;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use environment::Environment;
use figment::{
    Figment, Profile,
    providers::{Format, Toml},
};
use kazi_clients::smtp::{self, Tls};
use kazi_jobs::{Providers, channels::ChannelId, pools};
use kazi_platform::{database::LEAST_CONNECTIONS, egress::Reach};
use kazi_queue::Pool;
use serde::{Deserialize, Serialize};

pub use self::media::Media;
pub use self::values::Secret;
use self::values::{is_origin, list};
pub use self::{codes::Codes, credits::Credits};
pub use kazi_platform::egress::Network;

/// The default values of all keys.
pub const DEFAULT: &str = include_str!("../config/default.toml");
/// The program reads this file if it exists and no other file is named.
const FILE: &str = "kazi.toml";

/// The whole configuration. The names of the fields are the keys. The file with the defaults explains them.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub master_key: Secret,
    pub http: Http,
    pub database: Database,
    pub queue: Queue,
    pub whatsapp: WhatsApp,
    pub greenapi: GreenApi,
    pub openrouter: OpenRouter,
    pub stripe: Stripe,
    pub social: Social,
    pub messages: Messages,
    pub endpoints: Endpoints,
    pub media: Media,
    pub smtp: Smtp,
    pub codes: Codes,
    pub credits: Credits,
    pub log: Log,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    pub bind: SocketAddr,
    pub public_url: String,
    #[serde(deserialize_with = "list")]
    pub cors_origins: Vec<String>,
    #[serde(deserialize_with = "list")]
    pub trusted_proxies: Vec<Network>,
    pub rate_per_address: u32,
    pub rate_per_caller: u32,
}

impl Http {
    /// Returns the program's URL for callers from outside.
    pub fn public_url(&self) -> &str {
        let unknown = self.public_url.is_empty().then_some("https://<your host>");
        unknown.unwrap_or(&self.public_url)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: Secret,
    pub max_connections: u32,
    pub folder: PathBuf,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    pub keep_days: u16,
    pub shutdown_seconds: u64,
    pub pools: BTreeMap<String, usize>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WhatsApp {
    pub base_url: String,
    pub version: String,
    pub app_secret: Secret,
    pub verify_token: Secret,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GreenApi {
    pub base_url: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRouter {
    pub base_url: String,
    pub key: Secret,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stripe {
    pub base_url: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Social {
    pub instagram_base_url: String,
    pub facebook_base_url: String,
    pub version: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    pub ambiguous_wait_seconds: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    #[serde(deserialize_with = "list")]
    pub networks: Vec<Network>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub user: String,
    pub password: Secret,
    pub from: String,
}

impl Smtp {
    /// Makes a client of the mail server, or `None` if no server is configured.
    fn client(&self) -> Result<Option<smtp::Smtp>, smtp::Error> {
        if self.host.is_empty() {
            return Ok(None);
        }
        let password = self.password.get().cloned().unwrap_or_default();
        let server = smtp::Server {
            host: self.host.clone(),
            port: self.port,
            tls: self.tls,
            credentials: (!self.user.is_empty()).then(|| (self.user.clone(), password)),
            from: self.from.clone(),
        };
        smtp::Smtp::new(&server, Duration::from_secs(15)).map(Some)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub level: String,
    pub format: LogFormat,
}

/// The format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Auto,
    Text,
    Json,
}

/// The configuration cannot be used. Each line names one fault.
#[derive(Debug, thiserror::Error)]
#[error("the configuration has errors:\n{}", .0.join("\n"))]
pub struct ConfigError(Vec<String>);

impl ConfigError {
    fn of(key: &str, wrong: &str) -> Self {
        Self(vec![format!("  {key}: {wrong}")])
    }
}

impl Config {
    /// Reads the configuration from `file`, or from `kazi.toml` if it exists.
    ///
    /// # Errors
    /// A key is unknown or a value is not allowed.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        if let Some(missing) = file.filter(|file| !file.is_file()) {
            return Err(ConfigError::of(
                &missing.display().to_string(),
                "there is no such file",
            ));
        }
        let mut figment = Figment::from(Toml::string(DEFAULT));
        let file = file.unwrap_or_else(|| Path::new(FILE));
        if file.exists() {
            figment = figment.merge(Toml::file_exact(file));
        }
        let figment = figment.merge(Environment);
        let config: Self = figment
            .extract()
            .map_err(|errors| ConfigError(errors.into_iter().map(explain).collect()))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        for (key, value, least) in [
            (
                "database.max_connections",
                u64::from(self.database.max_connections),
                u64::from(LEAST_CONNECTIONS),
            ),
            ("queue.keep_days", self.queue.keep_days.into(), 1),
        ] {
            if value < least {
                return Err(ConfigError::of(key, &format!("must be at least {least}")));
            }
        }
        for (name, slots) in &self.queue.pools {
            pool(name).map_err(|wrong| ConfigError::of(&format!("queue.pools.{name}"), &wrong))?;
            if *slots > 10_000 {
                return Err(ConfigError::of(
                    &format!("queue.pools.{name}"),
                    "must be 0 to 10000",
                ));
            }
        }
        for (key, url) in [
            ("http.public_url", self.http.public_url()),
            ("whatsapp.base_url", &self.whatsapp.base_url),
            ("greenapi.base_url", &self.greenapi.base_url),
            ("openrouter.base_url", &self.openrouter.base_url),
            ("stripe.base_url", &self.stripe.base_url),
            ("social.instagram_base_url", &self.social.instagram_base_url),
            ("social.facebook_base_url", &self.social.facebook_base_url),
        ] {
            if !url.starts_with("https://") && !url.starts_with("http://") {
                return Err(ConfigError::of(
                    key,
                    "must be an address that begins with https:// or http://",
                ));
            }
        }
        let origins = &self.http.cors_origins;
        for (key, url) in std::iter::once(("http.public_url", &self.http.public_url))
            .filter(|(_, url)| !url.is_empty())
            .chain(origins.iter().map(|origin| ("http.cors_origins", origin)))
        {
            if !is_origin(url) {
                return Err(ConfigError::of(
                    key,
                    "must be like https://kazi.example.com: scheme and host, no path and no slash at the end",
                ));
            }
        }
        if self.queue.shutdown_seconds > 3_600 {
            return Err(ConfigError::of(
                "queue.shutdown_seconds",
                "must be 0 to 3600",
            ));
        }
        if !(1..=86_400).contains(&self.messages.ambiguous_wait_seconds) {
            return Err(ConfigError::of(
                "messages.ambiguous_wait_seconds",
                "must be 1 to 86400",
            ));
        }
        self.media.check()?;
        self.smtp
            .client()
            .map_err(|error| ConfigError::of("smtp", &error.to_string()))?;
        self.codes.check()?;
        self.credits.check()?;
        tracing_subscriber::EnvFilter::try_new(&self.log.level).map_err(|_| {
            ConfigError::of(
                "log.level",
                "must be error, warn, info, debug or trace, or a filter like info,kazi_queue=debug",
            )
        })?;
        Ok(())
    }

    /// Returns the pools with their slots, without the pools that have none.
    pub fn pools(&self) -> Vec<(Pool, usize)> {
        let slots = |pool: &Pool| self.queue.pools.get(pool.name()).copied().unwrap_or(0);
        pools::ALL
            .into_iter()
            .map(|pool| (pool, slots(&pool)))
            .filter(|(_, slots)| *slots > 0)
            .collect()
    }

    /// Customers return to this URL: the public one, or this machine's if the public one is not known.
    fn reached_at(&self) -> String {
        if self.http.public_url.is_empty() {
            format!("http://{}", self.http.bind)
        } else {
            self.http.public_url.clone()
        }
    }

    /// Makes the clients of the providers for the jobs.
    pub fn providers(&self) -> Providers {
        Providers {
            whatsapp_base_url: self.whatsapp.base_url.clone(),
            whatsapp_version: self.whatsapp.version.clone(),
            greenapi_base_url: self.greenapi.base_url.clone(),
            stripe_base_url: self.stripe.base_url.clone(),
            public_url: self.reached_at(),
            openrouter_base_url: self.openrouter.base_url.clone(),
            openrouter_key: self.openrouter.key.get().cloned(),
            instagram_base_url: self.social.instagram_base_url.clone(),
            facebook_base_url: self.social.facebook_base_url.clone(),
            social_version: self.social.version.clone(),
            send_time_out: Duration::from_secs(20),
            ai_time_out: Duration::from_secs(30),
            ambiguous_wait: Duration::from_secs(self.messages.ambiguous_wait_seconds),
            endpoints: Reach::new(self.endpoints.networks.clone()),
            // The configuration was checked at the start.
            smtp: self.smtp.client().unwrap_or_default(),
            code_channel: self.codes.channel.parse().ok().map(ChannelId::uuid),
            code_template: Some(self.codes.template.clone()).filter(|name| !name.is_empty()),
            media: self.media.settings(&self.database),
            credits_seller: self.credits.seller(),
        }
    }
}

/// Finds a pool by its name.
///
/// # Errors
/// The pool does not exist. The text lists the existing ones.
pub fn pool(name: &str) -> Result<Pool, String> {
    let known = || pools::ALL.map(Pool::name).join(", ");
    let found = pools::ALL.into_iter().find(|pool| pool.name() == name);
    found.ok_or_else(|| format!("there is no pool {name:?}; there are {}", known()))
}

/// Writes one line: the key, the fault, the allowed values, and the source.
fn explain(error: figment::Error) -> String {
    use figment::error::Kind;
    let path: Vec<&str> = error.path.iter().map(String::as_str).collect();
    let wrong = match &error.kind {
        Kind::UnknownField(key, known) => {
            let section = path.strip_suffix(&[key.as_str()]).unwrap_or(&path);
            let place = if section.is_empty() {
                String::new()
            } else {
                format!(" of [{}]", section.join("."))
            };
            format!(
                "there is no key {key:?}; the keys{place} are {}",
                known.join(", ")
            )
        }
        other => other.to_string(),
    };
    let source = match &error.metadata {
        Some(metadata) if metadata.name == Environment::NAME => {
            format!(
                " (set by {})",
                metadata.interpolate(&Profile::Default, &path)
            )
        }
        Some(metadata) => match &metadata.source {
            Some(source) => format!(" (in {source})"),
            None => String::new(),
        },
        None => String::new(),
    };
    format!("  {}: {wrong}{source}", path.join("."))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[expect(clippy::result_large_err, reason = "figment's own type for tests")]
    fn with(
        file: &str,
        environment: &[(&str, &str)],
        check: impl FnOnce(Result<Config, ConfigError>),
    ) {
        figment::Jail::expect_with(|jail| {
            jail.clear_env();
            jail.create_file("kazi.toml", file)?;
            for (name, value) in environment {
                jail.set_env(name, value);
            }
            check(Config::load(None));
            Ok(())
        });
    }

    fn refused(file: &str, environment: &[(&str, &str)], words: &[&str]) {
        with(file, environment, |config| {
            let error = config.map(|_| ()).unwrap_err().to_string();
            for word in words {
                assert!(error.contains(word), "{error}\nlacks {word:?}");
            }
        });
    }

    #[test]
    fn the_environment_overrides_the_file_and_the_file_the_defaults() {
        let environment = [
            ("KAZI_QUEUE__POOLS__AI", "5"),
            ("DATABASE_URL", "postgres://x"),
            ("KAZI_OPENROUTER__KEY", "0123"),
        ];
        with(
            "[http]\nbind = '0.0.0.0:99'\n[queue.pools]\nai = 3\nwhatsapp = 0",
            &environment,
            |config| {
                let config = config.unwrap();
                assert_eq!(config.http.bind.port(), 99);
                assert_eq!(config.database.max_connections, 20);
                let slots: Vec<(&str, usize)> = config
                    .pools()
                    .iter()
                    .map(|(pool, slots)| (pool.name(), *slots))
                    .collect();
                assert_eq!(
                    slots,
                    [
                        ("interactive", 16),
                        ("ai", 5),
                        ("payments", 8),
                        ("social", 4),
                        ("endpoints", 64),
                        ("media", 4),
                        ("bulk", 2),
                        ("default", 8)
                    ]
                );
                assert_eq!(
                    config.database.url.get().unwrap().expose_secret(),
                    "postgres://x"
                );
                assert_eq!(config.openrouter.key.get().unwrap().expose_secret(), "0123");
            },
        );
    }

    #[test]
    fn a_wrong_key_or_value_is_named_with_its_source_and_what_is_allowed() {
        refused("[htpp]\nbind = '1'", &[], &["htpp", "kazi.toml", "http"]);
        refused(
            "[http]\npublic_url = 'shop.example'",
            &[],
            &["http.public_url", "https://"],
        );
        refused(
            "[http]\nbnid = '1'",
            &[],
            &["http", "bnid", "bind", "kazi.toml"],
        );
        refused(
            "",
            &[("KAZI_HTTP__BIND", "nowhere")],
            &["http.bind", "KAZI_HTTP__BIND", "socket address"],
        );
        refused(
            "",
            &[("KAZI_HTTP__BNID", "x")],
            &["bnid", "KAZI_HTTP", "bind"],
        );
        refused(
            "",
            &[("KAZI_DATABASE__MAX_CONNECTIONS", "many")],
            &["database.max_connections", "KAZI_DATABASE__MAX_CONNECTIONS"],
        );
        refused(
            "",
            &[("KAZI_DATABASE__MAX_CONNECTIONS", "3")],
            &["database.max_connections", "at least 4"],
        );
        refused(
            "",
            &[("KAZI_QUEUE__POOLS__TURBO", "1")],
            &[
                "queue.pools.turbo",
                "interactive, ai, whatsapp, payments, social, endpoints, media, bulk, default",
            ],
        );
        refused(
            "",
            &[("KAZI_LOG__FORMAT", "xml")],
            &["log.format", "xml", "json"],
        );
        refused("", &[("KAZI_LOG__LEVEL", "=,=")], &["log.level"]);
        refused(
            "[whatsapp]\nbase_url = 'graph.facebook.com'",
            &[],
            &["whatsapp.base_url", "https://"],
        );
        for wait in ["0", "86401", "18446744073709551615"] {
            refused(
                "",
                &[("KAZI_MESSAGES__AMBIGUOUS_WAIT_SECONDS", wait)],
                &["messages.ambiguous_wait_seconds", ""],
            );
        }
        refused(
            "[http]\npublic_url = 'https://kazi.test/'",
            &[],
            &["http.public_url", "no slash"],
        );
        refused(
            "",
            &[("KAZI_HTTP__CORS_ORIGINS", "https://a.test,*")],
            &["http.cors_origins"],
        );
        refused(
            "",
            &[("KAZI_HTTP__TRUSTED_PROXIES", "10.0.0.0/8,nobody")],
            &["http.trusted_proxies", "nobody"],
        );
        refused("not toml", &[], &["kazi.toml"]);
    }

    #[test]
    fn a_list_has_commas_in_the_environment() {
        let environment = [("KAZI_HTTP__TRUSTED_PROXIES", "10.0.0.0/8, ::1")];
        with(
            "[http]\ncors_origins = ['https://a.test', 'http://localhost:3000']",
            &environment,
            |config| {
                let http = config.unwrap().http;
                assert_eq!(http.cors_origins.len(), 2);
                let trusted = |address: &str| {
                    let address = address.parse().unwrap();
                    http.trusted_proxies.iter().any(|net| net.contains(address))
                };
                assert!(trusted("10.1.2.3") && trusted("::1"));
                assert!(!trusted("11.1.2.3") && !trusted("::2"));
            },
        );
    }

    #[test]
    fn what_kubernetes_says_of_services_is_not_configuration() {
        let links = [
            ("KAZI_SERVICE_HOST", "10.0.0.7"),
            ("KAZI_SERVICE_PORT", "80"),
            ("KAZI_SERVICE_PORT_HTTP", "80"),
            ("KAZI_PORT", "tcp://10.0.0.7:80"),
            ("KAZI_PORT_80_TCP", "tcp://10.0.0.7:80"),
            ("KAZI_PORT_80_TCP_PROTO", "tcp"),
            ("KAZI_PORT_80_TCP_PORT", "80"),
            ("KAZI_PORT_80_TCP_ADDR", "10.0.0.7"),
            ("KAZI_DB_SERVICE_HOST", "10.0.0.8"),
            ("KAZI_DB_SERVICE_PORT_PG", "5432"),
            ("KAZI_DB_PORT", "tcp://10.0.0.8:5432"),
            ("KAZI_DB_PORT_5432_TCP_ADDR", "10.0.0.8"),
        ];
        with("", &links, |config| assert!(config.is_ok(), "{config:?}"));
        refused("", &[("KAZI_HTTP_PORT", "80")], &["http_port"]);
    }

    #[test]
    fn no_secret_is_shown() {
        with(
            "master_key = 'hidden-one'",
            &[("KAZI_OPENROUTER__KEY", "4711")],
            |config| {
                let config = config.unwrap();
                let shown = format!("{config:?}{}", serde_json::to_string(&config).unwrap());
                assert!(
                    !shown.contains("hidden-one") && !shown.contains("4711"),
                    "{shown}"
                );
            },
        );
    }
}
