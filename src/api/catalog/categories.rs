//! Categories of the catalogue.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    catalog::{self, Category, CategoryId, CategoryPatch, NewCategory},
};
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new("categories", "What products are sorted into.")
        .add(Permission::CATALOG_READ, routes!(list))
        .add(Permission::CATALOG_READ, routes!(get))
        .add(Permission::CATALOG_WRITE, routes!(create))
        .add(Permission::CATALOG_WRITE, routes!(update, delete))
}

/// Lists the categories in their order.
#[utoipa::path(get, path = "/api/v1/categories", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Category>)))]
async fn list(caller: Caller, list: List<NoFilter, (i32, CategoryId)>) -> Answer<Page<Category>> {
    let mut work = caller.begin().await?;
    let rows = catalog::categories(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| (row.sort_order, row.id))?))
}

/// Shows a category.
#[utoipa::path(get, path = "/api/v1/categories/{id}",
    responses((status = 200, description = "The category.", body = Category)))]
async fn get(caller: Caller, Path(id): Path<CategoryId>) -> Result<Tagged<Category>, Problem> {
    let mut work = caller.begin().await?;
    let category = catalog::category(&mut work, id).await?;
    Ok(tagged(category.ok_or(NOT_FOUND)?))
}

/// Creates a category.
#[utoipa::path(post, path = "/api/v1/categories", request_body = NewCategory,
    responses((status = 201, description = "It is made.", body = Category)))]
async fn create(
    caller: Caller,
    Json(new): Json<NewCategory>,
) -> Result<Created<Tagged<Category>>, Problem> {
    let mut work = caller.begin().await?;
    let category = catalog::create_category(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/categories/{}", category.id);
    Ok(Created::at(place, tagged(category)))
}

/// Changes a category. Fields that are left out stay.
#[utoipa::path(patch, path = "/api/v1/categories/{id}", params(IfMatch), request_body = CategoryPatch,
    responses(
        (status = 200, description = "As it is now.", body = Category),
        (status = 409, description = "Another category has this slug."),
    ))]
async fn update(
    caller: Caller,
    Path(id): Path<CategoryId>,
    if_match: IfMatch,
    Json(patch): Json<CategoryPatch>,
) -> Result<Tagged<Category>, Problem> {
    let mut work = caller.begin().await?;
    let before = catalog::lock_category(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = catalog::update_category(&mut work, before, patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes a category without products.
#[utoipa::path(delete, path = "/api/v1/categories/{id}", params(IfMatch),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "Products are in it."),
    ))]
async fn delete(
    caller: Caller,
    Path(id): Path<CategoryId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = catalog::lock_category(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    catalog::delete_category(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tagged(category: Category) -> Tagged<Category> {
    Tagged(category.version, category)
}
