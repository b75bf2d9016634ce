//! SQL of the conversations as members see them.

use kazi_platform::{Timestamp, UserId};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::{
    Work,
    contacts::Whose,
    conversations::{Assigned, Chat, ChatFilter, ChatKey, ChatStatus, ConversationId, Voice},
};

const CHAT: &str = "SELECT c.id, c.contact_id AS contact, c.channel_id AS channel, c.status = 'closed' AS closed,
    c.status = 'handed_over' AS handed_over, c.quiet_until, c.assignee_id, c.waiting_since, c.unread, c.snoozed_until, c.last_activity_at,
    c.last_answer_at, c.answers, c.created_at, c.version FROM conversations c WHERE c.workspace_id = ";

fn chats_where(work: &Work) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new(CHAT);
    sql.push_bind(work.workspace().uuid());
    sql
}

pub async fn chat(work: &mut Work, id: ConversationId) -> Result<Option<Chat>, sqlx::Error> {
    let mut sql = chats_where(work);
    sql.push(" AND c.id = ").push_bind(id.uuid());
    sql.build_query_as().fetch_optional(work.conn()).await
}

/// Locks the conversation until the transaction ends.
pub async fn lock_chat(work: &mut Work, id: ConversationId) -> Result<Option<Chat>, sqlx::Error> {
    let mut sql = chats_where(work);
    sql.push(" AND c.id = ")
        .push_bind(id.uuid())
        .push(" FOR NO KEY UPDATE");
    sql.build_query_as().fetch_optional(work.conn()).await
}

/// The conversations with these contacts, with the newest activity first.
pub async fn chats(
    work: &mut Work,
    filter: &ChatFilter,
    whose: &Whose,
    after: Option<ChatKey>,
    limit: i64,
) -> Result<Vec<Chat>, sqlx::Error> {
    let mut sql = chats_where(work);
    match filter.status {
        None => {}
        Some(ChatStatus::Closed) => {
            sql.push(" AND c.status = 'closed'");
        }
        Some(ChatStatus::Snoozed) => {
            sql.push(" AND c.status <> 'closed' AND c.snoozed_until > ")
                .push_bind(work.now());
        }
        Some(ChatStatus::Open) => {
            sql.push(" AND c.status <> 'closed' AND (c.snoozed_until > ")
                .push_bind(work.now())
                .push(") IS NOT TRUE");
        }
    }
    match filter.assigned {
        None => {}
        Some(Assigned::Nobody) => {
            sql.push(" AND c.assignee_id IS NULL");
        }
        Some(Assigned::To(user)) => {
            sql.push(" AND c.assignee_id = ").push_bind(user.uuid());
        }
    }
    if let Some(waiting) = filter.waiting {
        sql.push(match waiting {
            true => " AND c.waiting_since IS NOT NULL",
            false => " AND c.waiting_since IS NULL",
        });
    }
    if let Some(handed_over) = filter.handed_over {
        sql.push(match handed_over {
            true => " AND c.status = 'handed_over'",
            false => " AND c.status <> 'handed_over'",
        });
    }
    if let Some(channel) = filter.channel {
        sql.push(" AND c.channel_id = ").push_bind(channel.uuid());
    }
    if let Some(contact) = filter.contact {
        sql.push(" AND c.contact_id = ").push_bind(contact.uuid());
    }
    whose.narrow(&mut sql, "c.contact_id");
    if let Some((at, id)) = after {
        sql.push(" AND (c.last_activity_at, c.id) < (")
            .push_bind(at)
            .push(", ")
            .push_bind(id.uuid())
            .push(")");
    }
    sql.push(" ORDER BY c.last_activity_at DESC, c.id DESC LIMIT ")
        .push_bind(limit);
    // How many a filter lets through decides the plan: a plan for any value would be the wrong one for many.
    let query = sql.build_query_as().persistent(false);
    query.fetch_all(work.conn()).await
}

/// Takes from a member the conversations that are not closed. Returns their number.
pub(crate) async fn unassign(work: &mut Work, user: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE conversations SET assignee_id = NULL, updated_at = now()
         WHERE workspace_id = $1 AND assignee_id = $2 AND status <> 'closed'",
        work.workspace().uuid(),
        user.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Stores the state of a locked conversation.
pub(crate) async fn save_chat(work: &mut Work, chat: &Chat) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE conversations SET status = CASE WHEN $3 THEN 'closed' WHEN $4 THEN 'handed_over' ELSE 'open' END,
                assignee_id = $5, waiting_since = $6, unread = $7, snoozed_until = $8, quiet_until = $9, updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        chat.id.uuid(),
        chat.closed,
        chat.handed_over,
        chat.assignee_id.map(UserId::uuid),
        chat.waiting_since,
        chat.unread,
        chat.snoozed_until,
        chat.quiet_until
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores that the bot or a member has spoken, and when. The customer waits no more, unless a person is to answer and the bot has
/// spoken.
pub(crate) async fn answered(
    work: &mut Work,
    conversations: &[(ConversationId, Timestamp)],
    voice: Voice,
) -> Result<(), sqlx::Error> {
    if conversations.is_empty() {
        return Ok(());
    }
    let (ids, times): (Vec<Uuid>, Vec<Timestamp>) = conversations
        .iter()
        .map(|(id, at)| (id.uuid(), *at))
        .unzip();
    sqlx::query!(
        "UPDATE conversations c SET last_activity_at = greatest(c.last_activity_at, n.at),
                last_answer_at = greatest(c.last_answer_at, n.at), answers = c.answers + n.answers,
                waiting_since = CASE WHEN $4 AND c.status = 'handed_over' THEN c.waiting_since END
         FROM (SELECT id, max(at) AS at, count(*) AS answers FROM unnest($2::uuid[], $3::timestamptz[]) AS m(id, at) GROUP BY id) n
         WHERE c.workspace_id = $1 AND c.id = n.id",
        work.workspace().uuid(),
        &ids,
        &times,
        voice == Voice::Bot
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
