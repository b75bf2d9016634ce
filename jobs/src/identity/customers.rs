//! Customers: contacts of a workspace who log in by a code over WhatsApp. They have no password; the number is theirs.

use kazi_platform::{
    Phone, Timestamp, WorkspaceId,
    actor::{Actor, ActorKind},
    database,
};
use secrecy::SecretString;
use serde::Deserialize;
use sqlx::PgConnection;

use super::{
    IdentityError, LoggedIn, Origin, SessionId,
    account::count_asking,
    codes,
    lockout::{self, Counter},
    model::{Purpose, Subject, Target},
    session,
    store::sessions,
};
use crate::{
    Across, Context,
    audit::Change,
    contacts::{self, ContactId},
    violations::Violations,
    workspaces,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerLogIn {
    /// E.164.
    pub phone: String,
}

/// A customer who got a code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerVerify {
    /// E.164.
    pub phone: String,
    /// The newest code.
    pub code: SecretString,
}

/// Sends a code over WhatsApp, if the number is a contact's who is not blocked. Always the same answer, also for a
/// workspace that is not there.
///
/// # Errors
/// It is no number; too many codes.
pub async fn customer_log_in(
    ctx: &Context,
    workspace: WorkspaceId,
    input: &CustomerLogIn,
    origin: &Origin,
) -> Result<(), IdentityError> {
    let phone = phone(&input.phone)?;
    count_asking(ctx, origin).await?;
    // Only the job looks whose number it is.
    let mut tx = database::platform(&ctx.db).await?;
    if !workspaces::exists(&mut tx, workspace).await? {
        return Ok(());
    }
    let target = target(workspace, &phone);
    codes::request(&mut tx, ctx.clock.now(), &target).await?;
    tx.commit().await?;
    Ok(())
}

/// Logs a customer in by the code.
///
/// # Errors
/// The code is wrong; too many tries.
pub async fn customer_verify(
    ctx: &Context,
    workspace: WorkspaceId,
    input: &CustomerVerify,
    origin: &Origin,
) -> Result<LoggedIn, IdentityError> {
    let phone = phone(&input.phone)?;
    let place = origin.place();
    let own = format!("{workspace}|{}|{place}", phone.as_str());
    let counters = vec![
        Counter::personal("customer/account_address", own, 5),
        Counter::shared("customer/address", place, 30),
    ];
    let this = lockout::enter(ctx, counters).await?;
    let now = ctx.clock.now();
    // Of the platform: the counts belong to no workspace, the session belongs to one.
    let mut work = Across::of(ctx).await?.within(workspace);
    let target = target(workspace, &phone);
    let taken = codes::take(work.conn(), &ctx.keyring, now, &target, &input.code).await?;
    let contact = match taken {
        Some(_) => contacts::by_phone(&mut work, &phone).await?,
        None => None,
    };
    let Some(contact) = contact.filter(|contact| contact.blocked_at.is_none()) else {
        // The try counts.
        work.commit().await?;
        return Err(IdentityError::WrongCode);
    };
    let subject = Subject::Customer {
        workspace,
        contact: contact.id,
    };
    let logged_in = session::start(ctx, work.conn(), subject, None, true, origin).await?;
    let actor = Actor {
        kind: ActorKind::Customer,
        id: Some(contact.id.uuid()),
        address: origin.address,
        request: origin.request.clone(),
    };
    work.on_behalf_of(actor);
    work.audit(&Change::done(
        "identity.log_in",
        ("session", logged_in.session),
    ))
    .await?;
    this.succeeded(work.conn(), now).await?;
    work.commit().await?;
    Ok(logged_in)
}

/// The customer of a session; `None` when it has ended, or the contact is gone or blocked, or the workspace deleted. In a transaction of the
/// platform.
pub async fn customer_alive(
    conn: &mut PgConnection,
    now: Timestamp,
    session: SessionId,
) -> Result<Option<(WorkspaceId, ContactId)>, sqlx::Error> {
    let Some((workspace, contact)) = sessions::customer(&mut *conn, session, now).await? else {
        return Ok(None);
    };
    let there = workspaces::exists(&mut *conn, workspace).await?
        && exists(conn, workspace, contact).await?;
    Ok(there.then_some((workspace, contact)))
}

/// Says whether the contact exists and is not blocked.
pub(super) async fn exists(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<bool, sqlx::Error> {
    let contact = contacts::find(conn, workspace, contact).await?;
    Ok(contact.is_some_and(|contact| contact.blocked_at.is_none()))
}

fn phone(text: &str) -> Result<Phone, IdentityError> {
    let mut violations = Violations::default();
    let phone = violations.phone(Some(text));
    violations.end()?;
    phone.ok_or(IdentityError::WrongCode)
}

fn target(workspace: WorkspaceId, phone: &Phone) -> Target<'_> {
    Target {
        purpose: Purpose::Customer,
        destination: phone.as_str(),
        user: None,
        workspace: Some(workspace),
    }
}
