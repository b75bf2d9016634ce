//! Endpoints: where the workspace is told what happens, and what was delivered to them.

mod deliveries;

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission,
    endpoints::{
        self, Delivery, Endpoint, EndpointError, EndpointId, EndpointPatch, NewEndpoint, Secret,
        Type,
    },
};
use kazi_platform::Timestamp;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    created::Created,
    errors::conflict,
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging, Whole},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    // What events are about has its schema in the document, also where no route answers with it.
    let mut types = routes!(event_types);
    types.0.extend(Type::schemas());
    vec![
        Routes::new(
            "endpoints",
            "Webhooks to the business: where it is told what happens.",
        )
        .add(Permission::ENDPOINTS_READ, routes!(list))
        .add(Permission::ENDPOINTS_READ, types)
        .add(Permission::ENDPOINTS_READ, routes!(get))
        .add(Permission::ENDPOINTS_WRITE, routes!(create))
        .add(Permission::ENDPOINTS_WRITE, routes!(update, delete))
        .add(Permission::ENDPOINTS_WRITE, routes!(rotate_secret))
        .add(Permission::ENDPOINTS_WRITE, routes!(test))
        .add(Permission::ENDPOINTS_WRITE, routes!(replay_failed)),
        deliveries::routes(),
    ]
}

/// Lists the endpoints, oldest first.
#[utoipa::path(get, path = "/api/v1/endpoints", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Endpoint>)))]
async fn list(caller: Caller, list: List<NoFilter, EndpointId>) -> Answer<Page<Endpoint>> {
    let mut work = caller.begin().await?;
    let rows = endpoints::endpoints(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// A type of events.
#[derive(Serialize, ToSchema)]
struct EventType {
    #[serde(rename = "type")]
    #[schema(example = "order.paid")]
    kind: &'static str,
    /// When it happens.
    #[schema(example = "An order is paid.")]
    description: &'static str,
    /// The body of a call.
    #[schema(value_type = Object)]
    example: Value,
}

/// Lists the types of events, each with an example.
#[utoipa::path(get, path = "/api/v1/endpoints/event-types",
    responses((status = 200, description = "All of them.", body = Whole<EventType>)))]
async fn event_types(caller: Caller) -> Answer<Whole<EventType>> {
    let items = Type::all().map(|kind| EventType {
        kind: kind.name(),
        description: kind.about(),
        example: kind.payload(caller.workspace),
    });
    Ok(Json(Whole {
        items: items.collect(),
    }))
}

/// Shows an endpoint.
#[utoipa::path(get, path = "/api/v1/endpoints/{id}",
    responses((status = 200, description = "The endpoint.", body = Endpoint)))]
async fn get(caller: Caller, Path(id): Path<EndpointId>) -> Result<Tagged<Endpoint>, Problem> {
    let mut work = caller.begin().await?;
    let endpoint = endpoints::endpoint(&mut work, id).await?;
    Ok(tagged(endpoint.ok_or(NOT_FOUND)?))
}

/// An endpoint with a new secret, which is not shown again.
#[derive(Serialize, ToSchema)]
struct EndpointWithSecret {
    #[serde(flatten)]
    endpoint: Endpoint,
    /// Signs its calls: `whsec_` and 32 bytes in base64.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw…")]
    secret: String,
}

/// Adds an endpoint.
///
/// It gets the events of its types from now on. The secret is shown this once.
#[utoipa::path(post, path = "/api/v1/endpoints", request_body = NewEndpoint,
    responses(
        (status = 201, description = "It is switched on.", body = EndpointWithSecret),
        (status = 409, description = "`too_many_endpoints`: a workspace has at most 20."),
    ))]
async fn create(
    caller: Caller,
    State(api): State<Shared>,
    Json(new): Json<NewEndpoint>,
) -> Result<Created<Tagged<EndpointWithSecret>>, Problem> {
    let ctx = &api.ctx;
    let with = (&ctx.keyring, &ctx.providers.endpoints);
    let mut work = caller.begin().await?;
    let made = endpoints::create(&mut work, with, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/endpoints/{}", made.0.id);
    Ok(Created::at(place, with_secret(made)))
}

/// Changes an endpoint. Fields that are left out stay.
#[utoipa::path(patch, path = "/api/v1/endpoints/{id}", params(IfMatch), request_body = EndpointPatch,
    responses((status = 200, description = "As it is now.", body = Endpoint)))]
async fn update(
    caller: Caller,
    Path(id): Path<EndpointId>,
    if_match: IfMatch,
    State(api): State<Shared>,
    Json(patch): Json<EndpointPatch>,
) -> Result<Tagged<Endpoint>, Problem> {
    let mut work = caller.begin().await?;
    let before = endpoints::lock(&mut work, id).await?;
    if_match.check(before.version)?;
    let reach = &api.ctx.providers.endpoints;
    let after = endpoints::update(&mut work, reach, &before, &patch).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Deletes an endpoint. What is still on its way to it is not delivered.
#[utoipa::path(delete, path = "/api/v1/endpoints/{id}", params(IfMatch),
    responses((status = 204, description = "It is gone.")))]
async fn delete(
    caller: Caller,
    Path(id): Path<EndpointId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = endpoints::lock(&mut work, id).await?;
    if_match.check(before.version)?;
    endpoints::delete(&mut work, &before).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives an endpoint a new secret, which is shown this once. For 24 hours the old one signs too.
#[utoipa::path(post, path = "/api/v1/endpoints/{id}/rotate-secret",
    responses((status = 200, description = "With the new secret.", body = EndpointWithSecret)))]
async fn rotate_secret(
    caller: Caller,
    Path(id): Path<EndpointId>,
    State(api): State<Shared>,
) -> Result<Tagged<EndpointWithSecret>, Problem> {
    let mut work = caller.begin().await?;
    let made = endpoints::rotate_secret(&mut work, &api.ctx.keyring, id).await?;
    work.commit().await?;
    Ok(with_secret(made))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndpointTest {
    #[schema(value_type = String, example = "order.paid")]
    event_type: Type,
}

/// Sends an example to an endpoint. Its body has `"test": true`.
#[utoipa::path(post, path = "/api/v1/endpoints/{id}/test", request_body = EndpointTest,
    responses(
        (status = 202, description = "It is on its way.", body = Delivery),
        (status = 409, description = "`endpoint_disabled`: switch it on first."),
    ))]
async fn test(
    caller: Caller,
    Path(id): Path<EndpointId>,
    Json(EndpointTest { event_type }): Json<EndpointTest>,
) -> Result<(StatusCode, Json<Delivery>), Problem> {
    let mut work = caller.begin().await?;
    let delivery = endpoints::test(&mut work, id, event_type).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(delivery)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndpointReplay {
    /// Events from this time on. Kazi keeps them for 30 days.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

#[derive(Serialize, ToSchema)]
struct EndpointReplayed {
    /// The number of deliveries that begin anew.
    #[schema(example = 12)]
    deliveries: i64,
}

/// Delivers all events since a time again that an endpoint did not take, in their order.
#[utoipa::path(post, path = "/api/v1/endpoints/{id}/replay", request_body = EndpointReplay,
    responses(
        (status = 202, description = "They are on their way.", body = EndpointReplayed),
        (status = 409, description = "`endpoint_disabled`: switch it on first."),
    ))]
async fn replay_failed(
    caller: Caller,
    Path(id): Path<EndpointId>,
    Json(EndpointReplay { since }): Json<EndpointReplay>,
) -> Result<(StatusCode, Json<EndpointReplayed>), Problem> {
    let mut work = caller.begin().await?;
    let deliveries = endpoints::replay_failed(&mut work, id, since).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(EndpointReplayed { deliveries })))
}

fn tagged(endpoint: Endpoint) -> Tagged<Endpoint> {
    Tagged(endpoint.version, endpoint)
}

fn with_secret((endpoint, Secret(secret)): (Endpoint, Secret)) -> Tagged<EndpointWithSecret> {
    let version = endpoint.version;
    let secret = secret.expose_secret().to_owned();
    Tagged(version, EndpointWithSecret { endpoint, secret })
}

impl From<EndpointError> for Problem {
    fn from(error: EndpointError) -> Self {
        match error {
            EndpointError::Invalid(invalid) => invalid.into(),
            EndpointError::NotFound(_) => NOT_FOUND,
            EndpointError::TooMany(_) => conflict(
                "too_many_endpoints",
                "A workspace has at most 20 endpoints.",
            ),
            EndpointError::Pending => conflict(
                "delivery_pending",
                "The delivery is still pending: wait until it has ended.",
            ),
            EndpointError::Disabled => conflict(
                "endpoint_disabled",
                "The endpoint is switched off: switch it on first.",
            ),
            EndpointError::Sealing(error) => Self::internal(error),
            EndpointError::Database(error) => error.into(),
        }
    }
}
