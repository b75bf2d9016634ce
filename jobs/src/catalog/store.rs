//! SQL of the catalogue.

pub(super) mod categories;
pub(super) mod likeness;
pub(super) mod menu_items;
pub(super) mod products;

use crate::Work;
use kazi_platform::Money;

use super::{MenuItem, MenuItemId, NewProduct, Product, ProductId, Text};

/// Adds an item to the menu, or replaces the texts of the item with this key.
pub async fn add_menu_item(
    work: &mut Work,
    key: &str,
    sort_order: i32,
    titles: &Text,
    descriptions: &Text,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO services (workspace_id, id, key, titles, descriptions, sort_order) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (workspace_id, key) DO UPDATE SET titles = $4, descriptions = $5, sort_order = $6, updated_at = $7",
        work.workspace().uuid(),
        MenuItemId::new().uuid(),
        key,
        sqlx::types::Json(titles) as _,
        sqlx::types::Json(descriptions) as _,
        sort_order,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The items of the menu in a language, or else in the workspace's language, or else in any.
pub async fn menu(
    work: &mut Work,
    language: &str,
    fallback: &str,
) -> Result<Vec<MenuItem>, sqlx::Error> {
    sqlx::query_as!(
        MenuItem,
        r#"SELECT key, coalesce(titles->>$2, titles->>$3, titles->>'en', (SELECT min(value) FROM jsonb_each_text(titles)), key) AS "title!",
                  coalesce(descriptions->>$2, descriptions->>$3, descriptions->>'en') AS description
           FROM services WHERE workspace_id = $1 AND active ORDER BY sort_order, key LIMIT 10"#,
        work.workspace().uuid(),
        language,
        fallback
    )
    .fetch_all(work.conn())
    .await
}

/// Adds a product, or replaces the texts of the product with this number.
pub async fn add_product(work: &mut Work, new: &NewProduct<'_>) -> Result<ProductId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        r#"INSERT INTO products (workspace_id, id, sku, price_minor, currency, image_url, stock)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (workspace_id, sku) WHERE deleted_at IS NULL DO UPDATE
               SET price_minor = $4, currency = $5, image_url = $6, stock = $7, updated_at = now()
           RETURNING id AS "id: ProductId""#,
        work.workspace().uuid(),
        ProductId::new().uuid(),
        new.sku,
        new.price.minor,
        new.price.currency.code(),
        new.image_url,
        new.stock
    )
    .fetch_one(work.conn())
    .await?;
    for (language, name, description) in new.texts {
        set_text(work, id, language, name, description).await?;
    }
    Ok(id)
}

/// Sets the texts of one language.
async fn set_text(
    work: &mut Work,
    id: ProductId,
    language: &str,
    name: &str,
    description: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO product_texts (workspace_id, product_id, language, config, name, description)
         VALUES ($1, $2, $3, $4::text::regconfig, $5, $6)
         ON CONFLICT (workspace_id, product_id, language) DO UPDATE SET name = $5, description = $6",
        work.workspace().uuid(),
        id.uuid(),
        language,
        crate::locale::search_config(language),
        name,
        description
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Searches the active products, best match first, in a language or else in the workspace's. Each word counts, also as
/// the beginning of a word. A match in the name counts more than one in the description.
pub async fn search(
    work: &mut Work,
    language: &str,
    fallback: &str,
    question: &str,
    limit: i64,
) -> Result<Vec<(Product, f32)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH asked AS (
               SELECT l.language, l.preferred,
                      (SELECT string_agg(quote_literal(lexeme) || ':*', ' | ')
                       FROM unnest(to_tsvector(l.config::regconfig, $2)))::tsquery AS query
               FROM (VALUES ($3::text, $4::text, 0), ($5::text, $6::text, 1)) AS l(language, config, preferred)
           ), hits AS (
               SELECT DISTINCT ON (t.product_id) t.product_id, t.name, t.description,
                      ts_rank_cd(t.search, a.query, 1) AS rank
               FROM asked a JOIN product_texts_search t ON t.language = a.language AND t.search @@ a.query
               WHERE t.workspace_id = $1
               ORDER BY t.product_id, a.preferred
           )
           SELECT p.id AS "id: ProductId", p.sku, h.name AS "name!", h.description AS "description!", p.price_minor, p.currency, p.image_url, p.stock,
                  h.rank AS "rank!"
           FROM hits h JOIN products p ON p.workspace_id = $1 AND p.id = h.product_id
           WHERE p.active ORDER BY h.rank DESC, p.id LIMIT $7"#,
        work.workspace().uuid(),
        question,
        language,
        crate::locale::search_config(language),
        fallback,
        crate::locale::search_config(fallback),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let price = Money {
                minor: row.price_minor,
                currency: row.currency.parse().ok()?,
            };
            let product = Product {
                id: row.id,
                sku: row.sku,
                name: row.name,
                description: row.description,
                price,
                image_url: row.image_url,
                stock: row.stock,
            };
            Some((product, row.rank))
        })
        .collect())
}

/// An active product in a language, or else in the workspace's language, or else in any.
pub async fn product(
    work: &mut Work,
    id: ProductId,
    language: &str,
    fallback: &str,
) -> Result<Option<Product>, sqlx::Error> {
    let mut found = products::offered(work, &[id], language, fallback).await?;
    Ok(found.pop())
}
