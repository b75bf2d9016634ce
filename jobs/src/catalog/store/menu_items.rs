//! SQL of the menu's items.

use sqlx::types::Json;

use crate::{
    Work,
    catalog::{MenuItemId, MenuItemView, NewMenuItem, Text},
};

/// The items in the menu's order, after the given one.
pub async fn menu_items(
    work: &mut Work,
    active: Option<bool>,
    after: Option<(i32, String)>,
    limit: i64,
) -> Result<Vec<MenuItemView>, sqlx::Error> {
    let (place, key) = after.unzip();
    sqlx::query_as!(
        MenuItemView,
        r#"SELECT id AS "id: MenuItemId", key, titles AS "titles: Json<Text>", descriptions AS "descriptions: Json<Text>",
                  sort_order, active, created_at, updated_at, version
           FROM services
           WHERE workspace_id = $1 AND ($2::boolean IS NULL OR active = $2)
             AND ($3::integer IS NULL OR (sort_order, key) > ($3, $4::text))
           ORDER BY sort_order, key LIMIT $5"#,
        work.workspace().uuid(),
        active,
        place,
        key,
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn menu_item(
    work: &mut Work,
    id: MenuItemId,
) -> Result<Option<MenuItemView>, sqlx::Error> {
    sqlx::query_as!(
        MenuItemView,
        r#"SELECT id AS "id: MenuItemId", key, titles AS "titles: Json<Text>", descriptions AS "descriptions: Json<Text>",
                  sort_order, active, created_at, updated_at, version
           FROM services WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks the item until the transaction ends.
pub async fn lock_menu_item(
    work: &mut Work,
    id: MenuItemId,
) -> Result<Option<MenuItemView>, sqlx::Error> {
    sqlx::query_as!(
        MenuItemView,
        r#"SELECT id AS "id: MenuItemId", key, titles AS "titles: Json<Text>", descriptions AS "descriptions: Json<Text>",
                  sort_order, active, created_at, updated_at, version
           FROM services WHERE workspace_id = $1 AND id = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Counts the active items without this one. Other changes of the menu wait until the transaction ends, so that two of
/// them cannot both add the last item.
pub(in crate::catalog) async fn lock_active(
    work: &mut Work,
    without: Option<MenuItemId>,
) -> Result<i64, sqlx::Error> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('menu' || $1::text, 0))",
        work.workspace().to_string()
    )
    .execute(work.conn())
    .await?;
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM services
           WHERE workspace_id = $1 AND active AND ($2::uuid IS NULL OR id <> $2)"#,
        work.workspace().uuid(),
        without.map(MenuItemId::uuid)
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::catalog) async fn insert(
    work: &mut Work,
    new: &NewMenuItem,
) -> Result<MenuItemView, sqlx::Error> {
    sqlx::query_as!(
        MenuItemView,
        r#"INSERT INTO services (workspace_id, id, key, titles, descriptions, sort_order, active, created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
           RETURNING id AS "id: MenuItemId", key, titles AS "titles: Json<Text>",
                     descriptions AS "descriptions: Json<Text>", sort_order, active, created_at, updated_at, version"#,
        work.workspace().uuid(),
        MenuItemId::new().uuid(),
        new.key,
        Json(&new.titles) as _,
        Json(&new.descriptions) as _,
        new.sort_order,
        new.active,
        work.now()
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::catalog) async fn update(
    work: &mut Work,
    id: MenuItemId,
    item: &NewMenuItem,
) -> Result<MenuItemView, sqlx::Error> {
    sqlx::query_as!(
        MenuItemView,
        r#"UPDATE services SET key = $3, titles = $4, descriptions = $5, sort_order = $6, active = $7,
                               updated_at = $8
           WHERE workspace_id = $1 AND id = $2
           RETURNING id AS "id: MenuItemId", key, titles AS "titles: Json<Text>",
                     descriptions AS "descriptions: Json<Text>", sort_order, active, created_at, updated_at, version"#,
        work.workspace().uuid(),
        id.uuid(),
        item.key,
        Json(&item.titles) as _,
        Json(&item.descriptions) as _,
        item.sort_order,
        item.active,
        work.now()
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::catalog) async fn delete(work: &mut Work, id: MenuItemId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM services WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
