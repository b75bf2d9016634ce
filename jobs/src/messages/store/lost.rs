//! SQL of messages whose job may be gone.

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;

use crate::{
    Work,
    conversations::MessageId,
    messages::{CampaignId, Status},
};

/// A message that waits for its request, or for the answer to it.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    pub workspace: WorkspaceId,
    pub id: MessageId,
    pub campaign: Option<CampaignId>,
}

/// The messages of all workspaces that have waited since a time, in the order of their ids, after one of them.
pub async fn waiting_since(
    conn: &mut PgConnection,
    since: Timestamp,
    after: Option<MessageId>,
    most: i64,
) -> Result<Vec<Waiting>, sqlx::Error> {
    sqlx::query_as!(
        Waiting,
        r#"SELECT workspace_id AS "workspace: WorkspaceId", id AS "id: MessageId", campaign_id AS "campaign: CampaignId"
           FROM messages
           WHERE direction = 'out' AND accepted_at IS NULL AND failed_at IS NULL AND status IN ('queued', 'sending')
             AND created_at < $1 AND (sending_at IS NULL OR sending_at < $1) AND ($2::uuid IS NULL OR id > $2)
           ORDER BY id LIMIT $3"#,
        since,
        after.map(MessageId::uuid),
        most
    )
    .fetch_all(conn)
    .await
}

/// Locks a message. Returns its status when it still waits.
pub async fn lock_waiting(work: &mut Work, id: MessageId) -> Result<Option<Status>, sqlx::Error> {
    let status = sqlx::query_scalar!(
        "SELECT status FROM messages
         WHERE workspace_id = $1 AND id = $2 AND direction = 'out' AND status IN ('queued', 'sending') AND accepted_at IS NULL
         FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    status.map(|status| super::status(&status)).transpose()
}
