//! What a customer needs to use the service: a user name, a password, an address. It is sealed, and no log has it.

use std::collections::BTreeMap;

use kazi_platform::{WorkspaceId, actor::Actor, crypto::Keyring};
use sqlx::PgConnection;

use super::{SubscriptionError, note, store};
use crate::{faults::Faults, payments::SubscriptionId};

/// Name to value: `password`.
pub type Details = BTreeMap<String, String>;

const MOST: usize = 20;
const KEY_LIMIT: usize = 40;
const VALUE_LIMIT: usize = 500;

fn place(id: SubscriptionId) -> String {
    format!("subscriptions/{id}/details")
}

/// Writes down all that the customer needs; nothing takes it away.
///
/// # Errors
/// There is no such subscription, something is too long, or the database failed.
pub async fn set_details(
    conn: &mut PgConnection,
    keyring: &Keyring,
    workspace: WorkspaceId,
    actor: &Actor,
    id: SubscriptionId,
    details: &Details,
) -> Result<(), SubscriptionError> {
    let mut faults = Faults::default();
    let rule = format!("has {MOST} entries at most");
    faults.unless(details.len() <= MOST, "", "too_many", rule);
    for (key, value) in details.iter().take(MOST) {
        let short: String = key.chars().take(KEY_LIMIT).collect();
        let pointer = format!("/{}", short.replace('~', "~0").replace('/', "~1"));
        faults.text(&pointer, key, 1, KEY_LIMIT);
        faults.text(&pointer, value, 1, VALUE_LIMIT);
    }
    faults.end()?;
    let found = store::lock(&mut *conn, workspace, id).await?;
    found.ok_or(SubscriptionError::NotFound)?;
    let sealed = if details.is_empty() {
        None
    } else {
        let plain = serde_json::to_vec(details).unwrap_or_default();
        Some(
            keyring
                .seal(&mut *conn, workspace, &place(id), &plain)
                .await?,
        )
    };
    store::set_details(&mut *conn, workspace, id, sealed.as_deref()).await?;
    let subject = ("subscription", id.uuid());
    let action = "subscriptions.set_details";
    Ok(note(conn, workspace, actor, action, subject, None, None).await?)
}

/// What the customer needs; empty where there is nothing.
///
/// # Errors
/// It does not open, or the database failed.
pub async fn details(
    conn: &mut PgConnection,
    keyring: &Keyring,
    workspace: WorkspaceId,
    id: SubscriptionId,
) -> Result<Details, SubscriptionError> {
    let Some(sealed) = store::details(&mut *conn, workspace, id).await? else {
        return Ok(Details::new());
    };
    let plain = keyring.open(conn, workspace, &place(id), &sealed).await?;
    Ok(serde_json::from_slice(&plain).unwrap_or_default())
}
