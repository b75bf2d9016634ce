//! What callers say of a contact, and its rules.

use kazi_platform::Phone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    MAX_TAGS,
    rules::{self, Field},
};
use crate::violations::{Violation, Violations, member, named};

/// A contact to be made. It has at least a name, a phone or an e-mail address.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewContact {
    /// At most 200 characters.
    #[schema(example = "Amina Otieno", max_length = 200)]
    pub name: Option<String>,
    /// International, or of the workspace's country.
    #[schema(example = "+254712345678")]
    pub phone: Option<String>,
    /// Like name@example.com.
    #[schema(example = "amina@example.com")]
    pub email: Option<String>,
    /// A language of ours.
    #[schema(example = "en")]
    pub language: Option<String>,
    /// Custom fields that the workspace has declared.
    #[schema(value_type = std::collections::BTreeMap<String, Value>, example = json!({"city": "Nairobi"}))]
    pub attributes: Map<String, Value>,
    /// At most 50; those that are new are made.
    #[schema(example = json!(["vip"]), max_items = 50)]
    pub tags: Vec<String>,
}

/// What is to be changed. What is not named stays; `null` empties.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContactPatch {
    /// As in [`NewContact`].
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<String>)]
    pub name: Option<Option<String>>,
    /// As in [`NewContact`].
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
    /// As in [`NewContact`].
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
    /// As in [`NewContact`].
    #[serde(deserialize_with = "named")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Option<String>>,
    /// The fields that are named; `null` removes one.
    #[schema(value_type = std::collections::BTreeMap<String, Value>, example = json!({"city": "Nairobi"}))]
    pub attributes: Map<String, Value>,
    /// All of them, in place of those there are.
    pub tags: Option<Vec<String>>,
}

/// The fields that stand in a contact's row, checked.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Fields {
    pub name: Option<String>,
    pub phone: Option<Phone>,
    pub email: Option<String>,
    pub language: Option<String>,
    pub attributes: Map<String, Value>,
}

/// A text by its rule; nothing where none is given or it is at fault.
pub(super) fn text<T>(
    violations: &mut Violations,
    pointer: &str,
    given: Option<&str>,
    rule: impl Fn(&str) -> Result<Option<T>, Violation>,
) -> Option<T> {
    given.and_then(|given| violations.take(pointer, rule(given)).flatten())
}

/// Puts custom fields by their rules; `null` takes one away.
pub(super) fn attributes(
    violations: &mut Violations,
    declared: &[Field],
    given: &Map<String, Value>,
    into: &mut Map<String, Value>,
) {
    for (key, value) in given {
        let pointer = member("/attributes", key);
        match declared.iter().find(|field| field.key == *key) {
            None => violations.add(
                &pointer,
                ("unknown_field", "there is no such custom field".into()),
            ),
            Some(_) if value.is_null() => {
                into.remove(key);
            }
            Some(field) => {
                if let Some(value) = violations.take(&pointer, field.check(value)) {
                    into.insert(key.clone(), value);
                }
            }
        }
    }
}

/// Tags by their rule.
pub(super) fn tag_names(violations: &mut Violations, given: &[String]) -> Vec<String> {
    if given.len() > MAX_TAGS {
        violations.add("/tags", ("too_many", format!("at most {MAX_TAGS} tags")));
        return Vec::new();
    }
    let read = |(place, tag): (usize, &String)| {
        violations.take(&format!("/tags/{place}"), rules::tag(tag))
    };
    given.iter().enumerate().filter_map(read).collect()
}
