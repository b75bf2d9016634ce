//! The workspace's account at Stripe. Its secrets are never shown again.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission,
    payments::{self, AccountView, KINDS, NewAccount},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{Answer, Api, Shared, caller::Caller, extract::Json, routes::Routes};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Routes {
    Routes::new("payment account", "The workspace's account at Stripe.")
        .add(Permission::PAYMENTS_READ, routes!(get))
        .add(Permission::PAYMENTS_MANAGE, routes!(put, delete))
}

/// An account, and the values for Stripe's dashboard.
#[derive(Serialize, ToSchema)]
struct ConnectedAccount {
    account: AccountView,
    /// The address for the webhook endpoint.
    #[schema(
        example = "https://kazi.example.com/webhooks/stripe/pac_0190a5b2c3d4e5f60718293a4b5c6d7e"
    )]
    webhook_url: String,
    /// The events that the endpoint should send.
    #[schema(value_type = Vec<String>)]
    events: [&'static str; KINDS.len()],
}

fn connected(api: &Api, account: AccountView) -> Json<ConnectedAccount> {
    Json(ConnectedAccount {
        webhook_url: payments::webhook_url(&api.public_url, account.id),
        account,
        events: KINDS,
    })
}

/// Shows the account, without its secrets.
#[utoipa::path(get, path = "/api/v1/payment-account",
    responses((status = 200, description = "The account.", body = ConnectedAccount), (status = 404, description = "There is none.")))]
async fn get(caller: Caller, State(api): State<Shared>) -> Answer<ConnectedAccount> {
    let mut work = caller.begin().await?;
    let account = payments::account(&mut work).await?;
    Ok(connected(&api, account.ok_or(NOT_FOUND)?))
}

/// Connects the account, or replaces its secrets.
///
/// Stripe checks the key first. The webhook secret may come later, because Stripe shows it when the endpoint for
/// `webhook_url` is created.
#[utoipa::path(put, path = "/api/v1/payment-account", request_body = NewAccount,
    responses(
        (status = 200, description = "As it is now.", body = ConnectedAccount),
        (status = 409, description = "Another workspace has this account, or another account is in use here."),
        (status = 503, description = "Stripe does not answer."),
    ))]
async fn put(
    caller: Caller,
    State(api): State<Shared>,
    Json(new): Json<NewAccount>,
) -> Answer<ConnectedAccount> {
    let account = payments::put_account(&api.ctx, caller.workspace, &caller.actor, &new).await?;
    Ok(connected(&api, account))
}

/// Disconnects the account and deletes its secrets. Its payments stay.
#[utoipa::path(delete, path = "/api/v1/payment-account",
    responses(
        (status = 204, description = "It is out of use."),
        (status = 404, description = "There is none."),
        (status = 409, description = "Payments wait for money through it."),
    ))]
async fn delete(caller: Caller) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    payments::delete_account(&mut work).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
