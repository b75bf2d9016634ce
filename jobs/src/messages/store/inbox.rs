//! SQL of the messages as members read them.

use std::collections::HashMap;

use kazi_platform::{Timestamp, ids::first_uuid_of};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::{
    Work,
    conversations::{ConversationId, MessageId},
    messages::{ChatMessage, LastMessage},
};

const MESSAGE: &str = "SELECT m.id, m.conversation_id, m.direction, m.kind, m.body AS text, m.content, m.cause, m.author_id,
    m.status, m.error_code, m.error_detail, m.created_at, m.sending_at, m.accepted_at, m.sent_at, m.delivered_at, m.read_at,
    m.failed_at ";

pub async fn one(work: &mut Work, id: MessageId) -> Result<Option<ChatMessage>, sqlx::Error> {
    let mut sql = QueryBuilder::new(MESSAGE);
    sql.push("FROM messages m WHERE m.workspace_id = ")
        .push_bind(work.workspace().uuid())
        .push(" AND m.id = ")
        .push_bind(id.uuid());
    sql.build_query_as().fetch_optional(work.conn()).await
}

/// The messages of a conversation, newest first.
pub async fn of_conversation(
    work: &mut Work,
    conversation: ConversationId,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<ChatMessage>, sqlx::Error> {
    let mut sql = QueryBuilder::new(MESSAGE);
    sql.push("FROM messages m WHERE m.workspace_id = ")
        .push_bind(work.workspace().uuid())
        .push(" AND m.conversation_id = ")
        .push_bind(conversation.uuid());
    if let Some(before) = before {
        sql.push(" AND m.id < ").push_bind(before.uuid());
    }
    sql.push(" ORDER BY m.id DESC LIMIT ").push_bind(limit);
    sql.build_query_as().fetch_all(work.conn()).await
}

/// How the provider calls the customer's last message.
pub async fn last_heard(
    work: &mut Work,
    conversation: ConversationId,
) -> Result<Option<String>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT provider_id AS "id!" FROM messages
           WHERE workspace_id = $1 AND conversation_id = $2 AND direction = 'in' AND provider_id <> ''
           ORDER BY id DESC LIMIT 1"#,
        work.workspace().uuid(),
        conversation.uuid()
    );
    found.fetch_optional(work.conn()).await
}

/// The last message of each conversation. One without a message is missing.
pub async fn last_of(
    work: &mut Work,
    conversations: &[ConversationId],
) -> Result<HashMap<ConversationId, LastMessage>, sqlx::Error> {
    let ids: Vec<Uuid> = conversations.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT n.id AS "conversation!: ConversationId", l.id AS "id: MessageId", l.direction, l.text AS "text!",
                  l.created_at
           FROM unnest($2::uuid[]) AS n(id) CROSS JOIN LATERAL (
               SELECT m.id, m.direction, left(m.body, 200) AS text, m.created_at FROM messages m
               WHERE m.workspace_id = $1 AND m.conversation_id = n.id ORDER BY m.id DESC LIMIT 1
           ) l"#,
        work.workspace().uuid(),
        &ids
    )
    .fetch_all(work.conn())
    .await?;
    let last = rows.into_iter().map(|row| {
        let message = LastMessage {
            id: row.id,
            direction: row.direction,
            text: row.text,
            created_at: row.created_at,
        };
        (row.conversation, message)
    });
    Ok(last.collect())
}

/// The numbers of days in which a search looks, one after the other from the newest day on. A word that is rare in them is
/// looked for in all older messages at once; one that is frequent never is, because it has filled the page by then.
const SPANS: [i64; 2] = [3, 30];
const DAY_MS: i64 = 86_400_000;

/// The messages that have all the words of a text, each also as the beginning of a word, newest first. Those of campaigns
/// are not searched.
pub async fn search(
    work: &mut Work,
    text: &str,
    conversation: Option<ConversationId>,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<ChatMessage>, sqlx::Error> {
    if let Some(conversation) = conversation {
        return search_conversation(work, text, conversation, before, limit).await;
    }
    // Tomorrow, because another process's clock may be ahead.
    let tomorrow = work.now().timestamp_millis() / DAY_MS + 1;
    let mut newest = before.map_or(tomorrow, |id| day_of(id.uuid()));
    let mut found: Vec<ChatMessage> = Vec::new();
    for days in SPANS.map(Some).into_iter().chain([None]) {
        let oldest = days.map_or(0, |days| newest + 1 - days);
        let left = limit - i64::try_from(found.len()).unwrap_or(limit);
        let more = search_days(work, text, (oldest, newest), before, left).await?;
        let is_full = i64::try_from(more.len()).is_ok_and(|count| count >= left);
        found.extend(more);
        if is_full {
            break;
        }
        newest = oldest - 1;
    }
    Ok(found)
}

/// The day of a message's id, counted from 1970, as the index counts it.
fn day_of(id: Uuid) -> i64 {
    i64::try_from(id.as_u128() >> 80).unwrap_or(0) / DAY_MS
}

/// The messages of the days from `oldest` to `newest`. From the day 0 on means all.
async fn search_days(
    work: &mut Work,
    text: &str,
    (oldest, newest): (i64, i64),
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<ChatMessage>, sqlx::Error> {
    let first_of = |day: i64| {
        let at = Timestamp::from_timestamp_millis(day * DAY_MS).unwrap_or_default();
        first_uuid_of(at)
    };
    // Found first and sorted then. Otherwise the planner may walk the messages of all workspaces from the newest on, until
    // it has enough.
    let mut sql = QueryBuilder::new("");
    push_asked(&mut sql, text);
    sql.push(
        ", found AS MATERIALIZED (
             SELECT s.id FROM messages_search s WHERE s.search @@ (SELECT query FROM asked) AND s.id < ",
    );
    let end = first_of(newest + 1);
    sql.push_bind(before.map_or(end, |id| id.uuid().min(end)));
    if oldest > 0 {
        // The ids choose the partitions, and the days what is read of the index.
        sql.push(" AND s.id >= ")
            .push_bind(first_of(oldest))
            .push(" AND s.day BETWEEN ")
            .push_bind(i32::try_from(oldest).unwrap_or(i32::MAX))
            .push(" AND ")
            .push_bind(i32::try_from(newest).unwrap_or(i32::MAX));
    }
    sql.push("), newest AS MATERIALIZED (SELECT id FROM found ORDER BY id DESC LIMIT ")
        .push_bind(limit)
        .push(") ")
        .push(MESSAGE)
        .push("FROM newest n JOIN messages m ON m.id = n.id AND m.workspace_id = ")
        .push_bind(work.workspace().uuid())
        .push(" ORDER BY m.id DESC");
    let query = sql.build_query_as().persistent(false);
    query.fetch_all(work.conn()).await
}

/// Walks a conversation from its newest message on. It has some thousand at most.
async fn search_conversation(
    work: &mut Work,
    text: &str,
    conversation: ConversationId,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<ChatMessage>, sqlx::Error> {
    let mut sql = QueryBuilder::new("");
    push_asked(&mut sql, text);
    sql.push(" ").push(MESSAGE);
    sql.push("FROM messages m WHERE m.workspace_id = ")
        .push_bind(work.workspace().uuid())
        .push(" AND m.conversation_id = ")
        .push_bind(conversation.uuid())
        .push(
            " AND m.campaign_id IS NULL
              AND to_tsvector('simple', searchable(m.body)) @@ (SELECT query FROM asked)",
        );
    if let Some(before) = before {
        sql.push(" AND m.id < ").push_bind(before.uuid());
    }
    sql.push(" ORDER BY m.id DESC LIMIT ").push_bind(limit);
    let query = sql.build_query_as().persistent(false);
    query.fetch_all(work.conn()).await
}

/// The words of a text as a query: all of them, each also as the beginning of a word.
fn push_asked(sql: &mut QueryBuilder<Postgres>, text: &str) {
    sql.push(
        "WITH asked AS MATERIALIZED (
             SELECT (SELECT string_agg(quote_literal(lexeme) || ':*', ' & ')
                     FROM unnest(to_tsvector('simple', searchable(",
    )
    .push_bind(text.to_owned())
    .push("))))::tsquery AS query)");
}
