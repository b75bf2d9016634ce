//! The second factor: an authenticator and recovery codes.

use axum::{extract::State, http::StatusCode};
use kazi_jobs::identity;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::User,
    extract::Json,
    routes::{Access, Routes},
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new(
        "second-factor",
        "An authenticator, and codes for when it is lost.",
    )
    .add(Access::User, routes!(enrol))
    .add(Access::User, routes!(confirm))
    .add(Access::User, routes!(disable))
    .add(Access::User, routes!(renew_recovery_codes))
    .add(Access::User, routes!(step_up))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeBody {
    #[schema(value_type = String, format = Password, example = "123456")]
    pub code: SecretString,
}

/// The secret of a new authenticator. It is not shown again.
#[derive(Serialize, ToSchema)]
struct Authenticator {
    /// Base32, for typing.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    secret: String,
    /// An address that an authenticator opens.
    #[schema(example = "otpauth://totp/Kazi:amina%40example.com?secret=…")]
    url: String,
    /// The same address as a picture.
    #[schema(example = "data:image/svg+xml;base64,…")]
    qr: String,
}

/// Codes for a lost authenticator. Each is good once, and they are not shown again.
#[derive(Serialize, ToSchema)]
struct RecoveryCodes {
    #[schema(example = json!(["abcde-fghjk"]))]
    codes: Vec<String>,
}

fn shown(codes: &[SecretString]) -> RecoveryCodes {
    let clear = |code: &SecretString| code.expose_secret().to_owned();
    RecoveryCodes {
        codes: codes.iter().map(clear).collect(),
    }
}

/// Begins to set up an authenticator. It counts after a code of it is confirmed.
#[utoipa::path(post, path = "/api/v1/auth/totp",
    responses(
        (status = 200, description = "Its secret.", body = Authenticator),
        (status = 409, description = "`totp_on`: there is one already."),
    ))]
async fn enrol(user: User, State(api): State<Shared>) -> Answer<Authenticator> {
    let new = identity::enrol_totp(&api.ctx, user.user).await?;
    let clear = |secret: &SecretString| secret.expose_secret().to_owned();
    Ok(Json(Authenticator {
        secret: clear(&new.secret),
        url: clear(&new.url),
        qr: clear(&new.qr),
    }))
}

/// Confirms the new authenticator with a code of it. From now on log-ins need one.
#[utoipa::path(post, path = "/api/v1/auth/totp/confirm", request_body = CodeBody,
    responses(
        (status = 200, description = "It is set up.", body = RecoveryCodes),
        (status = 409, description = "`totp_on`, or `totp_off`: none is being set up."),
    ))]
async fn confirm(
    user: User,
    State(api): State<Shared>,
    Json(body): Json<CodeBody>,
) -> Answer<RecoveryCodes> {
    let (actor, session) = (&user.actor, user.session);
    let codes = identity::confirm_totp(&api.ctx, actor, user.user, session, &body.code).await?;
    Ok(Json(shown(&codes)))
}

/// Removes the authenticator and the recovery codes.
#[utoipa::path(post, path = "/api/v1/auth/totp/disable", request_body = CodeBody,
    responses(
        (status = 204, description = "They are gone."),
        (status = 409, description = "`totp_off`: there is none."),
    ))]
async fn disable(
    user: User,
    State(api): State<Shared>,
    Json(body): Json<CodeBody>,
) -> Result<StatusCode, Problem> {
    let (actor, session) = (&user.actor, user.session);
    identity::disable_totp(&api.ctx, actor, user.user, session, &body.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Creates ten new recovery codes. The earlier ones end.
#[utoipa::path(post, path = "/api/v1/auth/recovery-codes", request_body = CodeBody,
    responses(
        (status = 200, description = "They count from now on.", body = RecoveryCodes),
        (status = 409, description = "`totp_off`: there is no authenticator."),
    ))]
async fn renew_recovery_codes(
    user: User,
    State(api): State<Shared>,
    Json(body): Json<CodeBody>,
) -> Answer<RecoveryCodes> {
    let (ctx, actor, session) = (&api.ctx, &user.actor, user.session);
    let codes = identity::renew_recovery_codes(ctx, actor, user.user, session, &body.code).await?;
    Ok(Json(shown(&codes)))
}

/// Shows the second factor again. For ten minutes, this session may make calls that need a fresh one.
#[utoipa::path(post, path = "/api/v1/auth/step-up", request_body = CodeBody,
    responses(
        (status = 204, description = "It is fresh."),
        (status = 409, description = "`totp_off`: there is no authenticator."),
    ))]
async fn step_up(
    user: User,
    State(api): State<Shared>,
    Json(body): Json<CodeBody>,
) -> Result<StatusCode, Problem> {
    let (actor, session) = (&user.actor, user.session);
    identity::step_up(&api.ctx, actor, user.user, session, &body.code).await?;
    Ok(StatusCode::NO_CONTENT)
}
