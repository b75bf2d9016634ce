//! Channels: the numbers and instances with which a workspace sends. Their secrets are never shown again, except for
//! the values for the provider's dashboard.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    Permission,
    channels::{self, ChannelDetails, ChannelError, ChannelId, Connect, NewSecrets, Rate},
};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    created::Created,
    errors::{PROVIDER_UNREACHABLE, conflict},
    etag::{IfMatch, Tagged},
    extract::{Json, Path},
    page::{List, NoFilter, Page, Paging},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new(
            "channels",
            "Numbers and instances that the workspace sends with.",
        )
        .add(Permission::CHANNELS_READ, routes!(list))
        .add(Permission::CHANNELS_MANAGE, routes!(create))
        .add(Permission::CHANNELS_READ, routes!(get))
        .add(Permission::CHANNELS_MANAGE, routes!(rename, delete))
        .add(Permission::CHANNELS_MANAGE, routes!(set_rate))
        .add(Permission::CHANNELS_MANAGE, routes!(check))
        .add(Permission::CHANNELS_MANAGE, routes!(pause))
        .add(Permission::CHANNELS_MANAGE, routes!(resume))
        .add(Permission::CHANNELS_MANAGE, routes!(rotate))
        .add(Permission::SECRETS_REVEAL, routes!(setup)),
    ]
}

/// Lists the channels, oldest first.
#[utoipa::path(get, path = "/api/v1/channels", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<ChannelDetails>)))]
async fn list(caller: Caller, list: List<NoFilter, ChannelId>) -> Answer<Page<ChannelDetails>> {
    let mut work = caller.begin().await?;
    let rows = channels::channels(&mut work, list.after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}

/// Shows a channel.
#[utoipa::path(get, path = "/api/v1/channels/{id}",
    responses((status = 200, description = "The channel.", body = ChannelDetails)))]
async fn get(caller: Caller, Path(id): Path<ChannelId>) -> Result<Tagged<ChannelDetails>, Problem> {
    let mut work = caller.begin().await?;
    Ok(tagged(channels::channel(&mut work, id).await?))
}

/// Connects a number of Meta's Cloud API, or an instance of Green API.
///
/// The provider is asked soon whether the channel works. `setup` shows the values for its dashboard.
#[utoipa::path(post, path = "/api/v1/channels", request_body = Connect,
    responses(
        (status = 201, description = "It is connected.", body = ChannelDetails),
        (status = 409, description = "It is connected already, here or in another workspace."),
    ))]
async fn create(
    caller: Caller,
    State(api): State<Shared>,
    Json(new): Json<Connect>,
) -> Result<Created<Tagged<ChannelDetails>>, Problem> {
    let ctx = &api.ctx;
    let shared = api.has_app_secret;
    let mut work = caller.begin().await?;
    let id = channels::connect(&mut work, &ctx.keyring, &new, shared).await?;
    let made = channels::channel(&mut work, id).await?;
    work.commit().await?;
    // Other processes see this and all other changes within seconds.
    ctx.channels().clear();
    let place = format!("/api/v1/channels/{id}");
    Ok(Created::at(place, tagged(made)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChannelPatch {
    /// 1 to 100 characters.
    #[schema(example = "Front desk", min_length = 1, max_length = 100)]
    name: String,
}

/// Renames a channel.
#[utoipa::path(patch, path = "/api/v1/channels/{id}", params(IfMatch), request_body = ChannelPatch,
    responses((status = 200, description = "As it is now.", body = ChannelDetails)))]
async fn rename(
    caller: Caller,
    Path(id): Path<ChannelId>,
    if_match: IfMatch,
    State(api): State<Shared>,
    Json(patch): Json<ChannelPatch>,
) -> Result<Tagged<ChannelDetails>, Problem> {
    let mut work = caller.begin().await?;
    let before = channels::lock(&mut work, id).await?;
    if_match.check(before.version)?;
    channels::rename(&mut work, id, &patch.name).await?;
    let after = channels::channel(&mut work, id).await?;
    work.commit().await?;
    api.ctx.channels().clear();
    Ok(tagged(after))
}

/// Disconnects a channel and deletes its secrets. Its conversations stay.
#[utoipa::path(delete, path = "/api/v1/channels/{id}", params(IfMatch),
    responses((status = 204, description = "Another workspace may connect it.")))]
async fn delete(
    caller: Caller,
    Path(id): Path<ChannelId>,
    if_match: IfMatch,
    State(api): State<Shared>,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let before = channels::lock(&mut work, id).await?;
    if_match.check(before.version)?;
    channels::delete(&mut work, id).await?;
    work.commit().await?;
    api.ctx.channels().clear();
    Ok(StatusCode::NO_CONTENT)
}

/// Sets the rate of a channel.
#[utoipa::path(put, path = "/api/v1/channels/{id}/rate", request_body = Rate,
    responses((status = 200, description = "As it is now.", body = ChannelDetails)))]
async fn set_rate(
    caller: Caller,
    Path(id): Path<ChannelId>,
    Json(rate): Json<Rate>,
) -> Result<Tagged<ChannelDetails>, Problem> {
    let mut work = caller.begin().await?;
    channels::lock(&mut work, id).await?;
    channels::set_rate(&mut work, id, rate).await?;
    let after = channels::channel(&mut work, id).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// Asks the provider whether a channel works. A channel that it refuses is paused, and the admins are notified.
#[utoipa::path(post, path = "/api/v1/channels/{id}/check",
    responses((status = 200, description = "What the provider says.", body = ChannelDetails)))]
async fn check(
    caller: Caller,
    Path(id): Path<ChannelId>,
    State(api): State<Shared>,
) -> Result<Tagged<ChannelDetails>, Problem> {
    // Without a transaction of the call, because none is held while the provider answers. A repeated call is harmless.
    Ok(tagged(
        channels::check(&api.ctx, caller.workspace, id).await?,
    ))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Pause {
    /// The reason for other members, up to 100 characters.
    #[serde(default)]
    #[schema(example = "stocktaking", max_length = 100)]
    reason: String,
}

/// Pauses a channel. Its messages wait. Inbound messages still arrive.
#[utoipa::path(post, path = "/api/v1/channels/{id}/pause", request_body = Pause,
    responses((status = 200, description = "As it is now.", body = ChannelDetails)))]
async fn pause(
    caller: Caller,
    Path(id): Path<ChannelId>,
    State(api): State<Shared>,
    Json(pause): Json<Pause>,
) -> Result<Tagged<ChannelDetails>, Problem> {
    let mut work = caller.begin().await?;
    channels::lock(&mut work, id).await?;
    channels::stop(&mut work, id, &pause.reason).await?;
    let after = channels::channel(&mut work, id).await?;
    work.commit().await?;
    api.ctx.channels().clear();
    Ok(tagged(after))
}

/// Lets a paused channel send again.
#[utoipa::path(post, path = "/api/v1/channels/{id}/resume",
    responses((status = 200, description = "As it is now.", body = ChannelDetails)))]
async fn resume(
    caller: Caller,
    Path(id): Path<ChannelId>,
    State(api): State<Shared>,
) -> Result<Tagged<ChannelDetails>, Problem> {
    let mut work = caller.begin().await?;
    channels::lock(&mut work, id).await?;
    channels::resume(&mut work, id).await?;
    let after = channels::channel(&mut work, id).await?;
    work.commit().await?;
    api.ctx.channels().clear();
    Ok(tagged(after))
}

/// Replaces the token of a channel after the provider has accepted it.
#[utoipa::path(post, path = "/api/v1/channels/{id}/rotate-token", request_body = NewSecrets,
    responses((status = 200, description = "As it is now.", body = ChannelDetails)))]
async fn rotate(
    caller: Caller,
    Path(id): Path<ChannelId>,
    State(api): State<Shared>,
    Json(new): Json<NewSecrets>,
) -> Result<Tagged<ChannelDetails>, Problem> {
    // As for a check, the provider is asked first. The same token twice is harmless.
    channels::rotate(&api.ctx, caller.workspace, &caller.actor, id, &new).await?;
    let mut work = caller.begin().await?;
    let after = channels::channel(&mut work, id).await?;
    work.commit().await?;
    Ok(tagged(after))
}

/// The values for the provider's dashboard, ready to paste.
#[derive(Serialize, ToSchema)]
struct ChannelSetup {
    #[schema(example = "https://kazi.example/webhooks/whatsapp")]
    webhook_url: String,
    /// WhatsApp: the verify token. Green API: the webhook token. Empty for a number that uses the program's own.
    token: String,
}

/// Shows the values for the provider's dashboard: the webhook's address and its token. The audit log records the call.
#[utoipa::path(get, path = "/api/v1/channels/{id}/setup",
    responses((status = 200, description = "To paste.", body = ChannelSetup)))]
async fn setup(
    caller: Caller,
    Path(id): Path<ChannelId>,
    State(api): State<Shared>,
) -> Answer<ChannelSetup> {
    let (keyring, url) = (&api.ctx.keyring, &api.public_url);
    let mut work = caller.begin().await?;
    let setup = channels::setup(&mut work, keyring, id, url).await?;
    work.commit().await?;
    Ok(Json(ChannelSetup {
        webhook_url: setup.webhook_url,
        token: setup.token.expose_secret().to_owned(),
    }))
}

fn tagged(channel: ChannelDetails) -> Tagged<ChannelDetails> {
    Tagged(channel.version, channel)
}

impl From<ChannelError> for Problem {
    fn from(error: ChannelError) -> Self {
        match error {
            ChannelError::Invalid(invalid) => invalid.into(),
            ChannelError::NotFound => NOT_FOUND.detail("there is no such channel"),
            ChannelError::Taken => conflict(
                "channel_taken",
                "This number or instance is connected already.",
            ),
            ChannelError::Unreachable(_) => PROVIDER_UNREACHABLE,
            ChannelError::Database(error) => error.into(),
            ChannelError::Sealed(error) => Self::internal(error),
        }
    }
}
