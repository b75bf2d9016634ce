//! Merges two contacts that are one person.
//!
//! The duplicate stays as a row that says who they really are: its phone leads there, and whoever holds its id finds the
//! way. Everything else moves, also what other domains have, through their own functions and in one transaction.

use kazi_platform::{Timestamp, WorkspaceId, actor::Actor};
use serde_json::json;
use sqlx::PgConnection;

use super::{ContactError, ContactId, ContactView, MAX_TAGS, records, store, tags};
use crate::{
    appointments, conversations, faults::invalid, messages, news, orders, subscriptions, support,
};

/// The most candidates.
const MAX_DUPLICATES: i64 = 20;

/// Contacts that may be the same person: with the same e-mail address or name, or the same last nine digits of the phone.
///
/// # Errors
/// There is no such contact, or the database failed.
pub async fn duplicates(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContactId,
) -> Result<Vec<ContactView>, ContactError> {
    let contact = records::view(&mut *conn, workspace, id).await?;
    Ok(store::merging::duplicates(conn, &contact, MAX_DUPLICATES).await?)
}

/// Merges `from` into `into`. What both have stays as `into` has it; what only `from` has is added: the phone, the
/// fields, tags, identities, conversations, messages, consents. Who of the two wants no marketing wants none, and who is
/// blocked is blocked. Of two open conversations on one channel the one that was silent for longer is closed.
///
/// # Errors
/// One of them is not there, they are the same, there would be too many tags, or the database failed.
pub async fn merge(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    now: Timestamp,
    from: ContactId,
    into: ContactId,
) -> Result<ContactView, ContactError> {
    if from == into {
        let fault = ("same", "a contact cannot be merged into itself".into());
        return Err(invalid("/into", fault).into());
    }
    // Both are locked in the order of their ids: two merges wait for each other in turn, a message that is just being
    // received is through before us, and one that comes now finds where we have led it (`store::seen`).
    let locked = store::tags::lock_contacts(&mut *conn, workspace, &[from, into]).await?;
    if locked.len() != 2 {
        return Err(ContactError::NotFound);
    }
    let gone = records::view(&mut *conn, workspace, from).await?;
    let kept = records::view(&mut *conn, workspace, into).await?;
    store::merging::merge_rows(&mut *conn, workspace, from, into, now).await?;
    store::merging::move_identities(&mut *conn, workspace, from, into).await?;
    let moved = conversations::change_contact(&mut *conn, workspace, from, into).await?;
    messages::change_contact(&mut *conn, workspace, &moved, into).await?;
    news::change_contact(&mut *conn, workspace, from, into).await?;
    appointments::change_contact(&mut *conn, workspace, from, into).await?;
    orders::change_contact(&mut *conn, workspace, from, into).await?;
    subscriptions::change_contact(&mut *conn, workspace, from, into).await?;
    support::change_contact(&mut *conn, workspace, from, into).await?;
    let mut names = [gone.tags.clone(), kept.tags.clone()].concat();
    names.sort();
    names.dedup();
    if names.len() > MAX_TAGS {
        let fault = (
            "too_many",
            format!("together they have more than {MAX_TAGS} tags"),
        );
        return Err(invalid("/tags", fault).into());
    }
    tags::replace(&mut *conn, workspace, now, from, &[]).await?;
    tags::replace(&mut *conn, workspace, now, into, &names).await?;
    let merged = records::view(&mut *conn, workspace, into).await?;
    let before = json!({"from": gone, "into": kept});
    let after = json!({"into": merged});
    let (before, after) = (Some(&before), Some(&after));
    records::note(
        &mut *conn,
        workspace,
        actor,
        "contacts.merge",
        into,
        before,
        after,
    )
    .await?;
    records::note(
        conn,
        workspace,
        actor,
        "contacts.merge",
        from,
        before,
        after,
    )
    .await?;
    Ok(merged)
}
