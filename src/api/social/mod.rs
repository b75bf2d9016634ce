//! Social networks: accounts, contents, schedules and publications.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission,
    social::{
        self, Account, AccountId, ConnectAccount, Content, ContentId, ContentPatch, Move,
        NewContent, NewSchedule, NewToken, Publication, PublicationId, Range, ScheduleId,
        ScheduledPost, SocialError,
    },
};
use kazi_platform::Timestamp;
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    created::Created,
    errors::{IN_USE, PROVIDER_UNREACHABLE, conflict},
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new(
            "social",
            "Posts that appear on a social network at their time.",
        )
        .add(Permission::SOCIAL_READ, routes!(accounts))
        .add(Permission::SOCIAL_WRITE, routes!(connect))
        .add(Permission::SOCIAL_READ, routes!(account))
        .add(Permission::SOCIAL_WRITE, routes!(disconnect))
        .add(Permission::SOCIAL_WRITE, routes!(rotate))
        .add(Permission::SOCIAL_READ, routes!(contents))
        .add(Permission::SOCIAL_WRITE, routes!(create_content))
        .add(Permission::SOCIAL_READ, routes!(content))
        .add(
            Permission::SOCIAL_WRITE,
            routes!(update_content, delete_content),
        )
        .add(Permission::SOCIAL_READ, routes!(schedules))
        .add(Permission::SOCIAL_WRITE, routes!(create_schedule))
        .add(Permission::SOCIAL_READ, routes!(schedule))
        .add(Permission::SOCIAL_WRITE, routes!(reschedule, cancel))
        .add(Permission::SOCIAL_READ, routes!(publications))
        .add(Permission::SOCIAL_READ, routes!(publication)),
    ]
}

/// Lists the social accounts, oldest first.
#[utoipa::path(get, path = "/api/v1/social/accounts", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Account>)))]
async fn accounts(caller: Caller, list: List<NoFilter, AccountId>) -> Answer<Page<Account>> {
    let mut work = caller.begin().await?;
    let rows = social::accounts(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Connects an Instagram professional account or a Facebook page, after the network has accepted the token.
#[utoipa::path(post, path = "/api/v1/social/accounts", request_body = ConnectAccount,
    responses(
        (status = 201, description = "It is connected.", body = Account),
        (status = 409, description = "It is connected already."),
    ))]
async fn connect(
    caller: Caller,
    State(api): State<Shared>,
    Json(new): Json<ConnectAccount>,
) -> Result<Created<Tagged<Account>>, Problem> {
    // No transaction is held while the network answers.
    let name = social::connect(&api.ctx, &new).await?;
    let mut work = caller.begin().await?;
    let made = social::add_account(&mut work, &api.ctx, &new, &name).await?;
    work.commit().await?;
    let place = format!("/api/v1/social/accounts/{}", made.id);
    Ok(Created::at(place, account_tagged(made)))
}

/// Shows a social account.
#[utoipa::path(get, path = "/api/v1/social/accounts/{id}",
    responses((status = 200, description = "The account.", body = Account)))]
async fn account(caller: Caller, Path(id): Path<AccountId>) -> Result<Tagged<Account>, Problem> {
    let mut work = caller.begin().await?;
    let account = social::account(&mut work, id).await?;
    Ok(account_tagged(account.ok_or(NOT_FOUND)?))
}

/// Disconnects a social account and deletes its token. Its scheduled posts are cancelled.
#[utoipa::path(delete, path = "/api/v1/social/accounts/{id}", params(IfMatch),
    responses((status = 204, description = "It is disconnected.")))]
async fn disconnect(
    caller: Caller,
    Path(id): Path<AccountId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = social::lock_account(&mut work, id).await?;
    if_match.check(before.version)?;
    social::disconnect(&mut work, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces the token of a social account after the network has accepted it. A refused account works again.
#[utoipa::path(post, path = "/api/v1/social/accounts/{id}/rotate-token",
    request_body = NewToken,
    responses((status = 200, description = "As it is now.", body = Account)))]
async fn rotate(
    caller: Caller,
    Path(id): Path<AccountId>,
    State(api): State<Shared>,
    Json(new): Json<NewToken>,
) -> Result<Tagged<Account>, Problem> {
    // Without a transaction of the call, because the network is asked first. The same token twice is harmless.
    let (workspace, actor) = (caller.workspace, &caller.actor);
    Ok(account_tagged(
        social::rotate_token(&api.ctx, workspace, actor, id, &new).await?,
    ))
}

/// Lists the contents, oldest first.
#[utoipa::path(get, path = "/api/v1/social/contents", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Content>)))]
async fn contents(caller: Caller, list: List<NoFilter, ContentId>) -> Answer<Page<Content>> {
    let mut work = caller.begin().await?;
    let rows = social::contents(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Creates a content: a text, images, and other texts for single networks.
#[utoipa::path(post, path = "/api/v1/social/contents", request_body = NewContent,
    responses((status = 201, description = "It is made.", body = Content)))]
async fn create_content(
    caller: Caller,
    Json(new): Json<NewContent>,
) -> Result<Created<Tagged<Content>>, Problem> {
    let mut work = caller.begin().await?;
    let made = social::create_content(&mut work, new).await?;
    work.commit().await?;
    let place = format!("/api/v1/social/contents/{}", made.id);
    Ok(Created::at(place, content_tagged(made)))
}

/// Shows a content.
#[utoipa::path(get, path = "/api/v1/social/contents/{id}",
    responses((status = 200, description = "The content.", body = Content)))]
async fn content(caller: Caller, Path(id): Path<ContentId>) -> Result<Tagged<Content>, Problem> {
    let mut work = caller.begin().await?;
    let content = social::content(&mut work, id).await?;
    Ok(content_tagged(content.ok_or(NOT_FOUND)?))
}

/// Changes a content. Fields that are left out stay. Posts that are being published keep their text.
#[utoipa::path(patch, path = "/api/v1/social/contents/{id}", params(IfMatch),
    request_body = ContentPatch,
    responses((status = 200, description = "As it is now.", body = Content)))]
async fn update_content(
    caller: Caller,
    Path(id): Path<ContentId>,
    if_match: IfMatch,
    Json(patch): Json<ContentPatch>,
) -> Result<Tagged<Content>, Problem> {
    let mut work = caller.begin().await?;
    let before = social::lock_content(&mut work, id).await?;
    if_match.check(before.version)?;
    let after = social::update_content(&mut work, &before, patch).await?;
    work.commit().await?;
    Ok(content_tagged(after))
}

/// Deletes a content. Published posts stay.
#[utoipa::path(delete, path = "/api/v1/social/contents/{id}", params(IfMatch),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "It is to appear."),
    ))]
async fn delete_content(
    caller: Caller,
    Path(id): Path<ContentId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = social::lock_content(&mut work, id).await?;
    if_match.check(before.version)?;
    social::delete_content(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Times {
    /// At this moment or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this moment.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    account_id: Option<AccountId>,
}

/// Lists the schedules by their times.
#[utoipa::path(get, path = "/api/v1/social/schedules", params(Times, Paging),
    responses((status = 200, description = "A page of them.", body = Page<ScheduledPost>)))]
async fn schedules(
    caller: Caller,
    list: List<Times, (Timestamp, ScheduleId)>,
) -> Answer<Page<ScheduledPost>> {
    let range = Range {
        from: list.filter.from,
        to: list.filter.to,
        account: list.filter.account_id,
    };
    let mut work = caller.begin().await?;
    let after = list.after;
    let rows = social::scheduled_posts(&mut work, range, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| (row.due_at, row.id))?))
}

/// Schedules a content for an account at a local time.
#[utoipa::path(post, path = "/api/v1/social/schedules", request_body = NewSchedule,
    responses(
        (status = 201, description = "It will appear.", body = ScheduledPost),
        (status = 409, description = "The same is to appear there at the same time already."),
    ))]
async fn create_schedule(
    caller: Caller,
    Json(new): Json<NewSchedule>,
) -> Result<Created<Tagged<ScheduledPost>>, Problem> {
    let mut work = caller.begin().await?;
    let made = social::schedule(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/social/schedules/{}", made.id);
    Ok(Created::at(place, schedule_tagged(made)))
}

/// Shows a schedule.
#[utoipa::path(get, path = "/api/v1/social/schedules/{id}",
    responses((status = 200, description = "The schedule.", body = ScheduledPost)))]
async fn schedule(
    caller: Caller,
    Path(id): Path<ScheduleId>,
) -> Result<Tagged<ScheduledPost>, Problem> {
    let mut work = caller.begin().await?;
    let schedule = social::scheduled(&mut work, id).await?;
    Ok(schedule_tagged(schedule.ok_or(NOT_FOUND)?))
}

/// Moves a post that has not begun to another time, or tries a failed one again.
#[utoipa::path(patch, path = "/api/v1/social/schedules/{id}", params(IfMatch),
    request_body = Move,
    responses(
        (status = 200, description = "As it is now.", body = ScheduledPost),
        (status = 409, description = "It is being published, or that is over; or the same is to appear then already."),
    ))]
async fn reschedule(
    caller: Caller,
    Path(id): Path<ScheduleId>,
    if_match: IfMatch,
    Json(to): Json<Move>,
) -> Result<Tagged<ScheduledPost>, Problem> {
    let mut work = caller.begin().await?;
    let before = social::lock_schedule(&mut work, id).await?;
    if_match.check(before.version)?;
    let after = social::reschedule(&mut work, &before, &to).await?;
    work.commit().await?;
    Ok(schedule_tagged(after))
}

/// Cancels a post that has not begun.
#[utoipa::path(delete, path = "/api/v1/social/schedules/{id}", params(IfMatch),
    responses(
        (status = 204, description = "It will not appear."),
        (status = 409, description = "It is being published, or that is over."),
    ))]
async fn cancel(
    caller: Caller,
    Path(id): Path<ScheduleId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = social::lock_schedule(&mut work, id).await?;
    if_match.check(before.version)?;
    social::cancel(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfAccount {
    account_id: Option<AccountId>,
}

/// Lists the publications, newest first, each with its history.
#[utoipa::path(get, path = "/api/v1/social/publications", params(OfAccount, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Publication>)))]
async fn publications(
    caller: Caller,
    list: List<OfAccount, PublicationId>,
) -> Answer<Page<Publication>> {
    let mut work = caller.begin().await?;
    let (account, after) = (list.filter.account_id, list.after);
    let rows = social::publications(&mut work, account, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a publication with its history.
#[utoipa::path(get, path = "/api/v1/social/publications/{id}",
    responses((status = 200, description = "The publication.", body = Publication)))]
async fn publication(caller: Caller, Path(id): Path<PublicationId>) -> Answer<Publication> {
    let mut work = caller.begin().await?;
    let publication = social::publication(&mut work, id).await?;
    Ok(Json(publication.ok_or(NOT_FOUND)?))
}

fn account_tagged(account: Account) -> Tagged<Account> {
    Tagged(account.version, account)
}

fn content_tagged(content: Content) -> Tagged<Content> {
    Tagged(content.version, content)
}

fn schedule_tagged(schedule: ScheduledPost) -> Tagged<ScheduledPost> {
    Tagged(schedule.version, schedule)
}

impl From<SocialError> for Problem {
    fn from(error: SocialError) -> Self {
        match error {
            SocialError::Invalid(invalid) => invalid.into(),
            SocialError::NotFound(_) => NOT_FOUND.detail(error.to_string()),
            SocialError::Connected => {
                conflict("account_connected", "This account is connected already.")
            }
            SocialError::Scheduled => conflict(
                "already_scheduled",
                "The same content is to appear there at the same time already.",
            ),
            SocialError::InUse => IN_USE.detail("The content is to appear: cancel that first."),
            SocialError::Over(_) => {
                conflict("over", "This cannot be changed any more.").detail(error.to_string())
            }
            SocialError::Unreachable(_) => PROVIDER_UNREACHABLE,
            SocialError::Database(error) => error.into(),
            SocialError::Enqueue(error) => Self::internal(error),
            SocialError::Sealed(error) => Self::internal(error),
        }
    }
}
