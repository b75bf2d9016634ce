//! SQL of refused messages.

use kazi_clients::whatsapp::Body;
use kazi_platform::{Timestamp, without_nul};
use sqlx::types::Json;

use super::{charges::note_released, status};
use crate::{
    Work,
    channels::ChannelId,
    contacts::ContactId,
    conversations::MessageId,
    messages::{
        CampaignId,
        model::{self, Refusable, Undelivered},
    },
};

/// Locks a message and reads what decides about a refusal.
pub(in crate::messages) async fn refusable(
    work: &mut Work,
    id: MessageId,
    channel: ChannelId,
) -> Result<Option<Refusable>, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT contact_id AS "contact: ContactId", content AS "content: Json<Body>", status, provider_id, tries, trace,
                  campaign_id AS "campaign: CampaignId", sending_at
           FROM messages WHERE id = $1 AND workspace_id = $2 AND channel_id = $3 AND direction = 'out' FOR UPDATE"#,
        id.uuid(),
        work.workspace().uuid(),
        channel.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(|row| {
        Ok(Refusable {
            contact: row.contact,
            body: row.content.0,
            status: status(&row.status)?,
            provider_id: row.provider_id,
            tries: row.tries,
            campaign: row.campaign,
            trace: row.trace,
            sending_at: row.sending_at,
        })
    })
    .transpose()
}

/// Queues a message again after a webhook's refusal.
pub(in crate::messages) async fn send_again(
    work: &mut Work,
    id: MessageId,
    body: &Body,
    after: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE messages SET status = 'queued', kind = $3, content = $4, send_after = $5, tries = tries + 1,
                             provider_id = NULL, sending_at = NULL, accepted_at = NULL, sent_at = NULL
         WHERE id = $1 AND workspace_id = $2",
        id.uuid(),
        work.workspace().uuid(),
        model::kind(body),
        Json(body) as _,
        after
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::messages) async fn fail(
    work: &mut Work,
    id: MessageId,
    why: &Undelivered<'_>,
) -> Result<(), sqlx::Error> {
    let failed = sqlx::query!(
        r#"WITH before AS (
               SELECT id, status IN ('queued', 'sending') AND NOT charged AS held FROM messages
               WHERE id = $1 AND workspace_id = $2 AND status IN ('queued', 'sending', 'accepted', 'sent') FOR UPDATE
           )
           UPDATE messages m SET status = 'failed', failed_at = $3, error_code = $4, error_detail = $5, dead_letter = $6
           FROM before WHERE m.id = before.id AND m.workspace_id = $2
           RETURNING m.campaign_id AS "campaign: CampaignId",
                     CASE WHEN before.held THEN coalesce(m.credits, 0) ELSE 0 END::bigint AS "released!""#,
        id.uuid(),
        work.workspace().uuid(),
        work.now(),
        why.code,
        without_nul(why.words),
        why.dead_letter
    )
    .fetch_optional(work.conn())
    .await?;
    let released = failed.and_then(|row| Some((row.campaign?, row.released)));
    note_released(work, released.into_iter()).await
}

/// Makes a job the dead letter of a failed message. Returns `false` when another job is that already.
pub(in crate::messages) async fn become_dead_letter(
    work: &mut Work,
    id: MessageId,
    job: i64,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE messages SET dead_letter = $3
         WHERE id = $1 AND workspace_id = $2 AND status = 'failed' AND dead_letter = 0",
        id.uuid(),
        work.workspace().uuid(),
        job
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
