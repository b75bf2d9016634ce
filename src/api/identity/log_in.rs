//! Registration, proof of an address, log-in, and forgotten passwords. No answer tells whether an address has an
//! account.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use kazi_jobs::identity::{
    self, ChangePassword, LogIn, LoginOutcome, Register, ResetPassword, VerifyEmail,
};
use kazi_platform::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    cookie::{Browser, Keeper},
    sessions::{self, SessionTokens},
};
use crate::api::{
    Api, Shared,
    caller::{CalledFrom, Device, User},
    extract::Json,
    routes::{Access, Routes},
};
use crate::problem::Problem;

pub fn routes() -> Routes {
    Routes::new("auth", "Registering and logging in.")
        .add(Access::Public, routes!(register))
        .add(Access::Public, routes!(verify_email))
        .add(Access::Public, routes!(send_again))
        .add(Access::Public, routes!(log_in))
        .add(Access::Public, routes!(log_in_totp))
        .add(Access::Public, routes!(forgot_password))
        .add(Access::Public, routes!(reset_password))
        .add(Access::User, routes!(change_password))
}

/// The outcome of a log-in.
#[derive(Serialize, ToSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
enum LogInAnswer {
    LoggedIn(SessionTokens),
    /// A code of the second factor is needed: `POST /api/v1/auth/login/totp`.
    TotpRequired {
        /// Good for one log-in within five minutes.
        challenge: String,
        #[schema(value_type = String, format = DateTime)]
        expires_at: Timestamp,
    },
    /// The address is not proven yet: `POST /api/v1/auth/verify-email`.
    VerificationRequired,
}

async fn answer(
    api: &Api,
    keeper: &Keeper,
    outcome: LoginOutcome,
) -> Result<(HeaderMap, Json<LogInAnswer>), Problem> {
    let mut headers = HeaderMap::new();
    let answer = match outcome {
        LoginOutcome::Done(done) => {
            let tokens = sessions::of_log_in(api, &done).await?;
            let (kept, tokens) = tokens.kept_by(keeper, api)?;
            headers = kept;
            LogInAnswer::LoggedIn(tokens)
        }
        LoginOutcome::NeedsTotp {
            challenge,
            expires_at,
        } => LogInAnswer::TotpRequired {
            challenge: challenge.expose_secret().to_owned(),
            expires_at,
        },
        LoginOutcome::NeedsVerification => LogInAnswer::VerificationRequired,
    };
    Ok((headers, Json(answer)))
}

/// Registers a user.
///
/// The answer is always the same. The address gets a code by e-mail, or, if it has an account already, a letter that
/// says so.
#[utoipa::path(post, path = "/api/v1/auth/register", request_body = Register,
    responses((status = 202, description = "A letter is on its way.")))]
async fn register(
    State(api): State<Shared>,
    CalledFrom(origin): CalledFrom,
    Json(body): Json<Register>,
) -> Result<StatusCode, Problem> {
    identity::register(&api.ctx, &body, &origin).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Proves an e-mail address with its code, and logs in.
#[utoipa::path(post, path = "/api/v1/auth/verify-email", params(Device, Browser), request_body = VerifyEmail,
    responses((status = 200, description = "It is proven.", body = LogInAnswer)))]
async fn verify_email(
    State(api): State<Shared>,
    CalledFrom(origin): CalledFrom,
    keeper: Keeper,
    Json(body): Json<VerifyEmail>,
) -> Result<(HeaderMap, Json<LogInAnswer>), Problem> {
    let outcome = identity::verify_email(&api.ctx, &body, &origin).await?;
    answer(&api, &keeper, outcome).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Address {
    #[schema(format = Email, max_length = 254, example = "amina@example.com")]
    email: String,
}

/// Sends another code for an e-mail address. The answer is always the same.
#[utoipa::path(post, path = "/api/v1/auth/verify-email/send", request_body = Address,
    responses((status = 202, description = "A letter is on its way, if the address has an account.")))]
async fn send_again(
    State(api): State<Shared>,
    CalledFrom(origin): CalledFrom,
    Json(body): Json<Address>,
) -> Result<StatusCode, Problem> {
    identity::request_email_code(&api.ctx, &body.email, &origin).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Logs in with a password.
#[utoipa::path(post, path = "/api/v1/auth/login", params(Device, Browser), request_body = LogIn,
    responses(
        (status = 200, description = "The password is right.", body = LogInAnswer),
        (status = 401, description = "`wrong_credentials`, also where there is no such user."),
        (status = 403, description = "`user_shut_out`: the password is right, and the platform's staff has shut the user out."),
    ))]
async fn log_in(
    State(api): State<Shared>,
    CalledFrom(origin): CalledFrom,
    keeper: Keeper,
    Json(body): Json<LogIn>,
) -> Result<(HeaderMap, Json<LogInAnswer>), Problem> {
    let outcome = identity::log_in(&api.ctx, &body, &origin).await?;
    answer(&api, &keeper, outcome).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LogInTotp {
    /// The challenge from the answer to the password.
    #[schema(value_type = String, format = Password)]
    challenge: SecretString,
    /// From the authenticator, or a recovery code.
    #[schema(value_type = String, format = Password, example = "123456")]
    code: SecretString,
}

/// Finishes a log-in with the second factor.
#[utoipa::path(post, path = "/api/v1/auth/login/totp", params(Device, Browser), request_body = LogInTotp,
    responses(
        (status = 200, description = "It is done.", body = SessionTokens),
        (status = 401, description = "`session_ended`: the challenge is none, used or too old."),
    ))]
async fn log_in_totp(
    State(api): State<Shared>,
    CalledFrom(origin): CalledFrom,
    keeper: Keeper,
    Json(body): Json<LogInTotp>,
) -> Result<(HeaderMap, Json<SessionTokens>), Problem> {
    let done = identity::log_in_totp(&api.ctx, &body.challenge, &body.code, &origin).await?;
    let tokens = sessions::of_log_in(&api, &done).await?;
    let (headers, tokens) = tokens.kept_by(&keeper, &api)?;
    Ok((headers, Json(tokens)))
}

/// Sends a code for setting a new password. The answer is always the same.
#[utoipa::path(post, path = "/api/v1/auth/forgot-password", request_body = Address,
    responses((status = 202, description = "A letter is on its way, if the address has an account.")))]
async fn forgot_password(
    State(api): State<Shared>,
    CalledFrom(origin): CalledFrom,
    Json(body): Json<Address>,
) -> Result<StatusCode, Problem> {
    identity::forgot_password(&api.ctx, &body.email, &origin).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Sets a new password with the code. All sessions end.
#[utoipa::path(post, path = "/api/v1/auth/reset-password", request_body = ResetPassword,
    responses((status = 204, description = "Log in with the new one.")))]
async fn reset_password(
    State(api): State<Shared>,
    CalledFrom(origin): CalledFrom,
    Json(body): Json<ResetPassword>,
) -> Result<StatusCode, Problem> {
    identity::reset_password(&api.ctx, &body, &origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes the password. All other sessions end.
#[utoipa::path(post, path = "/api/v1/auth/change-password", request_body = ChangePassword,
    responses((status = 204, description = "It is changed.")))]
async fn change_password(
    user: User,
    State(api): State<Shared>,
    Json(body): Json<ChangePassword>,
) -> Result<StatusCode, Problem> {
    identity::change_password(&api.ctx, &user.actor, user.user, user.session, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}
