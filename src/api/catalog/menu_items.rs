//! Items of the bot's menu.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    bot::{self, MenuAction},
    catalog::{self, MenuItemId, MenuItemPatch, MenuItemView, NewMenuItem},
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, Page, Paging, Whole},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new("menu-items", "What the bot's menu offers.")
        .add(Permission::CATALOG_READ, routes!(list))
        .add(Permission::CATALOG_READ, routes!(actions))
        .add(Permission::CATALOG_READ, routes!(get))
        .add(Permission::CATALOG_WRITE, routes!(create))
        .add(Permission::CATALOG_WRITE, routes!(update, delete))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Whether customers see the item.
    active: Option<bool>,
}

/// Lists the items in the menu's order.
#[utoipa::path(get, path = "/api/v1/menu-items", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<MenuItemView>)))]
async fn list(caller: Caller, list: List<Filter, (i32, String)>) -> Answer<Page<MenuItemView>> {
    let mut work = caller.begin().await?;
    let (active, after) = (list.filter.active, list.after.clone());
    let rows = catalog::menu_items(&mut work, active, after, list.fetch()).await?;
    Ok(Json(
        list.page(rows, |row| (row.sort_order, row.key.clone()))?,
    ))
}

/// Lists the keys that open a part of the chat.
///
/// An item with any other key is a question: a model answers it from what is known of the business.
#[utoipa::path(get, path = "/api/v1/menu-items/actions",
    responses((status = 200, description = "All of them.", body = Whole<MenuAction>)))]
async fn actions(_: Caller) -> Answer<Whole<MenuAction>> {
    Ok(Json(Whole {
        items: bot::menu_actions(),
    }))
}

/// Shows an item.
#[utoipa::path(get, path = "/api/v1/menu-items/{id}",
    responses((status = 200, description = "The item.", body = MenuItemView)))]
async fn get(caller: Caller, Path(id): Path<MenuItemId>) -> Result<Tagged<MenuItemView>, Problem> {
    let mut work = caller.begin().await?;
    let item = catalog::menu_item(&mut work, id).await?;
    Ok(tagged(item.ok_or(NOT_FOUND)?))
}

/// Creates an item.
#[utoipa::path(post, path = "/api/v1/menu-items", request_body = NewMenuItem,
    responses(
        (status = 201, description = "It is made.", body = MenuItemView),
        (status = 409, description = "Another item has this key."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<NewMenuItem>,
) -> Result<Created<Tagged<MenuItemView>>, Problem> {
    let mut work = caller.begin().await?;
    let item = catalog::create_menu_item(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/menu-items/{}", item.id);
    Ok(Created::at(place, tagged(item)))
}

/// Changes an item. Fields that are left out stay.
#[utoipa::path(patch, path = "/api/v1/menu-items/{id}", params(IfMatch), request_body = MenuItemPatch,
    responses(
        (status = 200, description = "As it is now.", body = MenuItemView),
        (status = 409, description = "Another item has this key."),
    ))]
async fn update(
    caller: Caller,
    Path(id): Path<MenuItemId>,
    if_match: IfMatch,
    Json(patch): Json<MenuItemPatch>,
) -> Result<Tagged<MenuItemView>, Problem> {
    let mut work = caller.begin().await?;
    let before = catalog::lock_menu_item(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let after = catalog::update_menu_item(&mut work, &before, patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes an item.
#[utoipa::path(delete, path = "/api/v1/menu-items/{id}", params(IfMatch),
    responses((status = 204, description = "It is gone.")))]
async fn delete(
    caller: Caller,
    Path(id): Path<MenuItemId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = catalog::lock_menu_item(&mut work, id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    catalog::delete_menu_item(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tagged(item: MenuItemView) -> Tagged<MenuItemView> {
    Tagged(item.version, item)
}
