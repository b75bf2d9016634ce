//! SQL of what a domain must know of a channel before it says something there.

use crate::{
    Work,
    channels::{ChannelId, ChannelKind, Sender},
};

/// The channel as a sender; `None` when there is no such channel, or it is out of use for good.
///
/// # Errors
/// The database failed.
pub async fn sender(work: &mut Work, id: ChannelId) -> Result<Option<Sender>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT kind, account_id, status FROM channels WHERE workspace_id = $1 AND id = $2 AND status <> 'disabled'",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let kind: ChannelKind = match row.kind.parse() {
        Ok(kind) => kind,
        // A kind of the model that nothing sends on.
        Err(_) => return Ok(None),
    };
    Ok(Some(Sender {
        id,
        kind,
        account: row.account_id,
        active: row.status == "active",
    }))
}
