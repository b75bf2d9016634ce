//! The notifications of members, for each member alone.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::notifications::{
    self, Email, NewPreference, NotificationId, NotificationView, Preference,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Member,
    errors::conflict,
    extract::{Json, Path},
    page::{List, Page, Paging},
    routes::{Access, Routes},
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new(
            "notifications",
            "What the workspace tells the member who calls.",
        )
        .add(Access::Member, routes!(list))
        .add(Access::Member, routes!(count_unread))
        .add(Access::Member, routes!(mark_read))
        .add(Access::Member, routes!(mark_all_read))
        .add(Access::Member, routes!(preferences, set_preference)),
    ]
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Only unread ones.
    #[serde(default)]
    #[param(required = false)]
    unread: bool,
}

/// Lists your notifications, newest first.
#[utoipa::path(get, path = "/api/v1/notifications", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<NotificationView>)))]
async fn list(
    member: Member,
    list: List<Filter, NotificationId>,
) -> Answer<Page<NotificationView>> {
    let mut work = member.begin().await?;
    let (user, unread) = (member.user, list.filter.unread);
    let rows = notifications::list(&mut work, user, unread, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

#[derive(Serialize, ToSchema)]
struct Unread {
    #[schema(example = 3)]
    unread: i64,
}

/// Counts your unread notifications.
#[utoipa::path(get, path = "/api/v1/notifications/unread-count",
    responses((status = 200, description = "How many.", body = Unread)))]
async fn count_unread(member: Member) -> Answer<Unread> {
    let mut work = member.begin().await?;
    let unread = notifications::unread(&mut work, member.user).await?;
    Ok(Json(Unread { unread }))
}

/// Marks one of your notifications as read. A repeated call changes nothing.
#[utoipa::path(post, path = "/api/v1/notifications/{id}/read",
    responses((status = 204, description = "It is read.")))]
async fn mark_read(member: Member, Path(id): Path<NotificationId>) -> Result<StatusCode, Problem> {
    let user = member.user;
    let mut work = member.begin().await?;
    if !notifications::mark_read(&mut work, user, id).await? {
        return Err(NOT_FOUND);
    }
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpTo {
    /// The newest notification that was shown. Later ones stay unread.
    newest_id: NotificationId,
}

/// The number of marked notifications.
#[derive(Serialize, ToSchema)]
struct Marked {
    #[schema(example = 3)]
    marked: u64,
}

/// Marks your notifications as read, up to the newest one that was shown.
#[utoipa::path(post, path = "/api/v1/notifications/read-all", request_body = UpTo,
    responses((status = 200, description = "They are read.", body = Marked)))]
async fn mark_all_read(member: Member, Json(up_to): Json<UpTo>) -> Answer<Marked> {
    let user = member.user;
    let mut work = member.begin().await?;
    let marked = notifications::mark_all_read(&mut work, user, up_to.newest_id).await?;
    work.commit().await?;
    Ok(Json(Marked { marked }))
}

/// Shows how you get each kind of notification.
#[utoipa::path(get, path = "/api/v1/notifications/preferences",
    responses((status = 200, description = "Of every kind.", body = Vec<Preference>)))]
async fn preferences(member: Member) -> Answer<Vec<Preference>> {
    let mut work = member.begin().await?;
    let all = notifications::preferences(&mut work, member.user).await?;
    Ok(Json(all))
}

/// Sets how you get notifications of a kind: in the program, by e-mail, both, or not at all.
///
/// Letters go to your proven address, in your language, with the times of the workspace. They have no names and no words of
/// customers.
#[utoipa::path(put, path = "/api/v1/notifications/preferences", request_body = NewPreference,
    responses(
        (status = 200, description = "Of every kind, as it is now.", body = Vec<Preference>),
        (status = 409, description = "`no_mail_server`: this Kazi sends no letters."),
    ))]
async fn set_preference(
    member: Member,
    State(api): State<Shared>,
    Json(preference): Json<NewPreference>,
) -> Answer<Vec<Preference>> {
    let wants_letters = !matches!(preference.email, None | Some(Email::Never));
    if wants_letters && api.ctx.providers.smtp.is_none() {
        let rule = "The operator of this Kazi has set no mail server, so it sends no letters.";
        return Err(conflict("no_mail_server", rule));
    }
    let mut work = member.begin().await?;
    let user = member.user;
    notifications::set_preference(&mut work, user, preference).await?;
    let all = notifications::preferences(&mut work, user).await?;
    work.commit().await?;
    Ok(Json(all))
}
