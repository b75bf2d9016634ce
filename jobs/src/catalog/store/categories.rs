//! SQL of the categories.

use sqlx::types::Json;

use crate::{
    Work,
    catalog::{Category, CategoryId, NewCategory, Text},
};

/// The categories in their order, after the given one.
pub async fn categories(
    work: &mut Work,
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
        work.workspace().uuid(),
        place,
        id.map(CategoryId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn category(work: &mut Work, id: CategoryId) -> Result<Option<Category>, sqlx::Error> {
    sqlx::query_as!(
        Category,
        r#"SELECT id AS "id: CategoryId", slug, titles AS "titles: Json<Text>", sort_order, created_at, updated_at
           FROM categories WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks the category until the transaction ends.
pub async fn lock_category(
    work: &mut Work,
    id: CategoryId,
) -> Result<Option<Category>, sqlx::Error> {
    sqlx::query_as!(
        Category,
        r#"SELECT id AS "id: CategoryId", slug, titles AS "titles: Json<Text>", sort_order, created_at, updated_at
           FROM categories WHERE workspace_id = $1 AND id = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

pub(in crate::catalog) async fn insert(
    work: &mut Work,
    new: &NewCategory,
) -> Result<Category, sqlx::Error> {
    sqlx::query_as!(
        Category,
        r#"INSERT INTO categories (workspace_id, id, slug, titles, sort_order) VALUES ($1, $2, $3, $4, $5)
           RETURNING id AS "id: CategoryId", slug, titles AS "titles: Json<Text>", sort_order, created_at, updated_at"#,
        work.workspace().uuid(),
        CategoryId::new().uuid(),
        new.slug,
        Json(&new.titles) as _,
        new.sort_order
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::catalog) async fn update(
    work: &mut Work,
    category: &Category,
) -> Result<Category, sqlx::Error> {
    // The time of the statement, so that two changes never have the same time.
    sqlx::query_as!(
        Category,
        r#"UPDATE categories SET slug = $3, titles = $4, sort_order = $5, updated_at = clock_timestamp()
           WHERE workspace_id = $1 AND id = $2
           RETURNING id AS "id: CategoryId", slug, titles AS "titles: Json<Text>", sort_order, created_at, updated_at"#,
        work.workspace().uuid(),
        category.id.uuid(),
        category.slug,
        &category.titles as _,
        category.sort_order
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::catalog) async fn delete(work: &mut Work, id: CategoryId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM categories WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
