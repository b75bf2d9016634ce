//! SQL of the messages as members read them.

use std::collections::HashMap;

use chrono::{Datelike, Months, NaiveDate, NaiveTime};
use kazi_platform::{Timestamp, ids::first_uuid_of};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::{
    Work,
    conversations::{ConversationId, MessageId},
    media::{self, MediaId},
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
    let found = sql.build_query_as().fetch_optional(work.conn()).await?;
    let mut found: Vec<ChatMessage> = found.into_iter().collect();
    add_files(work, &mut found).await?;
    Ok(found.pop())
}

/// Says what became of the messages' files.
async fn add_files(work: &mut Work, messages: &mut [ChatMessage]) -> Result<(), sqlx::Error> {
    let of = |one: &ChatMessage| one.content["media"].as_str()?.parse().ok();
    let named: Vec<MediaId> = messages.iter().filter_map(of).collect();
    let states = media::states(work, &named).await?;
    for message in messages {
        message.media = of(message).and_then(|id| states.get(&id).cloned());
    }
    Ok(())
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
    let mut found = sql.build_query_as().fetch_all(work.conn()).await?;
    add_files(work, &mut found).await?;
    Ok(found)
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

/// How many of the newest messages a search reads one by one. A word that does not fill the page from them is rare enough
/// for the index, which gives no order.
const READ: i64 = 1_000;

/// The messages that have all the words of a text, each also as the beginning of a word, newest first. Those of campaigns
/// are not searched.
pub async fn search(
    work: &mut Work,
    text: &str,
    conversation: Option<ConversationId>,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<ChatMessage>, sqlx::Error> {
    let mut found = match conversation {
        Some(conversation) => search_conversation(work, text, conversation, before, limit).await?,
        None => search_all(work, text, before, limit).await?,
    };
    add_files(work, &mut found).await?;
    Ok(found)
}

/// Those of all conversations.
async fn search_all(
    work: &mut Work,
    text: &str,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<ChatMessage>, sqlx::Error> {
    let mut found = search_newest(work, text, before, limit).await?;
    let missing = |found: &Vec<_>| limit - i64::try_from(found.len()).unwrap_or(limit);
    if missing(&found) <= 0 {
        return Ok(found);
    }
    let Some(last) = last_read(work, before).await? else {
        return Ok(found);
    };
    // The partition of the month in which the reading has ended, the month before it, and then all the others at once.
    let mut end = last.uuid();
    let month = month_of(end);
    let months = [Some(month), month.checked_sub_months(Months::new(1)), None];
    for first in months {
        let start = first.map_or_else(Uuid::nil, |day| {
            first_uuid_of(day.and_time(NaiveTime::MIN).and_utc())
        });
        let more = search_between(work, text, (start, end), missing(&found)).await?;
        found.extend(more);
        if missing(&found) <= 0 {
            break;
        }
        end = start;
    }
    Ok(found)
}

/// The first day of the month in which a message was made, by the time in its id.
fn month_of(id: Uuid) -> NaiveDate {
    let milliseconds = i64::try_from(id.as_u128() >> 80).unwrap_or(0);
    let at = Timestamp::from_timestamp_millis(milliseconds).unwrap_or_default();
    let day = at.date_naive();
    day.with_day(1).unwrap_or(day)
}

/// Those of the newest [`READ`] messages.
async fn search_newest(
    work: &mut Work,
    text: &str,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<ChatMessage>, sqlx::Error> {
    let mut sql = QueryBuilder::new("");
    push_asked(&mut sql, text);
    sql.push(" ").push(MESSAGE).push("FROM (");
    push_newest(&mut sql, work, "*", before);
    sql.push(" LIMIT ").push_bind(READ).push(
        ") m WHERE to_tsvector('simple', searchable(m.body)) @@ (SELECT query FROM asked)
           ORDER BY m.id DESC LIMIT ",
    );
    sql.push_bind(limit);
    let query = sql.build_query_as().persistent(false);
    query.fetch_all(work.conn()).await
}

/// The last of the newest [`READ`] messages. `None`: there are fewer.
async fn last_read(
    work: &mut Work,
    before: Option<MessageId>,
) -> Result<Option<MessageId>, sqlx::Error> {
    let mut sql = QueryBuilder::new("");
    push_newest(&mut sql, work, "id", before);
    sql.push(" LIMIT 1 OFFSET ").push_bind(READ - 1);
    let query = sql.build_query_scalar().persistent(false);
    let last: Option<Uuid> = query.fetch_optional(work.conn()).await?;
    Ok(last.map(MessageId::from))
}

fn push_newest(
    sql: &mut QueryBuilder<Postgres>,
    work: &Work,
    columns: &str,
    before: Option<MessageId>,
) {
    sql.push("SELECT ")
        .push(columns)
        .push(" FROM messages WHERE campaign_id IS NULL AND workspace_id = ")
        .push_bind(work.workspace().uuid());
    if let Some(before) = before {
        sql.push(" AND id < ").push_bind(before.uuid());
    }
    sql.push(" ORDER BY id DESC");
}

/// The messages from `start` on and before `end`, by the index of words.
async fn search_between(
    work: &mut Work,
    text: &str,
    (start, end): (Uuid, Uuid),
    limit: i64,
) -> Result<Vec<ChatMessage>, sqlx::Error> {
    // Found first and sorted then. Otherwise the planner may walk the messages from the newest on, until it has enough.
    let mut sql = QueryBuilder::new("");
    push_asked(&mut sql, text);
    sql.push(
        ", found AS MATERIALIZED (
             SELECT s.id FROM messages_search s WHERE s.search @@ (SELECT query FROM asked) AND s.id >= ",
    )
    .push_bind(start)
    .push(" AND s.id < ")
    .push_bind(end)
    .push("), newest AS MATERIALIZED (SELECT id FROM found ORDER BY id DESC LIMIT ")
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
