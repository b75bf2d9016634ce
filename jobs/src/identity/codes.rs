//! One-time codes: six digits, sent once, good for ten minutes and five tries, for one purpose and one address.
//!
//! A code follows from its row's id and the platform's key, so none stands in a row or in a job, and a job that sends it
//! again sends the same.

use kazi_platform::{Timestamp, UserId, WorkspaceId, crypto::Keyring};
use kazi_queue::Job;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgConnection;
use subtle::ConstantTimeEq;

use super::{
    CodeId, IdentityError, SendCode,
    model::{CODE_TRIES, RESEND_WINDOW, Target, resend_wait},
    store::codes,
};

/// Asks for a code, in the caller's transaction: the row, and the job that sends it. It is the same work whether the
/// address is anybody's or not.
///
/// # Errors
/// [`IdentityError::TooMany`]: not before this time to this address.
pub(super) async fn request(
    conn: &mut PgConnection,
    now: Timestamp,
    target: &Target<'_>,
) -> Result<(), IdentityError> {
    codes::lock(&mut *conn, target).await?;
    let asked = codes::asked(&mut *conn, target, now - RESEND_WINDOW).await?;
    if let Some(wait) = resend_wait(&asked, now) {
        return Err(IdentityError::TooMany(wait));
    }
    let code = CodeId::at(now);
    codes::insert(&mut *conn, now, code, target).await?;
    SendCode { code }.enqueue(conn).await?;
    Ok(())
}

/// The code of a row.
pub(super) async fn derive(
    conn: &mut PgConnection,
    keyring: &Keyring,
    id: CodeId,
) -> Result<SecretString, IdentityError> {
    let id = id.uuid();
    let mac = keyring
        .mac(conn, WorkspaceId::PLATFORM, "one-time code", id.as_bytes())
        .await?;
    let number = mac
        .iter()
        .take(8)
        .fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
    Ok(format!("{:06}", number % 1_000_000).into())
}

/// Takes a code, once; `None` when it is not the newest one that was sent there, is used or too old, or was tried too
/// often. The caller commits either way: the try counts.
pub(super) async fn take(
    conn: &mut PgConnection,
    keyring: &Keyring,
    now: Timestamp,
    target: &Target<'_>,
    given: &SecretString,
) -> Result<Option<Taken>, IdentityError> {
    let Some((id, user)) = codes::count_try(&mut *conn, now, target, CODE_TRIES).await? else {
        return Ok(None);
    };
    let code = derive(&mut *conn, keyring, id).await?;
    // As people type it.
    let given: String = given
        .expose_secret()
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    if !bool::from(given.as_bytes().ct_eq(code.expose_secret().as_bytes())) {
        return Ok(None);
    }
    codes::mark_used(conn, id, now).await?;
    Ok(Some(Taken { user }))
}

/// A code that was right.
pub(super) struct Taken {
    /// Whose it was, where it was a user's.
    pub user: Option<UserId>,
}
