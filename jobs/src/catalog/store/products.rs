//! SQL of the products as members manage them, and of their stock.

use std::collections::BTreeMap;

use kazi_platform::Money;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Work,
    catalog::{
        Product, ProductId,
        input::Stored,
        product::{ProductFilter, ProductText, ProductView},
    },
};

/// The products of a filter, newest first, before the given one.
pub async fn products(
    work: &mut Work,
    filter: &ProductFilter,
    after: Option<ProductId>,
    limit: i64,
) -> Result<Vec<ProductView>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        r#"SELECT id AS "id: ProductId" FROM products
           WHERE workspace_id = $1 AND deleted_at IS NULL AND ($2::uuid IS NULL OR id < $2)
             AND ($3::uuid IS NULL OR category_id = $3)
             AND ($4::boolean IS NULL OR active = $4)
             AND ($5::boolean IS NULL OR coalesce(stock <= low_stock_at, false) = $5)
             AND ($6::text IS NULL OR sku = $6)
           ORDER BY id DESC LIMIT $7"#,
        work.workspace().uuid(),
        after.map(ProductId::uuid),
        filter.category.map(crate::catalog::CategoryId::uuid),
        filter.active,
        filter.low_stock,
        filter.sku,
        limit
    )
    .fetch_all(work.conn())
    .await?;
    views(work, &ids).await
}

/// These products, in the given order, without deleted ones.
pub(in crate::catalog) async fn views(
    work: &mut Work,
    ids: &[ProductId],
) -> Result<Vec<ProductView>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT p.id AS "id: ProductId", p.category_id AS "category: crate::catalog::CategoryId", p.sku, p.price_minor,
                  p.currency, p.image_url, p.stock, p.low_stock_at, p.active, p.created_at, p.updated_at,
                  coalesce((SELECT jsonb_object_agg(t.language, jsonb_build_object('name', t.name, 'description', t.description))
                   FROM product_texts t WHERE t.workspace_id = $1 AND t.product_id = p.id), '{}')
                      AS "texts!: Json<BTreeMap<String, ProductText>>"
           FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted(id, place)
           JOIN products p ON p.workspace_id = $1 AND p.id = wanted.id
           WHERE p.deleted_at IS NULL ORDER BY wanted.place"#,
        work.workspace().uuid(),
        &ids
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ProductView {
            id: row.id,
            category_id: row.category,
            sku: row.sku,
            price_minor: row.price_minor,
            currency: row.currency,
            image_url: row.image_url,
            stock: row.stock,
            low_stock_at: row.low_stock_at,
            active: row.active,
            texts: row.texts,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
        .collect())
}

/// Locks a product until the transaction ends. Returns false when it does not exist.
pub(in crate::catalog) async fn hold(work: &mut Work, id: ProductId) -> Result<bool, sqlx::Error> {
    let held = sqlx::query!(
        "SELECT id FROM products WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(held.is_some())
}

pub(in crate::catalog) async fn insert(
    work: &mut Work,
    id: ProductId,
    stock: i32,
    stored: &Stored,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO products (workspace_id, id, category_id, sku, price_minor, currency, image_url, low_stock_at, active, stock)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        work.workspace().uuid(),
        id.uuid(),
        stored.category.map(crate::catalog::CategoryId::uuid),
        stored.sku,
        stored.price.minor,
        stored.price.currency.code(),
        stored.image_url,
        stored.low_stock_at,
        stored.active,
        stock
    )
    .execute(work.conn())
    .await?;
    texts(work, id, &stored.texts).await
}

pub(in crate::catalog) async fn update(
    work: &mut Work,
    id: ProductId,
    stored: &Stored,
) -> Result<(), sqlx::Error> {
    // The time of the statement, so that two changes never have the same time.
    sqlx::query!(
        "UPDATE products SET category_id = $3, sku = $4, price_minor = $5, currency = $6, image_url = $7,
                low_stock_at = $8, active = $9, updated_at = clock_timestamp(),
                low_stock_told_at = CASE WHEN low_stock_at IS NOT DISTINCT FROM $8 THEN low_stock_told_at END
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        stored.category.map(crate::catalog::CategoryId::uuid),
        stored.sku,
        stored.price.minor,
        stored.price.currency.code(),
        stored.image_url,
        stored.low_stock_at,
        stored.active
    )
    .execute(work.conn())
    .await?;
    texts(work, id, &stored.texts).await
}

/// Replaces all texts of a product.
async fn texts(
    work: &mut Work,
    id: ProductId,
    texts: &BTreeMap<String, ProductText>,
) -> Result<(), sqlx::Error> {
    let languages: Vec<String> = texts.keys().cloned().collect();
    sqlx::query!(
        "DELETE FROM product_texts WHERE workspace_id = $1 AND product_id = $2 AND language <> ALL($3)",
        work.workspace().uuid(),
        id.uuid(),
        &languages
    )
    .execute(work.conn())
    .await?;
    for (language, text) in texts {
        super::set_text(work, id, language, &text.name, &text.description).await?;
    }
    Ok(())
}

pub(in crate::catalog) async fn delete(work: &mut Work, id: ProductId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE products SET active = false, deleted_at = now(), updated_at = clock_timestamp()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// These active products, sorted by id, in a language, or else in the workspace's, or else in any.
pub async fn offered(
    work: &mut Work,
    ids: &[ProductId],
    language: &str,
    fallback: &str,
) -> Result<Vec<Product>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT p.id AS "id: ProductId", p.sku, t.name, t.description, p.price_minor, p.currency, p.image_url, p.stock
           FROM products p
           CROSS JOIN LATERAL (
               SELECT name, description FROM product_texts
               WHERE workspace_id = $1 AND product_id = p.id
               ORDER BY language = $3 DESC, language = $4 DESC, language LIMIT 1) t
           WHERE p.workspace_id = $1 AND p.id = ANY($2) AND p.active AND p.deleted_at IS NULL ORDER BY p.id"#,
        work.workspace().uuid(),
        &ids,
        language,
        fallback
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(Product {
                id: row.id,
                sku: row.sku,
                name: row.name,
                description: row.description,
                price: Money {
                    minor: row.price_minor,
                    currency: row.currency.parse().ok()?,
                },
                image_url: row.image_url,
                stock: row.stock,
            })
        })
        .collect())
}

/// Locks products until the transaction ends, in the order of their ids, so that two orders of the same products cannot
/// deadlock.
pub(in crate::catalog) async fn hold_all(
    work: &mut Work,
    ids: &[ProductId],
) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "SELECT id FROM products WHERE workspace_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE",
        work.workspace().uuid(),
        &ids
    )
    .fetch_all(work.conn())
    .await?;
    Ok(())
}

/// Changes the stock of locked products. Returns the products that are now at their threshold and not yet reported.
pub(in crate::catalog) async fn change_stock(
    work: &mut Work,
    changes: &[(ProductId, i32)],
) -> Result<Vec<ProductId>, sqlx::Error> {
    let (ids, by): (Vec<Uuid>, Vec<i32>) = changes.iter().map(|(id, by)| (id.uuid(), *by)).unzip();
    // `updated_at` stays: it is for those who edit a product, and a sale is no edit.
    let rows = sqlx::query!(
        r#"UPDATE products p
           SET stock = least(p.stock::bigint + c.by, 2147483647)::integer,
               low_stock_told_at = CASE WHEN p.stock::bigint + c.by <= p.low_stock_at THEN p.low_stock_told_at END
           FROM unnest($2::uuid[], $3::integer[]) AS c(id, by)
           WHERE p.workspace_id = $1 AND p.id = c.id
           RETURNING p.id AS "id: ProductId",
                     p.active AND p.low_stock_told_at IS NULL AND coalesce(p.stock <= p.low_stock_at, false) AS "low!""#,
        work.workspace().uuid(),
        &ids,
        &by
    )
    .fetch_all(work.conn())
    .await?;
    let low = rows.into_iter().filter(|row| row.low).map(|row| row.id);
    Ok(low.collect())
}

/// Marks that members know of the low stock. Returns the stock, or `None` when they know already or the stock suffices
/// again.
pub(in crate::catalog) async fn tell_low(
    work: &mut Work,
    id: ProductId,
) -> Result<Option<(String, i32)>, sqlx::Error> {
    let row = sqlx::query!(
        "UPDATE products SET low_stock_told_at = $3
         WHERE workspace_id = $1 AND id = $2 AND active AND deleted_at IS NULL AND stock <= low_stock_at
           AND low_stock_told_at IS NULL
         RETURNING sku, stock",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| (row.sku, row.stock)))
}
