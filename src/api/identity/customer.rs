//! Customers: contacts of a workspace who log in with a code over WhatsApp.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    contacts::{self, ContactId},
    identity::{self, CustomerLogIn, CustomerVerify, Subject},
};
use kazi_platform::{Phone, WorkspaceId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::sessions::{self, Refresh, SessionTokens};
use crate::api::{
    Answer, Shared,
    caller::{CalledFrom, Customer},
    extract::Json,
    routes::{Access, Routes},
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("customer", "A business' customers, for themselves.")
        .add(Access::Public, routes!(log_in))
        .add(Access::Public, routes!(verify))
        .add(Access::Public, routes!(refresh))
        .add(Access::Customer, routes!(me))
        .add(Access::Customer, routes!(log_out))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Number {
    workspace_id: WorkspaceId,
    /// E.164.
    #[schema(example = "+254712345678")]
    phone: String,
}

/// Sends a code over WhatsApp. The answer is always the same.
#[utoipa::path(post, path = "/api/v1/customer/login", request_body = Number,
    responses((status = 202, description = "A code is on its way, if the number is a customer's.")))]
async fn log_in(
    State(api): State<Shared>,
    CalledFrom(origin): CalledFrom,
    Json(body): Json<Number>,
) -> Result<StatusCode, Problem> {
    let input = CustomerLogIn { phone: body.phone };
    identity::customer_log_in(&api.ctx, body.workspace_id, &input, &origin).await?;
    Ok(StatusCode::ACCEPTED)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NumberAndCode {
    workspace_id: WorkspaceId,
    /// E.164.
    #[schema(example = "+254712345678")]
    phone: String,
    /// The newest code.
    #[schema(value_type = String, format = Password, example = "123456")]
    code: SecretString,
}

/// Logs a customer in with a code.
#[utoipa::path(post, path = "/api/v1/customer/verify", request_body = NumberAndCode,
    responses((status = 200, description = "It is done.", body = SessionTokens)))]
async fn verify(
    State(api): State<Shared>,
    CalledFrom(origin): CalledFrom,
    Json(body): Json<NumberAndCode>,
) -> Answer<SessionTokens> {
    let input = CustomerVerify {
        phone: body.phone,
        code: body.code,
    };
    let done = identity::customer_verify(&api.ctx, body.workspace_id, &input, &origin).await?;
    sessions::of_log_in(&api, &done).await.map(Json)
}

/// Exchanges a customer's refresh token for new tokens.
#[utoipa::path(post, path = "/api/v1/customer/refresh", request_body = Refresh,
    responses(
        (status = 200, description = "The next tokens.", body = SessionTokens),
        (status = 401, description = "`session_ended`: the token is none, too old, or was used."),
    ))]
async fn refresh(
    State(api): State<Shared>,
    CalledFrom(origin): CalledFrom,
    Json(body): Json<Refresh>,
) -> Answer<SessionTokens> {
    sessions::renew(&api, &origin, &body).await.map(Json)
}

/// A customer, for themselves.
#[derive(Serialize, ToSchema)]
struct CustomerView {
    id: ContactId,
    workspace_id: WorkspaceId,
    name: Option<String>,
    #[schema(value_type = Option<String>, example = "+254712345678")]
    phone: Option<Phone>,
    #[schema(example = "en")]
    language: Option<String>,
}

/// Shows the customer who calls.
#[utoipa::path(get, path = "/api/v1/customer/me",
    responses((status = 200, description = "You.", body = CustomerView)))]
async fn me(customer: Customer) -> Answer<CustomerView> {
    let mut work = customer.begin().await?;
    let contact = contacts::get(&mut work, customer.contact).await?;
    Ok(Json(CustomerView {
        id: contact.id,
        workspace_id: customer.workspace,
        name: contact.name,
        phone: contact.phone,
        language: contact.language,
    }))
}

/// Ends the session that calls.
#[utoipa::path(post, path = "/api/v1/customer/logout",
    responses((status = 204, description = "It has ended.")))]
async fn log_out(customer: Customer, State(api): State<Shared>) -> Result<StatusCode, Problem> {
    let subject = Subject::Customer {
        workspace: customer.workspace,
        contact: customer.contact,
    };
    identity::revoke_session(&api.ctx, &customer.actor, subject, customer.session).await?;
    Ok(StatusCode::NO_CONTENT)
}
