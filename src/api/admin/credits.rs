//! The credits of workspaces, and the packs that the platform sells.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Work,
    credits::{self, Credits, Entry, EntryId, Grant, NewPack, Pack, PackId, Terms},
    workspaces,
};
use kazi_platform::WorkspaceId;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Staff,
    created::Created,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging, Whole},
    routes::{Access, Routes},
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new(
        "admin-credits",
        "The credits of workspaces, for the platform's own staff.",
    )
    .add(Access::Staff, routes!(get, set_terms))
    .add(Access::Staff, routes!(give))
    .add(Access::Staff, routes!(entries))
    .add(Access::Staff, routes!(packs, create_pack))
    .add(Access::Staff, routes!(pack, update_pack, delete_pack))
}

/// Begins work in a workspace that exists.
async fn within(staff: &Staff, id: WorkspaceId) -> Result<Work, Problem> {
    let mut across = staff.begin().await?;
    workspaces::tenant(across.conn(), id).await?;
    across.commit().await?;
    staff.within(id).await
}

async fn shown(api: &Shared, work: &mut Work) -> Result<Tagged<Credits>, Problem> {
    let credits = credits::credits(work, api.ctx.providers.credits_seller).await?;
    Ok(Tagged(credits.version, credits))
}

/// Shows the credits of a workspace.
#[utoipa::path(get, path = "/api/v1/admin/workspaces/{id}/credits", operation_id = "get_workspace_credits",
    responses((status = 200, description = "As of now.", body = Credits)))]
async fn get(
    State(api): State<Shared>,
    staff: Staff,
    Path(id): Path<WorkspaceId>,
) -> Result<Tagged<Credits>, Problem> {
    let subject = Some(("workspace", id.uuid()));
    let across = staff.look("staff.show_credits", subject).await?;
    across.commit().await?;
    shown(&api, &mut within(&staff, id).await?).await
}

/// Makes a workspace prepaid or not, and sets what its messages cost.
///
/// Campaigns that are planned already stay as they are.
#[utoipa::path(put, path = "/api/v1/admin/workspaces/{id}/credits", params(IfMatch), request_body = Terms,
    operation_id = "set_workspace_credits",
    responses((status = 200, description = "As they are now.", body = Credits)))]
async fn set_terms(
    State(api): State<Shared>,
    staff: Staff,
    Path(id): Path<WorkspaceId>,
    if_match: IfMatch,
    Json(terms): Json<Terms>,
) -> Result<Tagged<Credits>, Problem> {
    let mut work = within(&staff, id).await?;
    let before = credits::lock_or_make(&mut work).await?;
    if_match.check(before.version())?;
    credits::set_terms(&mut work, &before, &terms).await?;
    let now = shown(&api, &mut work).await?;
    work.commit().await?;
    Ok(now)
}

/// Gives a workspace credits, or takes some.
#[utoipa::path(post, path = "/api/v1/admin/workspaces/{id}/credits/grants", request_body = Grant,
    operation_id = "grant_credits",
    responses(
        (status = 200, description = "As they are now.", body = Credits),
        (status = 409, description = "`not_prepaid`: the workspace has no account."),
    ))]
async fn give(
    State(api): State<Shared>,
    staff: Staff,
    Path(id): Path<WorkspaceId>,
    Json(grant): Json<Grant>,
) -> Result<Tagged<Credits>, Problem> {
    let mut work = within(&staff, id).await?;
    credits::give(&mut work, &grant).await?;
    let now = shown(&api, &mut work).await?;
    work.commit().await?;
    Ok(now)
}

/// Lists the ledger of a workspace, newest first.
#[utoipa::path(get, path = "/api/v1/admin/workspaces/{id}/credits/entries", params(Paging),
    operation_id = "list_workspace_credit_entries",
    responses((status = 200, description = "A page of it.", body = Page<Entry>)))]
async fn entries(
    staff: Staff,
    Path(id): Path<WorkspaceId>,
    list: List<NoFilter, EntryId>,
) -> Answer<Page<Entry>> {
    let subject = Some(("workspace", id.uuid()));
    let across = staff.look("staff.show_credits", subject).await?;
    across.commit().await?;
    let mut work = within(&staff, id).await?;
    let filter = credits::EntryFilter::default();
    let rows = credits::entries(&mut work, filter, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Lists all packs, the smallest first, also those that nobody can buy.
#[utoipa::path(get, path = "/api/v1/admin/credit-packs", operation_id = "list_packs",
    responses((status = 200, description = "All of them.", body = Whole<Pack>)))]
async fn packs(staff: Staff) -> Answer<Whole<Pack>> {
    let mut across = staff.look("staff.list_credit_packs", None).await?;
    let items = credits::all_packs(&mut across).await?;
    across.commit().await?;
    Ok(Json(Whole { items }))
}

/// Makes a pack.
#[utoipa::path(post, path = "/api/v1/admin/credit-packs", request_body = NewPack, operation_id = "create_pack",
    responses((status = 201, description = "It is for sale, if it is active.", body = Pack)))]
async fn create_pack(
    staff: Staff,
    Json(new): Json<NewPack>,
) -> Result<Created<Tagged<Pack>>, Problem> {
    let mut across = staff.begin().await?;
    let pack = credits::create_pack(&mut across, &new).await?;
    across.commit().await?;
    let place = format!("/api/v1/admin/credit-packs/{}", pack.id);
    Ok(Created::at(place, tagged(pack)))
}

/// Shows a pack.
#[utoipa::path(get, path = "/api/v1/admin/credit-packs/{id}", operation_id = "get_pack",
    responses((status = 200, description = "The pack.", body = Pack)))]
async fn pack(staff: Staff, Path(id): Path<PackId>) -> Result<Tagged<Pack>, Problem> {
    let mut across = staff.look("staff.list_credit_packs", None).await?;
    let found = credits::pack(across.conn(), id).await?;
    across.commit().await?;
    Ok(tagged(found.ok_or(NOT_FOUND)?))
}

/// Changes a pack. What was bought before keeps its price.
#[utoipa::path(put, path = "/api/v1/admin/credit-packs/{id}", params(IfMatch), request_body = NewPack,
    operation_id = "update_pack",
    responses((status = 200, description = "As it is now.", body = Pack)))]
async fn update_pack(
    staff: Staff,
    Path(id): Path<PackId>,
    if_match: IfMatch,
    Json(new): Json<NewPack>,
) -> Result<Tagged<Pack>, Problem> {
    let mut across = staff.begin().await?;
    let before = credits::lock_pack(across.conn(), id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    let pack = credits::update_pack(&mut across, &before, &new).await?;
    across.commit().await?;
    Ok(tagged(pack))
}

/// Deletes a pack. What was bought stays.
#[utoipa::path(delete, path = "/api/v1/admin/credit-packs/{id}", params(IfMatch), operation_id = "delete_pack",
    responses((status = 204, description = "It is gone.")))]
async fn delete_pack(
    staff: Staff,
    Path(id): Path<PackId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut across = staff.begin().await?;
    let before = credits::lock_pack(across.conn(), id).await?;
    let before = before.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    credits::delete_pack(&mut across, &before).await?;
    across.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tagged(pack: Pack) -> Tagged<Pack> {
    Tagged(pack.version, pack)
}
