//! Categories: what products are sorted into.

use kazi_platform::{Timestamp, id, invalid::Invalid};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::{Text, store::categories as store};
use crate::{Work, audit::Change, locale::LANGUAGES, violations::Violations};

id!(
    /// A category.
    pub struct CategoryId, "cat_"
);

const SLUG_LIMIT: usize = 60;
const TITLE_LIMIT: usize = 100;

/// A category.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Its name in addresses.
    #[schema(example = "coffee")]
    pub slug: String,
    /// Language to words.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "Coffee"}))]
    pub titles: Json<Text>,
    /// Its place: the least comes first.
    pub sort_order: i32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A category to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    /// Its name in addresses: small letters, digits and hyphens.
    #[schema(
        example = "coffee",
        min_length = 1,
        max_length = 60,
        pattern = "^[a-z0-9-]+$"
    )]
    pub slug: String,
    /// Language to words, one at least.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "Coffee"}))]
    pub titles: Text,
    /// Its place: the least comes first.
    #[serde(default)]
    pub sort_order: i32,
}

/// What of a category is to be changed; what is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryPatch {
    /// Its name in addresses.
    #[schema(
        example = "coffee",
        min_length = 1,
        max_length = 60,
        pattern = "^[a-z0-9-]+$"
    )]
    pub slug: Option<String>,
    /// All its words.
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>, example = json!({"en": "Coffee"}))]
    pub titles: Option<Text>,
    /// Its place.
    pub sort_order: Option<i32>,
}

/// Why a category cannot be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum CategoryError {
    /// Fields break their rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed, or another category has this slug.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

fn check(slug: &str, titles: &Text) -> Result<(), Invalid> {
    let mut violations = Violations::default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if slug.is_empty() || slug.len() > SLUG_LIMIT || !slug.chars().all(plain) {
        let rule = format!("must be 1 to {SLUG_LIMIT} small letters, digits and hyphens");
        violations.add("/slug", ("invalid", rule));
    }
    if titles.is_empty() {
        violations.add("/titles", ("missing", "needs one language at least".into()));
    }
    for (language, title) in titles {
        if !LANGUAGES.contains(&language.as_str()) {
            let rule = format!("the languages are {}", LANGUAGES.join(", "));
            let key = language.replace('~', "~0").replace('/', "~1");
            violations.add(format!("/titles/{key}"), ("unknown_language", rule));
        } else if title.trim().is_empty()
            || title.chars().count() > TITLE_LIMIT
            || title.contains('\0')
        {
            let rule = format!("must have 1 to {TITLE_LIMIT} characters");
            violations.add(format!("/titles/{language}"), ("wrong_length", rule));
        }
    }
    violations.end()
}

/// Makes a category.
///
/// # Errors
/// See [`CategoryError`].
pub async fn create_category(
    work: &mut Work,
    new: &NewCategory,
) -> Result<Category, CategoryError> {
    check(&new.slug, &new.titles)?;
    let category = store::insert(work, new).await?;
    record(work, "catalog.create_category", None, Some(&category)).await?;
    Ok(category)
}

/// Changes a category that [`lock_category`](super::lock_category) has locked.
///
/// # Errors
/// See [`CategoryError`].
pub async fn update_category(
    work: &mut Work,
    before: Category,
    patch: CategoryPatch,
) -> Result<Category, CategoryError> {
    let mut after = before.clone();
    after.slug = patch.slug.unwrap_or(after.slug);
    after.titles = patch.titles.map_or(after.titles, Json);
    after.sort_order = patch.sort_order.unwrap_or(after.sort_order);
    check(&after.slug, &after.titles)?;
    let after = store::update(work, &after).await?;
    record(work, "catalog.update_category", Some(&before), Some(&after)).await?;
    Ok(after)
}

/// Deletes a category that is locked.
///
/// # Errors
/// The database failed, or products are in it.
pub async fn delete_category(work: &mut Work, before: &Category) -> Result<(), sqlx::Error> {
    store::delete(work, before.id).await?;
    record(work, "catalog.delete_category", Some(before), None).await
}

async fn record(
    work: &mut Work,
    action: &'static str,
    before: Option<&Category>,
    after: Option<&Category>,
) -> Result<(), sqlx::Error> {
    let Some(subject) = after.or(before).map(|category| category.id.uuid()) else {
        return Ok(());
    };
    let fields = |category: &Category| serde_json::to_value(category).unwrap_or_default();
    let (before, after) = (before.map(fields), after.map(fields));
    let change = Change {
        action,
        subject_kind: "category",
        subject,
        before: before.as_ref(),
        after: after.as_ref(),
    };
    work.audit(&change).await
}
