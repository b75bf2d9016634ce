//! SQL of the files of tickets.

use uuid::Uuid;

use crate::{Work, media::MediaId, support::TicketMessageId};

/// Adds files to a message, in their order.
pub(in crate::support) async fn attach(
    work: &mut Work,
    message: TicketMessageId,
    files: &[MediaId],
) -> Result<(), sqlx::Error> {
    let files: Vec<Uuid> = files.iter().map(|file| file.uuid()).collect();
    sqlx::query!(
        "INSERT INTO ticket_files (workspace_id, message_id, place, media_id)
         SELECT $1, $2, place, file FROM unnest($3::uuid[]) WITH ORDINALITY AS n(file, place)",
        work.workspace().uuid(),
        message.uuid(),
        &files
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The files of messages. Those of one message are in their order.
pub(in crate::support) async fn files(
    work: &mut Work,
    messages: &[TicketMessageId],
) -> Result<Vec<(TicketMessageId, MediaId)>, sqlx::Error> {
    let messages: Vec<Uuid> = messages.iter().map(|message| message.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT message_id AS "message: TicketMessageId", media_id AS "media: MediaId" FROM ticket_files
           WHERE workspace_id = $1 AND message_id = ANY($2) ORDER BY message_id, place"#,
        work.workspace().uuid(),
        &messages
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.message, row.media))
        .collect())
}
