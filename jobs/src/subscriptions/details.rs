//! What a customer needs to use the service: a user name, a password, an address. It is encrypted and never logged.

use std::collections::BTreeMap;

use kazi_platform::crypto::Keyring;

use super::{SubscriptionError, store};
use crate::{
    Work,
    audit::Change,
    payments::SubscriptionId,
    violations::{Violations, member},
};

/// Names and values, such as `password`.
pub type Details = BTreeMap<String, String>;

const MOST: usize = 20;
const KEY_LIMIT: usize = 40;
const VALUE_LIMIT: usize = 500;

fn place(id: SubscriptionId) -> String {
    format!("subscriptions/{id}/details")
}

/// Replaces all details.
pub async fn set_details(
    work: &mut Work,
    keyring: &Keyring,
    id: SubscriptionId,
    details: &Details,
) -> Result<(), SubscriptionError> {
    let mut violations = Violations::default();
    let rule = format!("has {MOST} entries at most");
    violations.unless(details.len() <= MOST, "", "too_many", rule);
    for (key, value) in details.iter().take(MOST) {
        let pointer = member("", key);
        violations.text(&pointer, key, 1, KEY_LIMIT);
        violations.text(&pointer, value, 1, VALUE_LIMIT);
    }
    violations.end()?;
    let found = store::lock(work, id).await?;
    found.ok_or(SubscriptionError::NotFound)?;
    let sealed = if details.is_empty() {
        None
    } else {
        let plain = serde_json::to_vec(details).unwrap_or_default();
        let workspace = work.workspace();
        Some(
            keyring
                .seal(work.conn(), workspace, &place(id), &plain)
                .await?,
        )
    };
    store::set_details(work, id, sealed.as_deref()).await?;
    // The details are sealed in their row, so the log has none of them.
    let (action, subject) = ("subscriptions.set_details", ("subscription", id));
    work.audit(&Change::done(action, subject)).await?;
    Ok(())
}

/// The details. Empty when there are none.
///
/// # Errors
/// `Sealed`: the details do not open.
pub async fn details(
    work: &mut Work,
    keyring: &Keyring,
    id: SubscriptionId,
) -> Result<Details, SubscriptionError> {
    let Some(sealed) = store::details(work, id).await? else {
        return Ok(Details::new());
    };
    let workspace = work.workspace();
    let plain = keyring
        .open(work.conn(), workspace, &place(id), &sealed)
        .await?;
    Ok(serde_json::from_slice(&plain).unwrap_or_default())
}
