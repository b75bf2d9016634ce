//! Logging in: a password, and a second factor where the user has one.

use kazi_platform::database;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgConnection;

use super::{
    IdentityError, LoginOutcome, Origin,
    account::find,
    audited,
    input::LogIn,
    lockout,
    model::{CHALLENGE_LIFE, Subject, User},
    password, secret, session,
    store::{second_factor, users},
    totp,
};
use crate::{Context, audit::Change, violations::Violations};

/// Checks the password of a log-in, and ends the log-in if the user has no second factor.
///
/// # Errors
/// [`IdentityError::WrongCredentials`], also where there is no such user: it takes as long. [`IdentityError::ShutOut`];
/// [`IdentityError::TooMany`]; the input breaks a rule.
pub async fn log_in(
    ctx: &Context,
    input: &LogIn,
    origin: &Origin,
) -> Result<LoginOutcome, IdentityError> {
    let mut violations = Violations::default();
    let email = violations.email(&input.email);
    violations.given("/password", &input.password);
    violations.end()?;
    let user = find(ctx, &email).await?;
    let counters = lockout::of_log_in(ctx, &email, user.as_ref().map(|u| u.id), origin).await?;
    // Before the password is looked at, so that many tries at once are no way around.
    let this = lockout::enter(ctx, counters).await?;
    let hash = user.as_ref().map(|user| user.password_hash.as_str());
    let right = password::verify(&input.password, hash).await?;
    let Some(user) = user.filter(|_| right) else {
        return Err(IdentityError::WrongCredentials);
    };
    // Told to nobody who lacks the password.
    if user.disabled_at.is_some() {
        return Err(IdentityError::ShutOut);
    }
    // Users belong to no workspace, nor do their sessions.
    let mut tx = database::platform(&ctx.db).await?;
    let outcome = admit(
        ctx,
        &mut tx,
        &user,
        user.email_verified_at.is_some(),
        input.remember,
        origin,
    )
    .await?;
    this.succeeded(&mut tx, ctx.clock.now()).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// What follows the right password.
pub(super) async fn admit(
    ctx: &Context,
    conn: &mut PgConnection,
    user: &User,
    verified: bool,
    remember: bool,
    origin: &Origin,
) -> Result<LoginOutcome, IdentityError> {
    if !verified {
        return Ok(LoginOutcome::NeedsVerification);
    }
    let now = ctx.clock.now();
    if user.totp {
        let challenge = secret::random();
        let expires_at = now + CHALLENGE_LIFE;
        let hash = secret::hash(&challenge);
        second_factor::insert_challenge(conn, user.id, &hash, expires_at, remember).await?;
        return Ok(LoginOutcome::NeedsTotp {
            challenge,
            expires_at,
        });
    }
    let actor = origin.actor(user.id);
    let subject = Subject::User(user.id);
    let logged_in = session::start(ctx, &mut *conn, subject, None, remember, origin).await?;
    let change = Change::done("identity.log_in", ("session", logged_in.session));
    audited(conn, &actor, &change).await?;
    Ok(LoginOutcome::Done(logged_in))
}

/// Ends a log-in that wanted a second factor: a code of the authenticator, or a recovery code.
///
/// # Errors
/// The challenge has ended ([`IdentityError::SessionEnded`]), the code is wrong or was used, too many tries.
pub async fn log_in_totp(
    ctx: &Context,
    challenge: &SecretString,
    code: &SecretString,
    origin: &Origin,
) -> Result<super::LoggedIn, IdentityError> {
    let now = ctx.clock.now();
    let hash = secret::hash(challenge);
    // Of the platform: no user is logged in yet.
    let mut tx = database::platform(&ctx.db).await?;
    let challenged = second_factor::challenged(&mut tx, now, &hash).await?;
    drop(tx);
    let (user, remember) = challenged.ok_or(IdentityError::SessionEnded)?;
    let this = totp::enter(ctx, user, &origin.place()).await?;
    // As above.
    let mut tx = database::platform(&ctx.db).await?;
    // First, and its row stays locked: of two codes for one challenge the second finds it used.
    if !second_factor::use_challenge(&mut tx, now, &hash).await? {
        return Err(IdentityError::SessionEnded);
    }
    let known = users::by_id(&mut tx, user).await?;
    if known.is_none_or(|known| known.disabled_at.is_some() || !known.totp) {
        return Err(IdentityError::SessionEnded);
    }
    let actor = origin.actor(user);
    // A wrong code rolls the challenge back: it is good for another try.
    if !totp::check(ctx, &mut tx, &actor, user, code.expose_secret()).await? {
        return Err(IdentityError::WrongCode);
    }
    let subject = Subject::User(user);
    let logged_in = session::start(ctx, &mut tx, subject, Some(now), remember, origin).await?;
    let change = Change::done("identity.log_in", ("session", logged_in.session));
    audited(&mut tx, &actor, &change).await?;
    this.succeeded(&mut tx, now).await?;
    tx.commit().await?;
    Ok(logged_in)
}
