//! The contacts in an automation.

use kazi_jobs::{
    automations::{self, AutomationId, Done, Enrolment, EnrolmentId, EnrolmentStatus},
    contacts::ContactId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::{
    Answer,
    caller::Caller,
    extract::{Json, Path},
    page::{List, Page, Paging},
};
use crate::problem::NOT_FOUND;

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    #[param(inline)]
    status: Option<EnrolmentStatus>,
    contact_id: Option<ContactId>,
}

/// Lists the contacts in an automation, newest first.
#[utoipa::path(get, path = "/api/v1/messaging/automations/{id}/enrolments", params(Filter, Paging),
    operation_id = "list_enrolments",
    responses((status = 200, description = "A page of them.", body = Page<Enrolment>)))]
pub async fn list(
    caller: Caller,
    Path(id): Path<AutomationId>,
    list: List<Filter, EnrolmentId>,
) -> Answer<Page<Enrolment>> {
    let mut work = caller.begin().await?;
    automations::get(&mut work, id).await?.ok_or(NOT_FOUND)?;
    let (status, contact) = (list.filter.status, list.filter.contact_id);
    let (after, limit) = (list.after, list.fetch());
    let rows = automations::enrolments(&mut work, id, status, contact, after, limit).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// A contact in an automation, with the steps that are done.
#[derive(Serialize, ToSchema)]
pub struct EnrolmentDetails {
    #[serde(flatten)]
    enrolment: Enrolment,
    /// In their order.
    steps: Vec<Done>,
}

/// Shows a contact's way through an automation.
#[utoipa::path(get, path = "/api/v1/messaging/automations/{id}/enrolments/{enrolment_id}",
    operation_id = "get_enrolment",
    responses((status = 200, description = "The enrolment.", body = EnrolmentDetails)))]
pub async fn get(
    caller: Caller,
    Path((id, enrolment_id)): Path<(AutomationId, EnrolmentId)>,
) -> Answer<EnrolmentDetails> {
    let mut work = caller.begin().await?;
    let found = automations::enrolment(&mut work, enrolment_id).await?;
    let found = found.filter(|enrolment| enrolment.automation_id == id);
    let enrolment = found.ok_or(NOT_FOUND)?;
    let steps = automations::steps_of(&mut work, enrolment_id).await?;
    Ok(Json(EnrolmentDetails { enrolment, steps }))
}

/// Stops an automation for a contact: no further step is done. One that has ended stays as it is.
#[utoipa::path(post, path = "/api/v1/messaging/automations/{id}/enrolments/{enrolment_id}/stop",
    operation_id = "stop_enrolment",
    responses((status = 200, description = "As it is now.", body = Enrolment)))]
pub async fn stop(
    caller: Caller,
    Path((id, enrolment_id)): Path<(AutomationId, EnrolmentId)>,
) -> Answer<Enrolment> {
    let mut work = caller.begin().await?;
    let stopped = automations::stop_enrolment(&mut work, id, enrolment_id).await?;
    work.commit().await?;
    Ok(Json(stopped))
}
