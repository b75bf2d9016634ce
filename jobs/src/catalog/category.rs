//! Categories of products.

use kazi_platform::{Timestamp, invalid::Invalid};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::{CategoryId, Text, store::categories as store};
use crate::{Work, audit::Change, violations::Violations};

const SLUG_LIMIT: usize = 60;
const TITLE_LIMIT: usize = 100;

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Category {
    pub id: CategoryId,
    /// The name in web addresses.
    #[schema(example = "coffee")]
    pub slug: String,
    /// Texts by language.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "Coffee"}))]
    pub titles: Json<Text>,
    /// Categories are sorted by this number.
    pub sort_order: i32,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    /// The name in web addresses: small letters, digits and hyphens.
    #[schema(
        example = "coffee",
        min_length = 1,
        max_length = 60,
        pattern = "^[a-z0-9-]+$"
    )]
    pub slug: String,
    /// Texts by language, at least one.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"en": "Coffee"}))]
    pub titles: Text,
    /// Categories are sorted by this number.
    #[serde(default)]
    pub sort_order: i32,
}

/// Fields that are left out stay.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryPatch {
    /// The name in web addresses.
    #[schema(
        example = "coffee",
        min_length = 1,
        max_length = 60,
        pattern = "^[a-z0-9-]+$"
    )]
    pub slug: Option<String>,
    /// Replaces all texts.
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>, example = json!({"en": "Coffee"}))]
    pub titles: Option<Text>,
    pub sort_order: Option<i32>,
}

#[derive(Debug, thiserror::Error)]
pub enum CategoryError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed, another category has this slug, or products are in this one.
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
    violations.some_language("/titles", titles);
    violations.texts("/titles", titles, TITLE_LIMIT);
    violations.end()
}

pub async fn create_category(
    work: &mut Work,
    new: &NewCategory,
) -> Result<Category, CategoryError> {
    check(&new.slug, &new.titles)?;
    let category = store::insert(work, new).await?;
    let (action, subject) = ("catalog.create_category", ("category", category.id));
    work.audit(&Change::created(action, subject, &category))
        .await?;
    Ok(category)
}

/// Changes a category that [`lock_category`](super::lock_category) has locked.
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
    let (action, subject) = ("catalog.update_category", ("category", after.id));
    work.audit(&Change::updated(action, subject, &before, &after))
        .await?;
    Ok(after)
}

/// Deletes a locked category.
///
/// # Errors
/// Products are still in it.
pub async fn delete_category(work: &mut Work, before: &Category) -> Result<(), CategoryError> {
    store::delete(work, before.id).await?;
    let (action, subject) = ("catalog.delete_category", ("category", before.id));
    Ok(work
        .audit(&Change::deleted(action, subject, before))
        .await?)
}
