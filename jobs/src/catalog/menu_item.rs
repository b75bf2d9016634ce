//! Items of the bot's menu, as members edit them. WhatsApp shows an item as a row of a list, so its limits hold here.

use std::collections::BTreeMap;

use kazi_clients::whatsapp::{ROW_DESCRIPTION_LIMIT, ROW_TITLE_LIMIT, ROWS_LIMIT};
use kazi_platform::{Timestamp, invalid::Invalid};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::{MenuItemId, Text, store::menu_items as store};
use crate::{
    Work,
    audit::Change,
    violations::{Violations, member},
};

const KEY_CHARS: usize = 60;

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MenuItem)]
pub struct MenuItemView {
    pub id: MenuItemId,
    /// What a tap does. A key of `/api/v1/menu-items/actions` opens that part of the chat. Any other key makes the item a
    /// question, which a model answers.
    #[schema(example = "hours")]
    pub key: String,
    /// Texts by language.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"en": "Opening hours"}))]
    pub titles: Json<Text>,
    /// Texts by language.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"en": "When we are there"}))]
    pub descriptions: Json<Text>,
    /// Items are sorted by this number, and by the key.
    pub sort_order: i32,
    /// Whether customers see it.
    pub active: bool,
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
pub struct NewMenuItem {
    /// What a tap does: small letters, digits, hyphens and underscores. See `/api/v1/menu-items/actions`.
    #[schema(
        example = "hours",
        min_length = 1,
        max_length = 60,
        pattern = "^[a-z0-9_-]+$"
    )]
    pub key: String,
    /// Texts by language, at least one, each of at most 24 characters. WhatsApp shows at most 20 characters of each when
    /// the menu has at most three items.
    #[schema(example = json!({"en": "Opening hours"}))]
    pub titles: BTreeMap<String, String>,
    /// Texts by language, each of at most 72 characters.
    #[serde(default)]
    #[schema(example = json!({"en": "When we are there"}))]
    pub descriptions: BTreeMap<String, String>,
    /// Items are sorted by this number, and by the key.
    #[serde(default)]
    pub sort_order: i32,
    /// Whether customers see it. At most 10 items are active.
    #[serde(default = "yes")]
    pub active: bool,
}

const fn yes() -> bool {
    true
}

/// Fields that are left out stay.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MenuItemPatch {
    /// What a tap does.
    #[schema(
        example = "hours",
        min_length = 1,
        max_length = 60,
        pattern = "^[a-z0-9_-]+$"
    )]
    pub key: Option<String>,
    /// Replaces all titles.
    #[schema(example = json!({"en": "Opening hours"}))]
    pub titles: Option<BTreeMap<String, String>>,
    /// Replaces all descriptions.
    #[schema(example = json!({"en": "When we are there"}))]
    pub descriptions: Option<BTreeMap<String, String>>,
    pub sort_order: Option<i32>,
    /// Whether customers see it. At most 10 items are active.
    pub active: Option<bool>,
}

#[derive(Debug, thiserror::Error)]
pub enum MenuItemError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed, or another item has this key.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Checks all rules of an item. `others` is the number of other items that are active.
fn check(item: &NewMenuItem, others: i64) -> Result<(), Invalid> {
    let mut violations = Violations::default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    violations.unless(
        (1..=KEY_CHARS).contains(&item.key.len()) && item.key.chars().all(plain),
        "/key",
        "invalid",
        format!("must be 1 to {KEY_CHARS} small letters, digits, hyphens and underscores"),
    );
    violations.some_language("/titles", &item.titles);
    lines(&mut violations, "/titles", &item.titles, ROW_TITLE_LIMIT);
    lines(
        &mut violations,
        "/descriptions",
        &item.descriptions,
        ROW_DESCRIPTION_LIMIT,
    );
    let most = i64::try_from(ROWS_LIMIT).unwrap_or(i64::MAX);
    violations.unless(
        !item.active || others < most,
        "/active",
        "too_many",
        format!("at most {most} items are active: deactivate another one first"),
    );
    violations.end()
}

/// The texts of a row of a list: WhatsApp shows one line.
fn lines(violations: &mut Violations, pointer: &str, texts: &Text, most: usize) {
    violations.texts(pointer, texts, most);
    for (language, text) in texts {
        let pointer = member(pointer, language);
        violations.unless(!text.contains('\n'), pointer, "lines", "must be one line");
    }
}

pub async fn create_menu_item(
    work: &mut Work,
    new: &NewMenuItem,
) -> Result<MenuItemView, MenuItemError> {
    let others = store::lock_active(work, None).await?;
    check(new, others)?;
    let item = store::insert(work, new).await?;
    let (action, subject) = ("catalog.create_menu_item", ("menu_item", item.id));
    work.audit(&Change::created(action, subject, &item)).await?;
    Ok(item)
}

/// Changes an item that [`lock_menu_item`](super::lock_menu_item) has locked.
pub async fn update_menu_item(
    work: &mut Work,
    before: &MenuItemView,
    patch: MenuItemPatch,
) -> Result<MenuItemView, MenuItemError> {
    let others = store::lock_active(work, Some(before.id)).await?;
    let wanted = NewMenuItem {
        key: patch.key.unwrap_or_else(|| before.key.clone()),
        titles: patch.titles.unwrap_or_else(|| before.titles.0.clone()),
        descriptions: patch
            .descriptions
            .unwrap_or_else(|| before.descriptions.0.clone()),
        sort_order: patch.sort_order.unwrap_or(before.sort_order),
        active: patch.active.unwrap_or(before.active),
    };
    check(&wanted, others)?;
    let after = store::update(work, before.id, &wanted).await?;
    let (action, subject) = ("catalog.update_menu_item", ("menu_item", after.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

/// Deletes a locked item. A customer who taps on it in an old message asks a question by that.
pub async fn delete_menu_item(work: &mut Work, before: &MenuItemView) -> Result<(), sqlx::Error> {
    store::delete(work, before.id).await?;
    let (action, subject) = ("catalog.delete_menu_item", ("menu_item", before.id));
    work.audit(&Change::deleted(action, subject, before)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> NewMenuItem {
        NewMenuItem {
            key: "opening_hours-2".into(),
            // 24 characters, and 48 bytes.
            titles: Text::from([("fr".into(), "é".repeat(24))]),
            descriptions: Text::from([("en".into(), "x".repeat(72))]),
            sort_order: 0,
            active: true,
        }
    }

    fn pointers(item: &NewMenuItem, others: i64) -> Vec<String> {
        let broken = check(item, others).err();
        let fields = broken.map(|invalid| invalid.0).unwrap_or_default();
        fields.into_iter().map(|field| field.pointer).collect()
    }

    #[test]
    fn an_item_fits_into_a_row_of_whatsapps_list() {
        assert_eq!(pointers(&item(), 9), [""; 0]);
        let wrong = NewMenuItem {
            key: "Hours".into(),
            titles: Text::from([("en".into(), "x".repeat(25)), ("sw/x".into(), "Saa".into())]),
            descriptions: Text::from([("en".into(), "x".repeat(73)), ("fr".into(), "a\nb".into())]),
            ..item()
        };
        let told = [
            "/key",
            "/titles/en",
            "/titles/sw~1x",
            "/descriptions/en",
            "/descriptions/fr",
        ];
        assert_eq!(pointers(&wrong, 0), told);
        let nameless = NewMenuItem {
            titles: Text::new(),
            ..item()
        };
        assert_eq!(pointers(&nameless, 0), ["/titles"]);
    }

    #[test]
    fn a_menu_has_ten_active_items_at_most() {
        assert_eq!(pointers(&item(), 10), ["/active"]);
        let hidden = NewMenuItem {
            active: false,
            ..item()
        };
        assert_eq!(pointers(&hidden, 10), [""; 0]);
    }
}
