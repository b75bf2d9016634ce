//! Audiences: a rule over contacts as data, and the contacts that match it.

use std::collections::BTreeMap;

use kazi_platform::{Timestamp, invalid::Invalid};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{ContactError, ContactFilter, ContactId, Deed, MAX_TAGS, deeds::check_days, store};
use crate::{Work, violations::Violations};

/// The most values of one part of a rule.
const MAX_VALUES: usize = 50;
/// The most groups of `any_of` or `none_of`, and the most deeds of one group.
const MAX_GROUPS: usize = 10;
/// Groups of groups of a rule: how deep they go.
const MAX_DEPTH: usize = 2;
/// The most groups of a whole rule, so that its SQL stays short.
const MAX_GROUPS_IN_ALL: usize = 30;
/// Longest span of days in a rule: ten years.
pub(super) const MAX_DAYS: u32 = 3_650;

/// Whom to reach. All parts must hold; one that is left out holds for everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Audience {
    /// Those who have one of these tags at least.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["vip"]), max_items = 50)]
    pub tags_any: Vec<String>,
    /// Those who have all of these tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub tags_all: Vec<String>,
    /// Those who have none of these tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub tags_none: Vec<String>,
    /// Those who speak one of these languages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["en"]), max_items = 50)]
    pub languages: Vec<String>,
    /// Those of one of these countries, ISO 3166.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["KE"]), max_items = 50)]
    pub countries: Vec<String>,
    /// Only those who have said that they want offers; else also those who have never said.
    #[serde(skip_serializing_if = "is_false")]
    pub consented: bool,
    /// Those who wrote within so many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3650)]
    pub active_within_days: Option<u32>,
    /// Those who have not written for so many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3650)]
    pub inactive_for_days: Option<u32>,
    /// Custom fields and what they are, as text.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(example = json!({"city": "Nairobi"}))]
    pub attributes: BTreeMap<String, String>,
    /// Those who did all of this.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10)]
    pub did: Vec<Deed>,
    /// Those for whom one of these groups holds at least. The parts of a group must all hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10, no_recursion)]
    pub any_of: Vec<Self>,
    /// Those for whom none of these groups holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10, no_recursion)]
    pub none_of: Vec<Self>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// A contact as a broadcast must know it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Addressee {
    pub id: ContactId,
    /// What they are called.
    pub name: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    pub email: Option<String>,
    /// What they speak.
    pub language: Option<String>,
    /// ISO 3166.
    pub country: Option<String>,
    /// Their custom fields.
    pub attributes: Value,
    /// The newest consent; `None`: they have never said.
    pub marketing: Option<bool>,
    /// Since when nothing is said to them.
    pub blocked_at: Option<Timestamp>,
}

/// Whether something may be said to a contact now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Reachable,
    OptedOut,
    Blocked,
    Gone,
}

impl Standing {
    /// Why a contact gets no message, or no marketing. `None` as the standing: there is no such contact.
    pub fn against(standing: Option<Self>, marketing: bool) -> Option<&'static str> {
        match standing {
            None | Some(Self::Gone) => Some("gone"),
            Some(Self::Blocked) => Some("blocked"),
            Some(Self::OptedOut) if marketing => Some("opted_out"),
            Some(Self::OptedOut | Self::Reachable) => None,
        }
    }
}

impl Audience {
    fn check(&self, now: Timestamp) -> Result<(), Invalid> {
        let mut violations = Violations::default();
        let mut left = MAX_GROUPS_IN_ALL;
        self.check_at(&mut violations, "", now, MAX_DEPTH, &mut left);
        violations.end()
    }

    fn check_at(
        &self,
        violations: &mut Violations,
        at: &str,
        now: Timestamp,
        depth: usize,
        left: &mut usize,
    ) {
        for (name, values, most) in [
            ("tags_any", &self.tags_any, MAX_VALUES),
            ("tags_all", &self.tags_all, MAX_TAGS),
            ("tags_none", &self.tags_none, MAX_VALUES),
            ("languages", &self.languages, MAX_VALUES),
            ("countries", &self.countries, MAX_VALUES),
        ] {
            let few = values.len() <= most.min(MAX_VALUES);
            let rule = "has too many values";
            violations.unless(few, format!("{at}/{name}"), "too_many", rule);
            for (n, value) in values.iter().take(MAX_VALUES).enumerate() {
                violations.text(&format!("{at}/{name}/{n}"), value, 1, 50);
            }
        }
        for (n, country) in self.countries.iter().enumerate() {
            let known = kazi_platform::phone::is_country(country);
            let rule = "must be a country of ISO 3166 in two capital letters";
            let pointer = format!("{at}/countries/{n}");
            violations.unless(known, pointer, "unknown_country", rule);
        }
        for (name, days) in [
            ("active_within_days", self.active_within_days),
            ("inactive_for_days", self.inactive_for_days),
        ] {
            check_days(violations, &format!("{at}/{name}"), days);
        }
        let few = self.did.len() <= MAX_GROUPS;
        violations.unless(few, format!("{at}/did"), "too_many", "must be at most 10");
        for (n, deed) in self.did.iter().take(MAX_GROUPS).enumerate() {
            deed.check(violations, &format!("{at}/did/{n}"), now);
        }
        for (name, groups) in [("any_of", &self.any_of), ("none_of", &self.none_of)] {
            let pointer = format!("{at}/{name}");
            let few = groups.len() <= MAX_GROUPS && groups.len() <= *left;
            let rule = "must be at most 10 groups, and 30 in the whole rule";
            violations.unless(few, pointer.as_str(), "too_many", rule);
            let flat = depth > 0 || groups.is_empty();
            let rule = "must have no groups: they are nested too deeply";
            violations.unless(flat, pointer.as_str(), "too_deep", rule);
            if !few || !flat {
                continue;
            }
            *left -= groups.len();
            for (n, group) in groups.iter().enumerate() {
                let pointer = format!("{pointer}/{n}");
                let says = *group != Self::default();
                let rule = "must say something: an empty group holds for everybody";
                violations.unless(says, pointer.as_str(), "empty", rule);
                group.check_at(violations, &pointer, now, depth - 1, left);
            }
        }
    }

    /// The rule and all groups in it: each before its own groups, those of `any_of` before those of `none_of`.
    fn with_groups<'a>(&'a self, all: &mut Vec<&'a Self>) {
        all.push(self);
        for group in self.any_of.iter().chain(&self.none_of) {
            group.with_groups(all);
        }
    }

    /// The custom fields of the rule and of its groups, in the order of [`with_groups`](Self::with_groups).
    async fn wanted(&self, work: &mut Work) -> Result<Vec<Map<String, Value>>, ContactError> {
        let mut all = Vec::new();
        self.with_groups(&mut all);
        let mut wanted = Vec::new();
        for group in all {
            let filter = ContactFilter {
                attributes: group.attributes.clone(),
                ..ContactFilter::default()
            };
            wanted.push(filter.attributes(work).await?);
        }
        Ok(wanted)
    }
}

/// Looks through a rule before it is kept.
///
/// # Errors
/// It breaks a rule itself, names a custom field that there is not.
pub async fn check_audience(work: &mut Work, audience: &Audience) -> Result<(), ContactError> {
    audience.check(work.now())?;
    audience.wanted(work).await.map(|_| ())
}

/// Those whom a rule finds, in the order of their ids from behind one on. Deleted contacts are not among them, blocked
/// ones are: whoever asks reports them.
///
/// # Errors
/// The rule names a custom field that there is not any more.
pub async fn audience(
    work: &mut Work,
    audience: &Audience,
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<Addressee>, ContactError> {
    let attributes = audience.wanted(work).await?;
    let now = work.now();
    let found = store::audience::page(work.conn(), now, audience, &attributes, after, limit);
    Ok(found.await?)
}

/// How many a rule finds.
pub async fn count_audience(work: &mut Work, audience: &Audience) -> Result<i64, ContactError> {
    let attributes = audience.wanted(work).await?;
    let now = work.now();
    Ok(store::audience::count(work.conn(), now, audience, &attributes).await?)
}

/// Whether something may be said to some contacts, who stay as they are until the caller's transaction ends. Who is not
/// there is not answered.
pub async fn standings(
    work: &mut Work,
    ids: &[ContactId],
) -> Result<BTreeMap<ContactId, Standing>, sqlx::Error> {
    store::audience::standings(work, ids).await
}

/// One contact, if the rule finds them. Deleted contacts are not found, blocked ones are.
///
/// # Errors
/// The rule names a custom field that there is not any more.
pub async fn addressee(
    work: &mut Work,
    audience: &Audience,
    contact: ContactId,
) -> Result<Option<Addressee>, ContactError> {
    let attributes = audience.wanted(work).await?;
    let now = work.now();
    let found = store::audience::one(work.conn(), now, audience, &attributes, contact);
    Ok(found.await?)
}

/// A contact and the date that a custom field has.
#[derive(Clone, Debug)]
pub struct Dated {
    pub id: ContactId,
    /// E.164.
    pub phone: Option<String>,
    /// ISO 3166.
    pub country: Option<String>,
    pub date: String,
}

/// The contacts whose date of a custom field lies on one of these days (`05-31`) of any year, by id, after the given one.
pub async fn dated(
    work: &mut Work,
    field: &str,
    days: &[String],
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<Dated>, sqlx::Error> {
    store::audience::dated(work, field, days, after, limit).await
}

/// The contacts who last wrote between two times, the first excluded, with that time, after the given one. A contact who
/// has never written counts from when they were made.
pub async fn last_active(
    work: &mut Work,
    (from, until): (Option<Timestamp>, Timestamp),
    after: Option<(Timestamp, ContactId)>,
    limit: i64,
) -> Result<Vec<(Timestamp, ContactId)>, sqlx::Error> {
    store::audience::last_active(work, (from, until), after, limit).await
}
