//! Contacts: who a workspace talks with, how each channel names them, and what they have consented to.

mod model;
mod store;

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;

pub use model::{Contact, ContactId, Identity};
pub use store::{change_phone, get, opted_out, register, set_consent, set_language, set_name};

use crate::channels::ChannelId;

/// The contact behind an identity of a channel; made when there is none. Found by the user id, else by the WhatsApp id,
/// else by the phone, and every identity that was new is noted, so that the next message finds it whichever way it
/// comes.
///
/// # Errors
/// The database failed.
pub async fn resolve(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    channel: ChannelId,
    now: Timestamp,
    identity: &Identity,
) -> Result<Contact, sqlx::Error> {
    let names: Vec<String> = [&identity.user_id, &identity.chat_id]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let phone = identity.phone.as_ref();
    let contact = match store::by_identity(&mut *conn, workspace, channel, &names).await? {
        Some(contact) => contact,
        None => match phone {
            Some(phone) => {
                store::by_phone_or_new(&mut *conn, workspace, now, phone, identity).await?
            }
            None => store::insert(&mut *conn, workspace, now, identity).await?,
        },
    };
    store::note_identities(&mut *conn, workspace, channel, contact, &names).await?;
    if let Some(phone) = phone {
        store::fill_phone(&mut *conn, workspace, contact, phone).await?;
    }
    get(conn, workspace, contact).await
}
