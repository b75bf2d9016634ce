//! The second factor: an authenticator's codes (RFC 6238), each good once, and recovery codes for when it is lost.

use base64::{Engine, engine::general_purpose::STANDARD};
use kazi_platform::{UserId, WorkspaceId, actor::Actor, crockford, database};
use qrcode::{QrCode, render::svg};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sqlx::PgConnection;
use totp_rs::{Builder, Totp};

use super::{
    IdentityError, SessionId, audited,
    lockout::{self, Counter, Try},
    store::{second_factor, sessions, users},
};
use crate::{Context, audit::Change};

/// What authenticators show beside the account.
const ISSUER: &str = "Kazi";
const RECOVERY_CODES: usize = 10;
/// 50 bits.
const RECOVERY_LENGTH: usize = 10;

/// A secret for an authenticator, shown once. It counts when a code of it has come back.
#[derive(Debug)]
pub struct Enrolment {
    /// In base32, to be typed.
    pub secret: SecretString,
    /// `otpauth://totp/…`
    pub url: SecretString,
    /// The same as a picture: `data:image/svg+xml;base64,…`
    pub qr: SecretString,
}

const ALREADY_ON: IdentityError = IdentityError::Conflict {
    code: "totp_on",
    detail: "an authenticator is set up already: remove it first",
};
const NOT_ON: IdentityError = IdentityError::Conflict {
    code: "totp_off",
    detail: "no authenticator is set up",
};

fn place(user: UserId) -> String {
    format!("totp_secrets/{user}")
}

fn authenticator(secret: &[u8], account: &str) -> Result<Totp, IdentityError> {
    let builder = Builder::new()
        .with_secret(secret.to_vec())
        .with_issuer(Some(ISSUER));
    // A colon would end the account's name.
    let built = builder.with_account_name(account.replace(':', " ")).build();
    built.map_err(|_| IdentityError::Hashing)
}

/// Begins to set an authenticator up; an earlier beginning is forgotten.
///
/// # Errors
/// There is one already.
pub async fn enrol_totp(ctx: &Context, user: UserId) -> Result<Enrolment, IdentityError> {
    // Users belong to no workspace; so it is with all transactions here.
    let mut tx = database::platform(&ctx.db).await?;
    let known = users::by_id(&mut tx, user).await?;
    let known = known.ok_or(IdentityError::SessionEnded)?;
    let secret = rand::random::<[u8; 20]>();
    let sealed = ctx
        .keyring
        .seal(&mut tx, WorkspaceId::PLATFORM, &place(user), &secret)
        .await?;
    if !second_factor::enrol(&mut tx, ctx.clock.now(), user, &sealed).await? {
        return Err(ALREADY_ON);
    }
    tx.commit().await?;
    let totp = authenticator(&secret, &known.email)?;
    let url = totp.to_url().map_err(|_| IdentityError::Hashing)?;
    let picture = QrCode::new(&url).map_err(|_| IdentityError::Hashing)?;
    let picture = picture
        .render::<svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build();
    Ok(Enrolment {
        secret: totp.secret().to_base32().into(),
        url: url.into(),
        qr: format!("data:image/svg+xml;base64,{}", STANDARD.encode(picture)).into(),
    })
}

/// The first code of a new authenticator: from now on log-ins want one. Answers the recovery codes, which are not shown
/// again.
///
/// # Errors
/// The code is wrong; none is being set up, or it is on already; too many tries.
pub async fn confirm_totp(
    ctx: &Context,
    actor: &Actor,
    user: UserId,
    session: SessionId,
    code: &SecretString,
) -> Result<Vec<SecretString>, IdentityError> {
    let this = enter(ctx, user, &session.to_string()).await?;
    let now = ctx.clock.now();
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    match second_factor::secret(&mut tx, user).await? {
        None => return Err(NOT_ON),
        Some((_, true)) => return Err(ALREADY_ON),
        Some((sealed, false)) => {
            if !accept(ctx, &mut tx, user, &sealed, code.expose_secret()).await? {
                return Err(IdentityError::WrongCode);
            }
        }
    }
    if !second_factor::confirm(&mut tx, now, user).await? {
        return Err(ALREADY_ON);
    }
    sessions::step_up(&mut tx, now, user, session).await?;
    let codes = new_recovery_codes(ctx, &mut tx, user).await?;
    audited(
        &mut tx,
        actor,
        &totp_changed("identity.totp_on", user, true),
    )
    .await?;
    this.succeeded(&mut tx, now).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Removes the authenticator and the recovery codes.
///
/// # Errors
/// The code is wrong; there is none; too many tries.
pub async fn disable_totp(
    ctx: &Context,
    actor: &Actor,
    user: UserId,
    session: SessionId,
    code: &SecretString,
) -> Result<(), IdentityError> {
    let mut tx = shown(ctx, actor, user, session, code).await?;
    second_factor::remove(&mut tx, user).await?;
    audited(
        &mut tx,
        actor,
        &totp_changed("identity.totp_off", user, false),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Makes ten new recovery codes; the earlier ones end.
///
/// # Errors
/// The code is wrong; there is no authenticator; too many tries.
pub async fn renew_recovery_codes(
    ctx: &Context,
    actor: &Actor,
    user: UserId,
    session: SessionId,
    code: &SecretString,
) -> Result<Vec<SecretString>, IdentityError> {
    let mut tx = shown(ctx, actor, user, session, code).await?;
    let codes = new_recovery_codes(ctx, &mut tx, user).await?;
    let change = Change::done("identity.recovery_codes", ("user", user));
    audited(&mut tx, actor, &change).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Shows the second factor again: for ten minutes the session may do what wants one.
///
/// # Errors
/// The code is wrong; there is no authenticator; the session has ended; too many tries.
pub async fn step_up(
    ctx: &Context,
    actor: &Actor,
    user: UserId,
    session: SessionId,
    code: &SecretString,
) -> Result<(), IdentityError> {
    let mut tx = shown(ctx, actor, user, session, code).await?;
    let change = Change::done("identity.step_up", ("session", session));
    audited(&mut tx, actor, &change).await?;
    tx.commit().await?;
    Ok(())
}

fn totp_changed(action: &'static str, user: UserId, on: bool) -> Change {
    let state = |on: bool| json!({"totp": on});
    Change::updated(action, ("user", user), &state(!on), &state(on))
}

/// Counts the recovery codes that are left.
pub async fn count_recovery_codes(
    conn: &mut PgConnection,
    user: UserId,
) -> Result<i64, sqlx::Error> {
    second_factor::count_recovery_codes(conn, user).await
}

/// Counts a try of a second factor. The caller knows the password already.
pub(super) async fn enter(ctx: &Context, user: UserId, place: &str) -> Result<Try, IdentityError> {
    let counters = vec![
        Counter::personal("totp/place", format!("{user}|{place}"), 5),
        Counter::shared("totp/user", user.to_string(), 20),
    ];
    lockout::enter(ctx, counters).await
}

/// Takes a code in a session, which has stepped up with it; the transaction is the caller's to go on with.
async fn shown(
    ctx: &Context,
    actor: &Actor,
    user: UserId,
    session: SessionId,
    code: &SecretString,
) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, IdentityError> {
    let this = enter(ctx, user, &session.to_string()).await?;
    let now = ctx.clock.now();
    // Users belong to no workspace.
    let mut tx = database::platform(&ctx.db).await?;
    let known = users::by_id(&mut tx, user).await?;
    if !known.ok_or(IdentityError::SessionEnded)?.totp {
        return Err(NOT_ON);
    }
    if !check(ctx, &mut tx, actor, user, code.expose_secret()).await? {
        return Err(IdentityError::WrongCode);
    }
    if !sessions::step_up(&mut tx, now, user, session).await? {
        return Err(IdentityError::SessionEnded);
    }
    this.succeeded(&mut tx, now).await?;
    Ok(tx)
}

/// Takes a code of the authenticator, or a recovery code, once: the statement that accepts it is the one that uses it up.
pub(super) async fn check(
    ctx: &Context,
    conn: &mut PgConnection,
    actor: &Actor,
    user: UserId,
    code: &str,
) -> Result<bool, IdentityError> {
    let code = plain(code);
    if code.len() != RECOVERY_LENGTH {
        return match second_factor::secret(&mut *conn, user).await? {
            Some((sealed, true)) => accept(ctx, conn, user, &sealed, &code).await,
            _ => Ok(false),
        };
    }
    let hash = recovery_hash(ctx, &mut *conn, user, &code).await?;
    let now = ctx.clock.now();
    let used = second_factor::use_recovery_code(&mut *conn, now, user, &hash).await?;
    if used {
        let change = Change::done("identity.recovery_code_used", ("user", user));
        audited(conn, actor, &change).await?;
    }
    Ok(used)
}

async fn accept(
    ctx: &Context,
    conn: &mut PgConnection,
    user: UserId,
    sealed: &[u8],
    code: &str,
) -> Result<bool, IdentityError> {
    let secret = ctx
        .keyring
        .open(&mut *conn, WorkspaceId::PLATFORM, &place(user), sealed)
        .await?;
    let now = u64::try_from(ctx.clock.now().timestamp()).unwrap_or_default();
    // This step, the one before and the one after.
    let Some(step) = authenticator(&secret, "")?.check(&plain(code), now) else {
        return Ok(false);
    };
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    Ok(second_factor::accept(conn, user, sealed, step).await?)
}

async fn new_recovery_codes(
    ctx: &Context,
    conn: &mut PgConnection,
    user: UserId,
) -> Result<Vec<SecretString>, IdentityError> {
    let mut codes = Vec::new();
    let mut hashes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let code = crockford::code(&rand::random::<[u8; RECOVERY_LENGTH]>());
        let code = code.to_ascii_lowercase();
        hashes.push(recovery_hash(ctx, &mut *conn, user, &code).await?);
        let (left, right) = code.split_at(RECOVERY_LENGTH / 2);
        codes.push(format!("{left}-{right}").into());
    }
    second_factor::replace_recovery_codes(conn, user, &hashes).await?;
    Ok(codes)
}

async fn recovery_hash(
    ctx: &Context,
    conn: &mut PgConnection,
    user: UserId,
    code: &str,
) -> Result<Vec<u8>, IdentityError> {
    let data = format!("{user}|{code}");
    let mac = ctx
        .keyring
        .mac(
            conn,
            WorkspaceId::PLATFORM,
            "recovery code",
            data.as_bytes(),
        )
        .await?;
    Ok(mac.to_vec())
}

/// A code as it was made. The hashes are of small letters.
fn plain(code: &str) -> String {
    crockford::plain(code).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(plain(" 123 456 "), "123456");
        assert_eq!(plain("ABCDE-FGHOL"), "abcdefgh01");
    }

    #[test]
    fn an_authenticator_is_told_where_it_belongs() {
        let url = authenticator(&[7; 20], "a:b@example.com")
            .unwrap()
            .to_url()
            .unwrap();
        assert!(url.starts_with("otpauth://totp/Kazi:a%20b"), "{url}");
        assert!(url.contains("issuer=Kazi"), "{url}");
    }
}
