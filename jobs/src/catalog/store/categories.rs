//! SQL of the categories.

use kazi_platform::WorkspaceId;
use sqlx::{PgConnection, types::Json};

use crate::catalog::{Category, CategoryId, NewCategory, Text};

/// The categories in their order, after one of them.
///
/// # Errors
/// The database failed.
pub async fn categories(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    after: Option<(i32, CategoryId)>,
    limit: i64,
) -> Result<Vec<Category>, sqlx::Error> {
    let (place, id) = after.unzip();
    sqlx::query_as!(
        Category,
        r#"SELECT id AS "id: CategoryId", slug, titles AS "titles: Json<Text>", sort_order, created_at, updated_at
           FROM categories
           WHERE workspace_id = $1 AND ($2::integer IS NULL OR (sort_order, id) > ($2, $3::uuid))
           ORDER BY sort_order, id LIMIT $4"#,
        workspace.uuid(),
        place,
        id.map(CategoryId::uuid),
        limit
    )
    .fetch_all(conn)
    .await
}

/// One category.
///
/// # Errors
/// The database failed.
pub async fn category(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: CategoryId,
) -> Result<Option<Category>, sqlx::Error> {
    sqlx::query_as!(
        Category,
        r#"SELECT id AS "id: CategoryId", slug, titles AS "titles: Json<Text>", sort_order, created_at, updated_at
           FROM categories WHERE workspace_id = $1 AND id = $2"#,
        workspace.uuid(),
        id.uuid()
    )
    .fetch_optional(conn)
    .await
}

/// One category, which nobody else changes until the transaction ends.
///
/// # Errors
/// The database failed.
pub async fn lock_category(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: CategoryId,
) -> Result<Option<Category>, sqlx::Error> {
    sqlx::query_as!(
        Category,
        r#"SELECT id AS "id: CategoryId", slug, titles AS "titles: Json<Text>", sort_order, created_at, updated_at
           FROM categories WHERE workspace_id = $1 AND id = $2 FOR UPDATE"#,
        workspace.uuid(),
        id.uuid()
    )
    .fetch_optional(conn)
    .await
}

pub(in crate::catalog) async fn insert(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    new: &NewCategory,
) -> Result<Category, sqlx::Error> {
    sqlx::query_as!(
        Category,
        r#"INSERT INTO categories (workspace_id, id, slug, titles, sort_order) VALUES ($1, $2, $3, $4, $5)
           RETURNING id AS "id: CategoryId", slug, titles AS "titles: Json<Text>", sort_order, created_at, updated_at"#,
        workspace.uuid(),
        CategoryId::new().uuid(),
        new.slug,
        Json(&new.titles) as _,
        new.sort_order
    )
    .fetch_one(conn)
    .await
}

pub(in crate::catalog) async fn update(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    category: &Category,
) -> Result<Category, sqlx::Error> {
    // The time of the statement, not of the transaction: two changes never have the same.
    sqlx::query_as!(
        Category,
        r#"UPDATE categories SET slug = $3, titles = $4, sort_order = $5, updated_at = clock_timestamp()
           WHERE workspace_id = $1 AND id = $2
           RETURNING id AS "id: CategoryId", slug, titles AS "titles: Json<Text>", sort_order, created_at, updated_at"#,
        workspace.uuid(),
        category.id.uuid(),
        category.slug,
        &category.titles as _,
        category.sort_order
    )
    .fetch_one(conn)
    .await
}

pub(in crate::catalog) async fn delete(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: CategoryId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM categories WHERE workspace_id = $1 AND id = $2",
        workspace.uuid(),
        id.uuid()
    )
    .execute(conn)
    .await?;
    Ok(())
}
