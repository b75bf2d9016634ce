//! SQL of the facts that other domains need before they send on a channel.

use crate::{
    Work,
    channels::{ChannelId, ChannelKind, Sender},
};

/// Returns `None` when the channel does not exist or is disconnected.
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
        // A kind that cannot send.
        Err(_) => return Ok(None),
    };
    Ok(Some(Sender {
        id,
        kind,
        account: row.account_id,
        active: row.status == "active",
    }))
}
