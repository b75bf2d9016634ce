//! What was delivered to endpoints, and what was answered.

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    endpoints::{
        self, AnnouncementId, Delivery, DeliveryDetails, DeliveryFilter, DeliveryId, DeliveryState,
        EndpointId,
    },
};
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    extract::{Json, Path},
    page::{List, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new(
        "endpoint-deliveries",
        "What was delivered to endpoints, and what they answered.",
    )
    .add(Permission::ENDPOINTS_READ, routes!(list))
    .add(Permission::ENDPOINTS_READ, routes!(get))
    .add(Permission::ENDPOINTS_WRITE, routes!(replay))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    endpoint_id: Option<EndpointId>,
    event_id: Option<AnnouncementId>,
    #[param(inline)]
    state: Option<DeliveryState>,
}

/// Lists the deliveries of the last 30 days, newest first.
#[utoipa::path(get, path = "/api/v1/endpoints/deliveries", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<Delivery>)))]
async fn list(caller: Caller, list: List<Filter, DeliveryId>) -> Answer<Page<Delivery>> {
    let mut work = caller.begin().await?;
    let filter = DeliveryFilter {
        endpoint: list.filter.endpoint_id,
        event: list.filter.event_id,
        state: list.filter.state,
    };
    let rows = endpoints::deliveries(&mut work, filter, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a delivery with its body and its attempts.
#[utoipa::path(get, path = "/api/v1/endpoints/deliveries/{id}",
    responses((status = 200, description = "The delivery.", body = DeliveryDetails)))]
async fn get(caller: Caller, Path(id): Path<DeliveryId>) -> Answer<DeliveryDetails> {
    let mut work = caller.begin().await?;
    let found = endpoints::delivery(&mut work, id).await?;
    Ok(Json(found.ok_or(NOT_FOUND)?))
}

/// Delivers an event again, also one that was taken. It has the same `webhook-id`.
#[utoipa::path(post, path = "/api/v1/endpoints/deliveries/{id}/replay",
    responses(
        (status = 202, description = "It is on its way.", body = Delivery),
        (status = 409, description = "`delivery_pending` or `endpoint_disabled`."),
    ))]
async fn replay(
    caller: Caller,
    Path(id): Path<DeliveryId>,
) -> Result<(StatusCode, Json<Delivery>), Problem> {
    let mut work = caller.begin().await?;
    let delivery = endpoints::replay(&mut work, id).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(delivery)))
}
