//! Lists and searches contacts: by declared filters and sorts, page after page by the last row's key.

use std::collections::BTreeMap;

use kazi_platform::{Phone, Timestamp, phone};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{ContactError, ContactId, ContactView, Whose, rules, store};
use crate::{
    Work,
    violations::{Violations, invalid},
    workspaces,
};

/// What contacts go by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Sort {
    /// Oldest first.
    #[serde(rename = "created_at")]
    Created,
    /// Newest first.
    #[default]
    #[serde(rename = "-created_at")]
    CreatedDown,
    /// Without case and accents. Contacts without a name come first.
    #[serde(rename = "name")]
    Name,
    /// The other way round.
    #[serde(rename = "-name")]
    NameDown,
    /// The contact who was silent for longest comes first.
    #[serde(rename = "last_activity_at")]
    Activity,
    /// Who wrote last first.
    #[serde(rename = "-last_activity_at")]
    ActivityDown,
}

/// Where a page ended: the sorted value of its last row, and the row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// Of a sort by creation.
    Created(ContactId),
    /// Of a sort by name.
    Name(String, ContactId),
    /// Of a sort by activity.
    Activity(Timestamp, ContactId),
}

impl Sort {
    /// The key of a row.
    pub fn key(self, row: &ContactView) -> Key {
        match self {
            Self::Created | Self::CreatedDown => Key::Created(row.id),
            Self::Name | Self::NameDown => Key::Name(row.sort_name.clone(), row.id),
            Self::Activity | Self::ActivityDown => Key::Activity(row.last_activity_at, row.id),
        }
    }

    const fn fits(self, key: &Key) -> bool {
        matches!(
            (self, key),
            (Self::Created | Self::CreatedDown, Key::Created(_))
                | (Self::Name | Self::NameDown, Key::Name(..))
                | (Self::Activity | Self::ActivityDown, Key::Activity(..))
        )
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ExportedContacts)]
pub struct ContactFilter {
    /// Those with this tag.
    #[schema(example = "vip")]
    pub tag: Option<String>,
    /// Those who speak this language.
    #[schema(example = "sw")]
    pub language: Option<String>,
    /// Those who are blocked, or are not.
    pub blocked: Option<bool>,
    /// Those who want no marketing, or may want it.
    pub opted_out: Option<bool>,
    /// Made at this time or later.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_from: Option<Timestamp>,
    /// Made before this time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_before: Option<Timestamp>,
    /// Custom fields and what they are, as text: at most 10.
    #[schema(example = json!({"city": "Nairobi"}))]
    pub attributes: BTreeMap<String, String>,
}

/// The most custom fields of a filter.
const MAX_ATTRIBUTES: usize = 10;

impl ContactFilter {
    /// Checks that its custom fields are declared, with values of their kind.
    pub async fn check(&self, work: &mut Work) -> Result<(), ContactError> {
        self.attributes(work).await.map(drop)
    }

    /// The custom fields as they are stored.
    pub(super) async fn attributes(
        &self,
        work: &mut Work,
    ) -> Result<Map<String, Value>, ContactError> {
        let mut wanted = Map::new();
        if self.attributes.is_empty() {
            return Ok(wanted);
        }
        let mut violations = Violations::default();
        if self.attributes.len() > MAX_ATTRIBUTES {
            violations.add(
                "/attributes",
                (
                    "too_many",
                    format!("at most {MAX_ATTRIBUTES} custom fields"),
                ),
            );
        }
        let declared = store::fields::list(work).await?;
        for (key, text) in &self.attributes {
            let pointer = format!("/attributes/{key}");
            match declared.iter().find(|field| field.key == *key) {
                None => violations.add(
                    &pointer,
                    ("unknown_field", "there is no such custom field".into()),
                ),
                Some(field) => {
                    if let Some(value) = violations.take(&pointer, field.read(text)) {
                        wanted.insert(key.clone(), value);
                    }
                }
            }
        }
        violations.end()?;
        Ok(wanted)
    }
}

/// A page of contacts, from behind a key on.
///
/// # Errors
/// The key is of another sort, or a filter names no field or no value of one.
pub async fn list(
    work: &mut Work,
    filter: &ContactFilter,
    sort: Sort,
    after: Option<&Key>,
    limit: i64,
) -> Result<Vec<ContactView>, ContactError> {
    if after.is_some_and(|key| !sort.fits(key)) {
        let other = (
            "invalid_cursor",
            "this cursor belongs to another sort".into(),
        );
        return Err(invalid("/cursor", other).into());
    }
    let attributes = filter.attributes(work).await?;
    Ok(store::listing::list(work.conn(), filter, &attributes, sort, after, limit).await?)
}

/// How many contacts a filter lets through.
pub async fn count(work: &mut Work, filter: &ContactFilter) -> Result<i64, ContactError> {
    let attributes = filter.attributes(work).await?;
    Ok(store::listing::count(work.conn(), filter, &attributes).await?)
}

/// The longest text that is searched for.
const MAX_SEARCH: usize = 200;
/// Words after these are not looked at.
const MAX_WORDS: usize = 8;

/// Contacts whose name, phone, e-mail address or tag has all the words of a text; of a word of one or two letters, the
/// beginning of a word. The best first, out of the first 200 that are found.
pub async fn search(
    work: &mut Work,
    text: &str,
    limit: i64,
) -> Result<Vec<ContactView>, ContactError> {
    let (text, patterns) = asked(work, text).await?;
    Ok(store::listing::search(work.conn(), &patterns, &text, limit).await?)
}

/// The contacts with a tag, and whose name, phone or e-mail address has all the words of a text.
pub(crate) async fn whose(
    work: &mut Work,
    tag: Option<&str>,
    text: Option<&str>,
) -> Result<Whose, ContactError> {
    let patterns = match text {
        Some(text) => asked(work, text).await?.1,
        None => Vec::new(),
    };
    let tag = tag.map(str::to_owned);
    Ok(Whose { tag, patterns })
}

/// The text to look for, and its patterns.
async fn asked(work: &mut Work, text: &str) -> Result<(String, Vec<Vec<String>>), ContactError> {
    let fault = |fault| invalid("/q", fault);
    let text = rules::line(text, MAX_SEARCH)
        .and_then(|text| text.ok_or_else(|| ("empty", "write something to look for".into())))
        .map_err(fault)?;
    let country = match is_number(&text) {
        true => workspaces::get(work).await?.country,
        false => None,
    };
    let patterns = patterns(&text, country.as_deref());
    Ok((text, patterns))
}

fn is_number(text: &str) -> bool {
    !text.chars().any(char::is_alphabetic)
}

/// For LIKE: of each list one is to be found. A number is looked for by its digits, in whatever script and form it is
/// written.
fn patterns(text: &str, country: Option<&str>) -> Vec<Vec<String>> {
    let all = phone::digits(text);
    let digits = all.trim_start_matches('0');
    if is_number(text) && digits.len() >= 3 {
        let whole = Phone::parse(text, country).ok();
        let whole = whole.or_else(|| Phone::from_wa_id(digits));
        let mut forms = vec![format!("%{digits}%")];
        forms.extend(whole.map(|phone| format!("%{}%", phone.wa_id())));
        forms.dedup();
        return vec![forms];
    }
    let words = text.split(' ').take(MAX_WORDS).map(|word| {
        let escaped = word
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        // Three letters make a trigram; fewer do only behind a space.
        if word.chars().count() < 3 {
            vec![format!("% {escaped}%")]
        } else {
            vec![format!("%{escaped}%")]
        }
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_patterns() {
        let patterns = |text| patterns(text, Some("BR"));
        assert_eq!(
            patterns("0712 345-678"),
            [["%712345678%"]],
            "no number of that country"
        );
        assert_eq!(patterns("+254 (712)"), [["%254712%"]]);
        assert_eq!(patterns("Jo 100%_a\\"), [["% Jo%"], ["%100\\%\\_a\\\\%"]]);
        assert_eq!(patterns("12"), [["% 12%"]]);
        for text in ["11 8765-4321", "٠١١ ٨٧٦٥ ٤٣٢١"] {
            let found = patterns(text);
            assert_eq!(found[0][1], "%5511987654321%", "{text}");
        }
        assert_eq!(patterns("551187654321")[0][1], "%5511987654321%");
    }
}
