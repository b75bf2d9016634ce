//! Types of values that are more than a text or a number.

use std::{fmt::Display, str::FromStr};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Reads a list, or a text with commas between the items, because an environment variable has no list.
pub(super) fn list<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a list of texts")]
    enum Plain {
        Many(Vec<String>),
        Commas(String),
    }
    let many = match Plain::deserialize(from)? {
        Plain::Many(many) => many,
        Plain::Commas(text) => text.split(',').map(str::to_owned).collect(),
    };
    many.iter()
        .map(|item| item.trim())
        .filter(|item| !item.is_empty())
        .map(|item| item.parse().map_err(serde::de::Error::custom))
        .collect()
}

/// Tells whether a URL has a scheme and an authority, and nothing else.
pub(super) fn is_origin(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    rest.is_some_and(|host| !host.is_empty() && host.chars().all(allowed))
}

/// A value that is never shown.
#[derive(Clone, Debug)]
pub struct Secret(SecretString);

impl Secret {
    /// Returns the value, unless it is empty.
    pub fn get(&self) -> Option<&SecretString> {
        (!self.0.expose_secret().is_empty()).then_some(&self.0)
    }
}

impl From<SecretString> for Secret {
    fn from(secret: SecretString) -> Self {
        Self(secret)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // A secret that has only digits is parsed as a number.
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a text")]
        enum Plain {
            Text(String),
            Digits(u64),
        }
        Ok(Self(match Plain::deserialize(from)? {
            Plain::Text(text) => text.into(),
            Plain::Digits(digits) => digits.to_string().into(),
        }))
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(if self.get().is_some() {
            "(set, hidden)"
        } else {
            ""
        })
    }
}
