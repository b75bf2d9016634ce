//! API keys for programs.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    identity::{self, ApiKeyId, ApiKeyView, NewApiKey},
};
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("api-keys", "Keys for programs.")
        .add(Permission::API_KEYS_MANAGE, routes!(list, create))
        .add(Permission::API_KEYS_MANAGE, routes!(revoke))
}

#[derive(Serialize, ToSchema)]
struct ApiKeyCreated {
    id: ApiKeyId,
    /// For `Authorization: Bearer`. It is not shown again.
    #[schema(example = "kz_live_0190a5b2c3d4e5f60718293a4b5c6d7e_…")]
    key: String,
}

/// Lists the keys, newest first, including those that have ended.
#[utoipa::path(get, path = "/api/v1/api-keys", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<ApiKeyView>)))]
async fn list(caller: Caller, list: List<NoFilter, ApiKeyId>) -> Answer<Page<ApiKeyView>> {
    let mut work = caller.begin().await?;
    let rows = identity::list_api_keys(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Creates a key. Its scopes are permissions that the caller has.
#[utoipa::path(post, path = "/api/v1/api-keys", request_body = NewApiKey,
    responses(
        (status = 201, description = "It is made, and shown this once.", body = ApiKeyCreated),
        (status = 409, description = "`too_many_keys`: a workspace has at most 100."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<NewApiKey>,
) -> Result<(StatusCode, Json<ApiKeyCreated>), Problem> {
    // A member cannot give a program more than they may do themselves.
    let grantable: Vec<&str> = Permission::all()
        .filter(|permission| permission.rule().keys && caller.principal.allows(*permission))
        .map(Permission::name)
        .collect();
    let mut work = caller.begin().await?;
    let made = identity::create_api_key(&mut work, &new, &grantable).await?;
    work.commit().await?;
    let created = ApiKeyCreated {
        id: made.0,
        key: made.1.expose_secret().to_owned(),
    };
    Ok((StatusCode::CREATED, Json(created)))
}

/// Ends a key. A repeated call changes nothing.
#[utoipa::path(delete, path = "/api/v1/api-keys/{id}",
    responses((status = 204, description = "It is refused from now on.")))]
async fn revoke(caller: Caller, Path(id): Path<ApiKeyId>) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    identity::revoke_api_key(&mut work, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
