//! What users see and change of themselves.

use kazi_platform::{Phone, Timestamp, UserId, actor::Actor, database};
use secrecy::SecretString;
use serde_json::json;
use sqlx::PgConnection;

use super::{
    IdentityError, Origin, Person, UserView,
    account::count_asking,
    audited, codes,
    input::UpdateUser,
    model::{Purpose, Target},
    store::users,
};
use crate::{Context, audit::Change, notifications::Mailbox, violations::Violations};

/// A user, for themselves. In a transaction of the platform.
pub async fn get_user(conn: &mut PgConnection, user: UserId) -> Result<UserView, IdentityError> {
    let user = users::by_id(conn, user).await?;
    user.map(UserView::from)
        .ok_or(IdentityError::NotFound("user"))
}

/// Who users are, for those who work with them. In a transaction of the platform.
pub async fn people(conn: &mut PgConnection, users: &[UserId]) -> Result<Vec<Person>, sqlx::Error> {
    users::people(conn, users).await
}

/// Where letters to a user go, if the user has proven the address and is not shut out.
pub(super) async fn mailbox(ctx: &Context, user: UserId) -> Result<Option<Mailbox>, sqlx::Error> {
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let found = users::mailbox(&mut tx, user).await?;
    tx.commit().await?;
    Ok(found)
}

/// The user with this address, if there is one: for the operator. Nothing that a caller sees may follow from it.
pub async fn user_by_email(
    conn: &mut PgConnection,
    email: &str,
) -> Result<Option<UserId>, sqlx::Error> {
    let user = users::by_email(conn, email).await?;
    Ok(user.map(|user| user.id))
}

/// Changes what is given.
///
/// # Errors
/// The input breaks a rule.
pub async fn update_user(
    ctx: &Context,
    actor: &Actor,
    user: UserId,
    input: &UpdateUser,
) -> Result<UserView, IdentityError> {
    let mut violations = Violations::default();
    let name = violations.name(input.name.as_deref());
    let locale = violations.locale(input.locale.as_deref());
    let phone = violations.phone(input.phone.as_deref());
    violations.end()?;
    // Users belong to no workspace; so it is with all transactions here.
    let mut tx = database::platform(&ctx.db).await?;
    let before = get_user(&mut tx, user).await?;
    let (name, locale) = (name.as_deref(), locale.as_deref());
    users::update(&mut tx, ctx.clock.now(), user, name, locale, phone.as_ref()).await?;
    let after = get_user(&mut tx, user).await?;
    let change = Change::updated("identity.update_user", ("user", user), &before, &after);
    audited(&mut tx, actor, &change).await?;
    tx.commit().await?;
    Ok(after)
}

const NO_PHONE: IdentityError = IdentityError::Conflict {
    code: "no_phone",
    detail: "there is no phone to prove",
};

/// Sends a code to the user's phone, over WhatsApp.
///
/// # Errors
/// They have none, or no channel sends codes; too many codes.
pub async fn request_phone_code(
    ctx: &Context,
    user: UserId,
    origin: &Origin,
) -> Result<(), IdentityError> {
    if ctx.providers.code_channel.is_none() {
        return Err(IdentityError::Conflict {
            code: "no_channel",
            detail: "no WhatsApp channel sends codes here",
        });
    }
    count_asking(ctx, origin).await?;
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let phone = get_user(&mut tx, user).await?.phone.ok_or(NO_PHONE)?;
    codes::request(&mut tx, ctx.clock.now(), &to_phone(&phone, user)).await?;
    tx.commit().await?;
    Ok(())
}

/// Proves the user's phone.
///
/// # Errors
/// The code is wrong.
pub async fn verify_phone(
    ctx: &Context,
    actor: &Actor,
    user: UserId,
    code: &SecretString,
) -> Result<(), IdentityError> {
    let now = ctx.clock.now();
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let known = get_user(&mut tx, user).await?;
    let phone = known.phone.ok_or(NO_PHONE)?;
    let target = to_phone(&phone, user);
    let taken = codes::take(&mut tx, &ctx.keyring, now, &target, code).await?;
    let proven = taken.is_some() && users::verify_phone(&mut tx, now, user, &phone).await?;
    if proven {
        let state = |at: Option<Timestamp>| json!({"phone_verified_at": at});
        let (was, is) = (state(known.phone_verified_at), state(Some(now)));
        let change = Change::updated("identity.verify_phone", ("user", user), &was, &is);
        audited(&mut tx, actor, &change).await?;
    }
    // The try counts also when it was wrong.
    tx.commit().await?;
    proven.then_some(()).ok_or(IdentityError::WrongCode)
}

fn to_phone(phone: &Phone, user: UserId) -> Target<'_> {
    Target {
        purpose: Purpose::VerifyPhone,
        destination: phone.as_str(),
        user: Some(user),
        workspace: None,
    }
}
