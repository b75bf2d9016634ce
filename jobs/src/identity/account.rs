//! Having an account: registering, proving the address, a forgotten password, a changed one.
//!
//! Nothing here tells whether an address has an account: the answers are the same, and so is the work behind them (one
//! Argon2id, the same statements). What differs is told by mail to whoever reads it there.

use kazi_platform::{
    Timestamp, UserId,
    actor::{Actor, ActorKind},
    database,
};
use secrecy::SecretString;
use serde_json::json;

use super::{
    IdentityError, LoginOutcome, Origin, SessionId, audited, codes,
    input::{ChangePassword, Register, ResetPassword, VerifyEmail},
    lockout::{self, Counter},
    log_in,
    model::{Purpose, Subject, Target, User},
    password,
    store::{second_factor, sessions, users},
};
use crate::{Context, audit::Change, violations::Violations};

/// Registers a user. Always the same answer: a code goes to the address, or, where it has an account already, a letter
/// that says so.
///
/// # Errors
/// The input breaks a rule; too many registrations from there or codes to the address.
pub async fn register(
    ctx: &Context,
    input: &Register,
    origin: &Origin,
) -> Result<(), IdentityError> {
    let mut violations = Violations::default();
    let email = violations.email(&input.email);
    let name = violations.name(input.name.as_deref());
    let locale = violations.locale(input.locale.as_deref());
    violations.password(&input.password, &near(&email, name.as_deref()));
    violations.end()?;
    count_asking(ctx, origin).await?;
    let hash = password::hash(&input.password).await?;
    let now = ctx.clock.now();
    // Users belong to no workspace; so it is with all transactions here.
    let mut tx = database::platform(&ctx.db).await?;
    let locale = locale.as_deref().unwrap_or("en");
    let made = users::register(&mut tx, now, &email, &hash, name.as_deref(), locale).await?;
    let user = match users::by_email(&mut tx, &email).await? {
        Some(user) => user.id,
        None => return Err(sqlx::Error::RowNotFound.into()),
    };
    // Also for an address that has an owner: the same work, and a trace of who tries.
    let change = match made {
        Some(_) => {
            let after = json!({"locale": locale});
            Change::created("identity.register", ("user", user), &after)
        }
        None => Change::done("identity.register_again", ("user", user)),
    };
    audited(&mut tx, &origin.actor(user), &change).await?;
    let target = to_email(Purpose::VerifyEmail, &email, Some(user));
    codes::request(&mut tx, now, &target).await?;
    tx.commit().await?;
    Ok(())
}

/// Sends another code that proves an address. Always the same answer.
///
/// # Errors
/// It is no address; too many codes.
pub async fn request_email_code(
    ctx: &Context,
    email: &str,
    origin: &Origin,
) -> Result<(), IdentityError> {
    ask(ctx, Purpose::VerifyEmail, email, origin).await
}

/// Sends a code that lets its reader set another password. Always the same answer.
///
/// # Errors
/// It is no address; too many codes.
pub async fn forgot_password(
    ctx: &Context,
    email: &str,
    origin: &Origin,
) -> Result<(), IdentityError> {
    ask(ctx, Purpose::ResetPassword, email, origin).await
}

async fn ask(
    ctx: &Context,
    purpose: Purpose,
    email: &str,
    origin: &Origin,
) -> Result<(), IdentityError> {
    let mut violations = Violations::default();
    let email = violations.email(email);
    violations.end()?;
    count_asking(ctx, origin).await?;
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let user = users::by_email(&mut tx, &email).await?.map(|user| user.id);
    let target = to_email(purpose, &email, user);
    codes::request(&mut tx, ctx.clock.now(), &target).await?;
    tx.commit().await?;
    Ok(())
}

/// Proves an address and logs its user in. The code alone does not: anybody can register any address, and its reader must
/// not be led into an account that opens with somebody else's password.
///
/// # Errors
/// Code or password is wrong; too many tries.
pub async fn verify_email(
    ctx: &Context,
    input: &VerifyEmail,
    origin: &Origin,
) -> Result<LoginOutcome, IdentityError> {
    let mut violations = Violations::default();
    let email = violations.email(&input.email);
    violations.given("/password", &input.password);
    violations.given("/code", &input.code);
    violations.end()?;
    let user = find(ctx, &email).await?;
    let counters = lockout::of_log_in(ctx, &email, user.as_ref().map(|u| u.id), origin).await?;
    let this = lockout::enter(ctx, counters).await?;
    let hash = user.as_ref().map(|user| user.password_hash.as_str());
    let right = password::verify(&input.password, hash).await?;
    let Some(user) = user.filter(|_| right) else {
        return Err(IdentityError::WrongCode);
    };
    let now = ctx.clock.now();
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let target = to_email(Purpose::VerifyEmail, &email, Some(user.id));
    let taken = codes::take(&mut tx, &ctx.keyring, now, &target, &input.code).await?;
    if taken.is_none() {
        // The try counts.
        tx.commit().await?;
        return Err(IdentityError::WrongCode);
    }
    if !users::verify_email(&mut tx, now, user.id, &user.password_hash).await? {
        return Err(IdentityError::WrongCode);
    }
    let actor = origin.actor(user.id);
    let state = |at: Option<Timestamp>| json!({"email_verified_at": at});
    let change = Change::updated(
        "identity.verify_email",
        ("user", user.id),
        &state(user.email_verified_at),
        &state(user.email_verified_at.or(Some(now))),
    );
    audited(&mut tx, &actor, &change).await?;
    let outcome = log_in::admit(ctx, &mut tx, &user, true, input.remember, origin).await?;
    this.succeeded(&mut tx, now).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Sets another password by a code that was mailed. All sessions end, because a thief may have one.
///
/// # Errors
/// The code is wrong, or the new password breaks a rule; too many tries.
pub async fn reset_password(
    ctx: &Context,
    input: &ResetPassword,
    origin: &Origin,
) -> Result<(), IdentityError> {
    let mut violations = Violations::default();
    let email = violations.email(&input.email);
    violations.given("/code", &input.code);
    violations.password(&input.password, &near(&email, None));
    violations.end()?;
    let place = origin.place();
    let counters = vec![
        Counter::personal("reset/account_address", format!("{email}|{place}"), 5),
        Counter::shared("reset/address", place, 30),
    ];
    let this = lockout::enter(ctx, counters).await?;
    let hash = password::hash(&input.password).await?;
    let now = ctx.clock.now();
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let target = to_email(Purpose::ResetPassword, &email, None);
    let taken = codes::take(&mut tx, &ctx.keyring, now, &target, &input.code).await?;
    let Some(user) = taken.and_then(|taken| taken.user) else {
        tx.commit().await?;
        return Err(IdentityError::WrongCode);
    };
    if !users::reset_password(&mut tx, now, user, &hash).await? {
        return Err(IdentityError::WrongCode);
    }
    sessions::revoke(&mut tx, now, Subject::User(user), None, None, "password").await?;
    second_factor::drop_challenges(&mut tx, user).await?;
    let change = Change::done("identity.reset_password", ("user", user));
    audited(&mut tx, &origin.actor(user), &change).await?;
    this.succeeded(&mut tx, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes the password of a logged-in user. Their other sessions end.
///
/// # Errors
/// The current password is wrong, or the new one breaks a rule; too many tries.
pub async fn change_password(
    ctx: &Context,
    actor: &Actor,
    user: UserId,
    session: SessionId,
    input: &ChangePassword,
) -> Result<(), IdentityError> {
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let known = users::by_id(&mut tx, user).await?;
    drop(tx);
    let known = known.ok_or(IdentityError::SessionEnded)?;
    let mut violations = Violations::default();
    violations.given("/current_password", &input.current_password);
    violations.password(&input.password, &near(&known.email, known.name.as_deref()));
    violations.end()?;
    let counter = Counter::personal("change_password", session.to_string(), 5);
    let this = lockout::enter(ctx, vec![counter]).await?;
    if !password::verify(&input.current_password, Some(&known.password_hash)).await? {
        return Err(IdentityError::WrongCredentials);
    }
    let hash = password::hash(&input.password).await?;
    let now = ctx.clock.now();
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    if !users::change_password(&mut tx, now, user, &known.password_hash, &hash).await? {
        return Err(IdentityError::WrongCredentials);
    }
    let subject = Subject::User(user);
    sessions::revoke(&mut tx, now, subject, None, Some(session), "password").await?;
    second_factor::drop_challenges(&mut tx, user).await?;
    let change = Change::done("identity.change_password", ("user", user));
    audited(&mut tx, actor, &change).await?;
    this.succeeded(&mut tx, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes a user whose address needs no proof: by the operator.
///
/// # Errors
/// The input breaks a rule, or the address has an account.
pub async fn create_user(
    ctx: &Context,
    actor: &Actor,
    email: &str,
    password: &SecretString,
    name: Option<&str>,
    is_staff: bool,
) -> Result<UserId, IdentityError> {
    let mut violations = Violations::default();
    let email = violations.email(email);
    let name = violations.name(name);
    violations.password(password, &near(&email, name.as_deref()));
    violations.end()?;
    let hash = password::hash(password).await?;
    let now = ctx.clock.now();
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let made =
        users::insert_verified(&mut tx, now, &email, &hash, name.as_deref(), is_staff).await?;
    let Some(user) = made else {
        return Err(IdentityError::Conflict {
            code: "email_taken",
            detail: "the address has an account",
        });
    };
    let after = json!({"is_staff": is_staff});
    let change = Change::created("identity.create_user", ("user", user), &after);
    audited(&mut tx, actor, &change).await?;
    tx.commit().await?;
    Ok(user)
}

/// Shuts a user out, with all their sessions, or lets them in again: by the operator, or by the staff if the user is none of them.
pub async fn set_disabled(
    ctx: &Context,
    actor: &Actor,
    user: UserId,
    disabled: bool,
) -> Result<(), IdentityError> {
    let now = ctx.clock.now();
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let before = users::by_id(&mut tx, user).await?;
    let before = before.ok_or(IdentityError::NotFound("user"))?;
    if before.is_staff && actor.kind == ActorKind::Staff {
        return Err(IdentityError::Conflict {
            code: "is_staff",
            detail: "the user is one of the staff",
        });
    }
    if users::set_disabled(&mut tx, now, user, disabled).await? {
        sessions::revoke(&mut tx, now, Subject::User(user), None, None, "disabled").await?;
        let action = match disabled {
            true => "identity.disable_user",
            false => "identity.enable_user",
        };
        let state = |at: Option<Timestamp>| json!({"disabled_at": at});
        let (was, is) = (state(before.disabled_at), state(disabled.then_some(now)));
        let change = Change::updated(action, ("user", user), &was, &is);
        audited(&mut tx, actor, &change).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Limits the codes that one place asks for, to any address: codes cost money and fill mailboxes.
pub(super) async fn count_asking(ctx: &Context, origin: &Origin) -> Result<(), IdentityError> {
    let counter = Counter::shared("ask/address", origin.place(), 20);
    // Never taken back.
    lockout::enter(ctx, vec![counter]).await?;
    Ok(())
}

pub(super) async fn find(ctx: &Context, email: &str) -> Result<Option<User>, IdentityError> {
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    Ok(users::by_email(&mut tx, email).await?)
}

/// What a user is known by.
fn near<'a>(email: &'a str, name: Option<&'a str>) -> Vec<&'a str> {
    let local = email.split('@').next();
    [Some(email), local, name].into_iter().flatten().collect()
}

fn to_email(purpose: Purpose, email: &str, user: Option<UserId>) -> Target<'_> {
    Target {
        purpose,
        destination: email,
        user,
        workspace: None,
    }
}
