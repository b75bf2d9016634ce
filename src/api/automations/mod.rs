//! Automations: messages that go out by themselves, step by step.

mod enrolments;

use axum::http::StatusCode;
use kazi_jobs::{
    Permission, Work,
    automations::{
        self, Activation, Automation, AutomationError, AutomationId, AutomationStatus,
        NewAutomation, Progress, Simulation,
    },
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    errors::{conflict, wrong_state},
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new(
            "automations",
            "Messages that go out by themselves, step by step.",
        )
        .add(Permission::AUTOMATIONS_READ, routes!(list))
        .add(Permission::AUTOMATIONS_READ, routes!(get))
        .add(Permission::AUTOMATIONS_READ, routes!(figures))
        .add(Permission::AUTOMATIONS_READ, routes!(simulate))
        .add(Permission::AUTOMATIONS_WRITE, routes!(create))
        .add(Permission::AUTOMATIONS_WRITE, routes!(update, delete))
        .add(Permission::AUTOMATIONS_ACTIVATE, routes!(activate))
        .add(Permission::AUTOMATIONS_WRITE, routes!(pause))
        .add(Permission::AUTOMATIONS_READ, routes!(enrolments::list))
        .add(Permission::AUTOMATIONS_READ, routes!(enrolments::get))
        .add(Permission::AUTOMATIONS_WRITE, routes!(enrolments::stop)),
    ]
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    status: Option<AutomationStatus>,
}

/// Lists the automations, newest first.
#[utoipa::path(get, path = "/api/v1/messaging/automations", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Automation>)))]
async fn list(caller: Caller, list: List<Filter, AutomationId>) -> Answer<Page<Automation>> {
    let mut work = caller.begin().await?;
    let (status, after) = (list.filter.status, list.after);
    let rows = automations::list(&mut work, status, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows an automation.
#[utoipa::path(get, path = "/api/v1/messaging/automations/{id}",
    responses((status = 200, description = "The automation.", body = Automation)))]
async fn get(caller: Caller, Path(id): Path<AutomationId>) -> Result<Tagged<Automation>, Problem> {
    let mut work = caller.begin().await?;
    let automation = automations::get(&mut work, id).await?;
    Ok(tagged(automation.ok_or(NOT_FOUND)?))
}

/// Counts how far the contacts and the messages of an automation got, by step.
#[utoipa::path(get, path = "/api/v1/messaging/automations/{id}/figures",
    responses((status = 200, description = "As of now.", body = Progress)))]
async fn figures(caller: Caller, Path(id): Path<AutomationId>) -> Answer<Progress> {
    let mut work = caller.begin().await?;
    let automation = automations::get(&mut work, id).await?;
    let automation = automation.ok_or(NOT_FOUND)?;
    Ok(Json(automations::figures(&mut work, &automation).await?))
}

/// Says who would enter an automation today. Nothing is sent.
///
/// A trigger that waits for events finds nobody here.
#[utoipa::path(get, path = "/api/v1/messaging/automations/{id}/simulation",
    responses(
        (status = 200, description = "As of now.", body = Simulation),
        (status = 409, description = "`wrong_state`: its segment is gone."),
    ))]
async fn simulate(caller: Caller, Path(id): Path<AutomationId>) -> Answer<Simulation> {
    let mut work = caller.begin().await?;
    let automation = automations::get(&mut work, id).await?;
    let automation = automation.ok_or(NOT_FOUND)?;
    let simulation = automations::simulate(&mut work, &automation).await?;
    // A message that was tried leaves no conversation behind.
    work.rollback().await?;
    Ok(Json(simulation))
}

/// Creates a draft.
#[utoipa::path(post, path = "/api/v1/messaging/automations", request_body = NewAutomation,
    responses(
        (status = 201, description = "It is made.", body = Automation),
        (status = 409, description = "`wrong_state`: there are 200 already."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<NewAutomation>,
) -> Result<Created<Tagged<Automation>>, Problem> {
    let mut work = caller.begin().await?;
    let made = automations::create(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/messaging/automations/{}", made.id);
    Ok(Created::at(place, tagged(made)))
}

/// Replaces an automation, also an active one. Contacts who have entered go on with the revision of then.
///
/// What an active one does is changed at once. So that needs the permission `automations.activate` too, and a fresh code of
/// the second factor. One that Kazi has paused stays paused.
#[utoipa::path(put, path = "/api/v1/messaging/automations/{id}", params(IfMatch), request_body = NewAutomation,
    responses(
        (status = 200, description = "As it is now.", body = Automation),
        (status = 409, description = "It is active, and `reach_unconfirmed`: more than 10,000 contacts would enter at once. `wrong_state`: a step could not send."),
    ))]
async fn update(
    caller: Caller,
    Path(id): Path<AutomationId>,
    if_match: IfMatch,
    Json(new): Json<NewAutomation>,
) -> Result<Tagged<Automation>, Problem> {
    let mut work = caller.begin().await?;
    let before = automations::lock(&mut work, id).await?.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    if before.status == AutomationStatus::Active && new.changes(&before) {
        let access = Permission::AUTOMATIONS_ACTIVATE.into();
        caller.principal.check(access)?;
    }
    let after = automations::update(&mut work, &before, &new).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes an automation that is not active, with its enrolments and figures.
#[utoipa::path(delete, path = "/api/v1/messaging/automations/{id}", params(IfMatch),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "`wrong_state`: it is active."),
    ))]
async fn delete(
    caller: Caller,
    Path(id): Path<AutomationId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = automations::lock(&mut work, id).await?.ok_or(NOT_FOUND)?;
    if_match.check(before.version)?;
    automations::delete(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Activates an automation: contacts enter, and steps that fell due meanwhile are done.
#[utoipa::path(post, path = "/api/v1/messaging/automations/{id}/activate", request_body = Activation,
    responses(
        (status = 200, description = "It is active.", body = Automation),
        (status = 409, description = "`reach_unconfirmed`: more than 10,000 contacts would enter at once; the detail says how many. `wrong_state`: a step could not send."),
    ))]
async fn activate(
    caller: Caller,
    Path(id): Path<AutomationId>,
    Json(how): Json<Activation>,
) -> Result<Tagged<Automation>, Problem> {
    change(&caller, id, async |work, before| {
        automations::activate(work, before, how).await
    })
    .await
}

/// Pauses an automation: nobody enters, and steps wait. Messages that have not left are taken back.
#[utoipa::path(post, path = "/api/v1/messaging/automations/{id}/pause",
    responses(
        (status = 200, description = "It is paused.", body = Automation),
        (status = 409, description = "`wrong_state`: it is a draft."),
    ))]
async fn pause(
    caller: Caller,
    Path(id): Path<AutomationId>,
) -> Result<Tagged<Automation>, Problem> {
    change(&caller, id, automations::pause).await
}

/// Does something with an automation that is locked.
async fn change(
    caller: &Caller,
    id: AutomationId,
    act: impl AsyncFnOnce(&mut Work, &Automation) -> Result<Automation, AutomationError>,
) -> Result<Tagged<Automation>, Problem> {
    let mut work = caller.begin().await?;
    let before = automations::lock(&mut work, id).await?;
    let after = act(&mut work, &before.ok_or(NOT_FOUND)?).await?;
    work.commit().await?;
    Ok(tagged(after))
}

fn tagged(automation: Automation) -> Tagged<Automation> {
    Tagged(automation.version, automation)
}

impl From<AutomationError> for Problem {
    fn from(error: AutomationError) -> Self {
        match error {
            AutomationError::Invalid(invalid) => invalid.into(),
            AutomationError::NotFound(_) => NOT_FOUND.detail(error.to_string()),
            AutomationError::Conflict(detail) => wrong_state(detail),
            AutomationError::Reach(_) => {
                let title = "Many contacts would enter at once: confirm it.";
                conflict("reach_unconfirmed", title).detail(error.to_string())
            }
            AutomationError::Database(error) => error.into(),
            AutomationError::Enqueue(error) => error.into(),
        }
    }
}
