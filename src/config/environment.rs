//! Environment variables as a layer of the configuration.

use std::env;

use figment::{
    Metadata, Profile, Provider,
    value::{Dict, Map, Tag, Value},
};

const PREFIX: &str = "KAZI_";
/// Variables with the prefix that other code reads.
const NOT_KEYS: [&str; 2] = ["KAZI_PG_BIN", "KAZI_CONFIG"];

/// The variables `KAZI_SECTION__KEY`, and `DATABASE_URL`.
pub(super) struct Environment;

impl Environment {
    pub(super) const NAME: &'static str = "environment";

    fn keys() -> impl Iterator<Item = (Vec<String>, String)> {
        env::vars_os().filter_map(|(name, value)| {
            let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
            if name == "DATABASE_URL" {
                return Some((vec!["database".into(), "url".into()], value));
            }
            let key = name
                .strip_prefix(PREFIX)
                .filter(|_| !NOT_KEYS.contains(&name.as_str()))
                .filter(|key| !is_service_link(key, &value))?;
            Some((key.split("__").map(str::to_lowercase).collect(), value))
        })
    }
}

/// Kubernetes sets variables in every container for each service. A service `kazi` gets our prefix:
/// `KAZI_SERVICE_HOST`, `KAZI_PORT_80_TCP_ADDR`. So does `kazi-db`: `KAZI_DB_SERVICE_PORT`, `KAZI_DB_PORT=tcp://…`.
fn is_service_link(key: &str, value: &str) -> bool {
    let address = ["tcp://", "udp://", "sctp://"]
        .iter()
        .any(|scheme| value.starts_with(scheme));
    let protocol = ["_TCP", "_UDP", "_SCTP"]
        .iter()
        .any(|protocol| key.contains(protocol));
    !key.contains("__")
        && (key == "PORT"
            || ["SERVICE_", "PORT_"].iter().any(|own| key.starts_with(own))
            || key.ends_with("_SERVICE_HOST")
            || key.contains("_SERVICE_PORT")
            || (key.ends_with("_PORT") && address)
            || (key.contains("_PORT_") && protocol))
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named(Self::NAME).interpolater(|_, keys| match keys {
            ["database", "url"] => "DATABASE_URL".to_owned(),
            keys => format!("{PREFIX}{}", keys.join("__").to_uppercase()),
        })
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut all = Dict::new();
        for (path, value) in Self::keys() {
            // A text becomes a number only if its digits stay the same: "007" is a text.
            let number = value
                .parse::<u64>()
                .ok()
                .filter(|number| number.to_string() == value);
            let mut nested = number.map_or_else(|| Value::from(value), Value::from);
            for key in path.iter().skip(1).rev() {
                nested = Value::Dict(Tag::Default, Dict::from([(key.clone(), nested)]));
            }
            insert(&mut all, &path[0], nested);
        }
        Ok(Map::from([(Profile::Default, all)]))
    }
}

/// Inserts a value into its section, beside the values there.
fn insert(into: &mut Dict, key: &str, value: Value) {
    match (into.get_mut(key), value) {
        (Some(Value::Dict(_, there)), Value::Dict(_, more)) => {
            for (key, value) in more {
                insert(there, &key, value);
            }
        }
        (_, value) => {
            into.insert(key.to_owned(), value);
        }
    }
}
