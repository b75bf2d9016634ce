//! Products of the catalogue.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    catalog::{
        self, CategoryId, ProductFilter, ProductId, ProductInput, ProductPatch, ProductView,
        StockChange,
    },
    locale::LANGUAGES,
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path, Query},
    page::{self, List, Page, Paging, Whole},
    routes::Routes,
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new(
        "products",
        "What is sold: words in each language, price, stock.",
    )
    .add(Permission::CATALOG_READ, routes!(list))
    .add(Permission::CATALOG_WRITE, routes!(create))
    .add(Permission::CATALOG_READ, routes!(search))
    .add(Permission::CATALOG_READ, routes!(get))
    .add(Permission::CATALOG_WRITE, routes!(update, delete))
    .add(Permission::CATALOG_WRITE, routes!(adjust_stock))
}

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    category_id: Option<CategoryId>,
    /// Whether customers can buy it.
    active: Option<bool>,
    /// Whether the stock is at or below its threshold.
    low_stock: Option<bool>,
    /// The business's own number.
    #[param(example = "COF-250")]
    sku: Option<String>,
}

/// Lists products, newest first.
#[utoipa::path(get, path = "/api/v1/products", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<ProductView>)))]
async fn list(caller: Caller, list: List<Filter, ProductId>) -> Answer<Page<ProductView>> {
    let filter = ProductFilter {
        category: list.filter.category_id,
        active: list.filter.active,
        low_stock: list.filter.low_stock,
        sku: list.filter.sku.clone(),
    };
    let mut work = caller.begin().await?;
    let after = list.after;
    let rows = catalog::products(&mut work, &filter, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

const MOST_FOUND: i64 = 50;

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Search {
    /// Words to find in names or descriptions. Each may be the beginning of a longer word.
    #[param(example = "coffee", min_length = 1, max_length = 200)]
    q: String,
    /// The language to search in, besides the workspace's.
    #[param(example = "en")]
    language: Option<String>,
    /// The most results.
    #[param(minimum = 1, maximum = 50, default = 20)]
    limit: Option<i64>,
}

/// Searches the active products, best match first, as in the chat.
#[utoipa::path(get, path = "/api/v1/products/search", params(Search),
    responses((status = 200, description = "Those that were found.", body = Whole<ProductView>)))]
async fn search(caller: Caller, Query(asked): Query<Search>) -> Answer<Whole<ProductView>> {
    let limit = page::limit(asked.limit, 20, MOST_FOUND)?;
    page::words(&asked.q)?;
    let language = asked.language.as_deref();
    if language.is_some_and(|language| !LANGUAGES.contains(&language)) {
        let rule = format!("the languages are {}", LANGUAGES.join(", "));
        return Err(Problem::field("/language", "unknown_language", rule));
    }
    let mut work = caller.begin().await?;
    let items = catalog::find(&mut work, language, &asked.q, limit).await?;
    Ok(Json(Whole { items }))
}

/// Shows a product.
#[utoipa::path(get, path = "/api/v1/products/{id}",
    responses((status = 200, description = "The product.", body = ProductView)))]
async fn get(caller: Caller, Path(id): Path<ProductId>) -> Result<Tagged<ProductView>, Problem> {
    let mut work = caller.begin().await?;
    let product = catalog::product_view(&mut work, id).await?;
    Ok(tagged(product))
}

/// Creates a product.
#[utoipa::path(post, path = "/api/v1/products", request_body = ProductInput,
    responses(
        (status = 201, description = "It is made.", body = ProductView),
        (status = 409, description = "Another product has this number, or a call with this Idempotency-Key is under way."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<ProductInput>,
) -> Result<Created<Tagged<ProductView>>, Problem> {
    let mut work = caller.begin().await?;
    let product = catalog::create_product(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/products/{}", product.id);
    Ok(Created::at(place, tagged(product)))
}

/// Changes a product. Fields that are left out stay, and `null` empties a field.
#[utoipa::path(patch, path = "/api/v1/products/{id}", params(IfMatch), request_body = ProductPatch,
    responses(
        (status = 200, description = "As it is now.", body = ProductView),
        (status = 409, description = "Another product has this number."),
    ))]
async fn update(
    caller: Caller,
    Path(id): Path<ProductId>,
    if_match: IfMatch,
    Json(patch): Json<ProductPatch>,
) -> Result<Tagged<ProductView>, Problem> {
    let mut work = caller.begin().await?;
    let before = catalog::lock_product(&mut work, id).await?;
    if_match.check(before.version)?;
    let after = catalog::update_product(&mut work, &before, patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes a product. To stop selling it for a while, set `active` to false.
#[utoipa::path(delete, path = "/api/v1/products/{id}", params(IfMatch),
    responses((status = 204, description = "It is gone. Orders that have it stay as they are.")))]
async fn delete(
    caller: Caller,
    Path(id): Path<ProductId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = catalog::lock_product(&mut work, id).await?;
    if_match.check(before.version)?;
    catalog::delete_product(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Corrects the stock of a product by a difference, so that sales at the same time still count.
#[utoipa::path(post, path = "/api/v1/products/{id}/stock", request_body = StockChange,
    responses((status = 200, description = "As it is now.", body = ProductView)))]
async fn adjust_stock(
    caller: Caller,
    Path(id): Path<ProductId>,
    Json(change): Json<StockChange>,
) -> Result<Tagged<ProductView>, Problem> {
    let mut work = caller.begin().await?;
    let product = catalog::adjust_stock(&mut work, id, &change).await?;
    work.commit().await?;
    Ok(tagged(product))
}

/// The version of the fields that members edit. The stock is not part of it, because every sale changes it.
fn tagged(product: ProductView) -> Tagged<ProductView> {
    Tagged(product.version, product)
}
