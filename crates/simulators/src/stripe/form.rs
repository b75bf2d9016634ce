//! Form-encoded requests like `line_items[0][price_data][currency]=usd`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::errors::{bad, refuse};
use crate::server::Reply;

/// The fields by name. A field that occurs several times (`types[]`) has several values.
#[derive(Debug, Default)]
pub(super) struct Form(BTreeMap<String, Vec<String>>);

impl Form {
    pub fn parse(bytes: &[u8]) -> Self {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(bytes) {
            fields
                .entry(name.into_owned())
                .or_default()
                .push(value.into_owned());
        }
        Self(fields)
    }

    /// Returns the same text for the same fields.
    pub fn fingerprint(&self) -> String {
        json!(self.0).to_string()
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.last().map(String::as_str)
    }

    /// Returns the values of a list, written as `types[]=…` or as `types[0]=…`.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let fits = |field: &str| {
            let rest = field.strip_prefix(name).unwrap_or_default();
            rest == "[]" || numbers(field).strip_prefix(name) == Some("[#]")
        };
        let fields = self.0.iter().filter(|(field, _)| fits(field));
        fields
            .flat_map(|(_, values)| values.iter().map(String::as_str))
            .collect()
    }

    pub fn need(&self, name: &str) -> Result<&str, Reply> {
        self.get(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| {
                refuse(
                    400,
                    &format!("Missing required param: {name}."),
                    Some("parameter_missing"),
                    Some(name),
                )
            })
    }

    pub fn integer(&self, name: &str) -> Result<Option<i64>, Reply> {
        self.get(name)
            .map(|value| {
                value.parse().map_err(|_| {
                    refuse(
                        400,
                        &format!("Invalid integer: {value}"),
                        Some("parameter_invalid_integer"),
                        Some(name),
                    )
                })
            })
            .transpose()
    }

    /// Refuses all other fields. In a name, `[*]` at the end stands for any key, `[#]` for any number, and `[]` at the end
    /// for a list.
    pub fn only(&self, names: &[&str]) -> Result<(), Reply> {
        for name in self.0.keys() {
            let plain = numbers(name);
            let known = names.iter().any(|known| {
                if let Some(stem) = known.strip_suffix("[]") {
                    return name == known || plain.strip_prefix(stem) == Some("[#]");
                }
                known.strip_suffix("[*]").map_or(*known == plain, |stem| {
                    plain
                        .strip_prefix(stem)
                        .is_some_and(|rest| rest.starts_with('[') && rest.ends_with(']'))
                })
            });
            if !known {
                return Err(refuse(
                    400,
                    &format!("Received unknown parameter: {name}"),
                    Some("parameter_unknown"),
                    Some(name),
                ));
            }
        }
        Ok(())
    }

    /// Reads `metadata[…]` of a stem: at most 50 keys of 40 characters, with values of 500 characters.
    pub fn metadata(&self, stem: &str) -> Result<Value, Reply> {
        let mut data = serde_json::Map::new();
        for (name, values) in &self.0 {
            let key = name
                .strip_prefix(stem)
                .and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'));
            let Some(key) = key else { continue };
            let value = values.last().map_or("", String::as_str);
            if key.chars().count() > 40 || value.chars().count() > 500 {
                return Err(bad(
                    name,
                    "Metadata keys have at most 40 characters, values 500.",
                ));
            }
            data.insert(key.to_owned(), value.into());
        }
        if data.len() > 50 {
            return Err(bad(stem, "Metadata has at most 50 keys."));
        }
        Ok(Value::Object(data))
    }
}

/// Turns `line_items[3][price]` into `line_items[#][price]`.
fn numbers(name: &str) -> String {
    let parts = name.split('[').enumerate().map(|(place, part)| {
        let digits = part.strip_suffix(']').unwrap_or(part);
        let number = place > 0 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if number { "#]" } else { part }
    });
    parts.collect::<Vec<_>>().join("[")
}

/// Turns a form into JSON for the ledger.
pub(crate) fn readable(body: &[u8]) -> Vec<u8> {
    let fields: BTreeMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
    if fields.is_empty() {
        Vec::new()
    } else {
        json!(fields).to_string().into_bytes()
    }
}
