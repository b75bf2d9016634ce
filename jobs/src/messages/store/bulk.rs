//! SQL for many messages at once.

use std::collections::{BTreeMap, HashMap, HashSet};

use kazi_clients::whatsapp::Body;
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::trace::{self, TraceId};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{
    charges::{Charge, note_charges},
    forget_dead_letter, status,
};
use crate::{
    Work,
    channels::ChannelId,
    contacts::ContactId,
    conversations::MessageId,
    messages::{
        CampaignId, Cause, NewOutbound, Outgoing, Status, model,
        status::Report,
        writer::{Acceptance, Announcement},
    },
};

/// Stores outbound messages. Returns the new ones. `credits`: what each has reserved. Empty: nothing is metered.
pub(in crate::messages) async fn insert_out(
    work: &mut Work,
    campaign: Option<CampaignId>,
    all: &[NewOutbound<'_>],
    credits: &[i32],
) -> Result<HashSet<MessageId>, sqlx::Error> {
    let ids = |id: fn(&NewOutbound<'_>) -> Uuid| all.iter().map(id).collect::<Vec<Uuid>>();
    let texts =
        |text: fn(&NewOutbound<'_>) -> String| all.iter().map(text).collect::<Vec<String>>();
    let contents: Vec<Value> = all
        .iter()
        .map(|new| serde_json::to_value(new.body))
        .collect::<Result<_, _>>()
        .map_err(|error| sqlx::Error::Encode(error.into()))?;
    let new = sqlx::query_scalar!(
        r#"INSERT INTO messages (workspace_id, id, conversation_id, contact_id, channel_id, peer, direction, kind, body,
                                 content, cause, status, trace, created_at, campaign_id, author_id, credits)
           SELECT $1, id, conversation, contact, channel, peer, 'out', kind, body, content, cause, 'queued', $11, at, $13,
                  CASE WHEN cause = $14 THEN $15::uuid END, credits
           FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::jsonb[],
                       $10::text[], $12::timestamptz[], $16::integer[])
                AS n(id, conversation, contact, channel, peer, kind, body, content, cause, at, credits)
           ON CONFLICT DO NOTHING RETURNING id AS "id: MessageId""#,
        work.workspace().uuid(),
        &ids(|new| new.id.uuid()),
        &ids(|new| new.conversation.id.uuid()),
        &ids(|new| new.conversation.contact.uuid()),
        &ids(|new| new.conversation.channel.uuid()),
        &texts(|new| new.conversation.peer.clone()),
        &texts(|new| model::kind(new.body).to_owned()),
        &texts(|new| model::readable(new.body)),
        &contents,
        &texts(|new| new.cause.name().to_owned()),
        trace::current().as_ref().map(TraceId::to_string),
        &all.iter().map(|new| new.at).collect::<Vec<_>>(),
        campaign.map(|campaign| campaign.uuid()),
        Cause::Agent.name(),
        work.actor().id,
        credits
    )
    .fetch_all(work.conn())
    .await?;
    Ok(new.into_iter().collect())
}

/// Counts the messages of a cause by status.
pub async fn progress(work: &mut Work, cause: Cause) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT status, count(*) AS "n!" FROM messages
           WHERE workspace_id = $1 AND cause = $2 AND direction = 'out' GROUP BY status"#,
        work.workspace().uuid(),
        cause.name()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.status, row.n)).collect())
}

/// Announces the requests of those messages that simply wait, and returns them. The others need a closer look.
///
/// It locks the rows in the order of their ids, as all statements on several messages do. So two transactions wait for
/// each other and do not deadlock. Sorting the join of an UPDATE does not help, because its plan chooses the order.
pub(in crate::messages) async fn announce(
    conn: &mut PgConnection,
    all: &[Announcement],
) -> Result<Vec<(MessageId, Outgoing)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH held AS MATERIALIZED (
               SELECT n.id, n.workspace, n.at
               FROM (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS n(id, workspace, at) ORDER BY id) n
               CROSS JOIN LATERAL (
                   SELECT FROM messages m
                   WHERE m.id = n.id AND m.workspace_id = n.workspace AND m.direction = 'out' AND m.status = 'queued'
                     AND (m.send_after IS NULL OR m.send_after <= n.at)
                     -- Refused before, of a campaign that may have been stopped since: looked at by itself.
                     AND (m.campaign_id IS NULL OR m.tries = 0)
                     -- An offer that has ended is not sent: its message is looked at by itself, too.
                     AND ((m.content->>'offer_ends')::bigint <= extract(epoch FROM n.at) * 1000) IS NOT TRUE
                   FOR NO KEY UPDATE
               ) locked
           )
           UPDATE messages m SET status = 'sending', sending_at = held.at, send_after = NULL
           FROM held WHERE m.id = held.id AND m.workspace_id = held.workspace
           RETURNING m.id AS "id: MessageId", m.contact_id AS "contact: ContactId",
                     m.channel_id AS "channel: ChannelId", m.peer, m.content AS "content: Json<Body>", m.status,
                     m.sending_at, m.created_at, m.send_after, m.dead_letter, m.error_code, m.error_detail,
                     m.campaign_id AS "campaign: CampaignId""#,
        &all.iter().map(|one| one.message.uuid()).collect::<Vec<_>>(),
        &all.iter().map(|one| one.workspace.uuid()).collect::<Vec<_>>(),
        &all.iter().map(|one| one.at).collect::<Vec<_>>()
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let message = Outgoing {
                contact: row.contact,
                channel: row.channel,
                peer: row.peer,
                body: row.content.0,
                status: status(&row.status)?,
                sending_at: row.sending_at,
                created_at: row.created_at,
                send_after: row.send_after,
                dead_letter: row.dead_letter,
                error_code: row.error_code,
                error_detail: row.error_detail,
                campaign: row.campaign,
            };
            Ok((row.id, message))
        })
        .collect()
}

/// Stores that the provider has accepted messages. A status that came earlier stays. So does a webhook's refusal: then
/// the message waits for its next request. Locks in the order of ids, as [`announce`]. Returns what is charged.
pub(in crate::messages) async fn accept(
    conn: &mut PgConnection,
    all: &[Acceptance],
) -> Result<Vec<Charge>, sqlx::Error> {
    sqlx::query_as!(
        Charge,
        r#"WITH held AS MATERIALIZED (
             SELECT n.*, locked.charge
             FROM (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[])
                       AS n(id, workspace, provider_id, at) ORDER BY id) n
             CROSS JOIN LATERAL (
                 SELECT m.accepted_at IS NULL AND NOT m.charged AND m.cause = ANY($5) AS charge FROM messages m
                 WHERE m.id = n.id AND m.workspace_id = n.workspace AND m.status NOT IN ('queued', 'failed')
                 FOR NO KEY UPDATE
             ) locked
         ), accepted AS (
             UPDATE messages m SET status = CASE WHEN m.status = 'sending' THEN 'accepted' ELSE m.status END,
                                   provider_id = held.provider_id, accepted_at = coalesce(m.accepted_at, held.at),
                                   charged = m.charged OR held.charge
             FROM held WHERE m.id = held.id AND m.workspace_id = held.workspace
             RETURNING m.workspace_id, held.charge, m.campaign_id, m.credits
         )
         SELECT workspace_id AS "workspace: WorkspaceId", CASE WHEN credits > 0 THEN campaign_id END AS "metered: CampaignId",
                count(*) AS "messages!", coalesce(sum(credits), 0)::bigint AS "credits!", false AS "late!"
         FROM accepted WHERE charge GROUP BY 1, 2"#,
        &all.iter().map(|one| one.message.uuid()).collect::<Vec<_>>(),
        &all.iter().map(|one| one.workspace.uuid()).collect::<Vec<_>>(),
        &all.iter().map(|one| one.provider_id.clone()).collect::<Vec<_>>(),
        &all.iter().map(|one| one.at).collect::<Vec<_>>(),
        &model::pushes()
    )
    .fetch_all(conn)
    .await
}

/// Moves messages of a channel forward where the status is new, and stores its times in any case. Returns those that
/// the channel has. Like [`super::apply`], for many.
pub(in crate::messages) async fn apply(
    work: &mut Work,
    channel: ChannelId,
    reports: &BTreeMap<MessageId, Report>,
) -> Result<HashSet<MessageId>, sqlx::Error> {
    // Locks in the order of ids, as [`announce`]. The channel is checked afterwards; in the condition, PostgreSQL might
    // use an index with another order.
    let rows = sqlx::query!(
        r#"SELECT l.id AS "id: MessageId", l.channel_id AS "channel: ChannelId", l.direction = 'out' AS "out!", l.status,
                  l.dead_letter, l.charge AS "charge!", l.campaign_id AS "campaign: CampaignId", l.credits
           FROM (SELECT unnest($1::uuid[]) AS id ORDER BY 1) n CROSS JOIN LATERAL (
               SELECT m.id, m.channel_id, m.direction, m.status, m.dead_letter, m.campaign_id, m.credits,
                      m.accepted_at IS NULL AND NOT m.charged AND m.cause = ANY($3) AS charge
               FROM messages m WHERE m.id = n.id AND m.workspace_id = $2 FOR UPDATE
           ) l"#,
        &reports.keys().map(|id| id.uuid()).collect::<Vec<_>>(),
        work.workspace().uuid(),
        &model::pushes()
    )
    .fetch_all(work.conn())
    .await?;
    let (mut known, mut charge) = (HashSet::new(), HashMap::new());
    let mut dead_letters = Vec::new();
    for row in rows
        .into_iter()
        .filter(|row| row.out && row.channel == channel)
    {
        let news = reports.get(&row.id).map(|report| report.status);
        if row.status == Status::Failed.name()
            && news.is_some_and(|news| Status::Failed.may_become(news))
        {
            dead_letters.push(row.dead_letter);
        }
        known.insert(row.id);
        if row.charge {
            let one = Charge {
                workspace: work.workspace(),
                metered: row.campaign.filter(|_| row.credits > Some(0)),
                messages: 1,
                credits: i64::from(row.credits.unwrap_or_default()),
                late: row.status == Status::Failed.name(),
            };
            charge.insert(row.id, one);
        }
    }
    let reports: Vec<(&MessageId, &Report)> = reports
        .iter()
        .filter(|(id, _)| known.contains(*id))
        .collect();
    let ids: Vec<Uuid> = reports.iter().map(|(id, _)| id.uuid()).collect();
    let times = |time: fn(&Report) -> Option<Timestamp>| {
        reports
            .iter()
            .map(|(_, report)| time(report))
            .collect::<Vec<Option<Timestamp>>>()
    };
    let texts = |text: fn(&Report) -> &str| {
        reports
            .iter()
            .map(|(_, report)| text(report).to_owned())
            .collect::<Vec<String>>()
    };
    let charged = sqlx::query_scalar!(
        r#"UPDATE messages m SET
             -- Failed and arrived after all is behind delivered only.
             status = CASE WHEN array_position(ARRAY['queued', 'sending', 'accepted', 'sent', 'failed', 'delivered', 'read'], m.status)
                              < array_position(ARRAY['queued', 'sending', 'accepted', 'sent', 'failed', 'delivered', 'read'], n.status)
                      THEN n.status ELSE m.status END,
             failed_at = CASE WHEN n.status NOT IN ('delivered', 'read') THEN m.failed_at END,
             error_code = CASE WHEN n.status NOT IN ('delivered', 'read') THEN m.error_code END,
             error_detail = CASE WHEN n.status NOT IN ('delivered', 'read') THEN m.error_detail END,
             dead_letter = CASE WHEN n.status NOT IN ('delivered', 'read') THEN m.dead_letter END,
             provider_id = coalesce(m.provider_id, n.provider_id),
             accepted_at = coalesce(m.accepted_at, n.at),
             sent_at = coalesce(m.sent_at, n.sent_at),
             delivered_at = coalesce(m.delivered_at, n.delivered_at),
             read_at = coalesce(m.read_at, n.read_at),
             charged = m.charged OR n.charge
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[],
                     $7::timestamptz[], $8::timestamptz[], $9::boolean[])
                  AS n(id, workspace, status, provider_id, at, sent_at, delivered_at, read_at, charge)
         WHERE m.id = n.id AND m.workspace_id = n.workspace
           -- Refused since, and waits to be sent again: that the request before had been sent moves nothing.
           AND NOT (m.status = 'queued' AND m.tries > 0 AND n.status = 'sent')
         RETURNING m.id AS "id: MessageId""#,
        &ids,
        &vec![work.workspace().uuid(); ids.len()],
        &texts(|report| report.status.name()),
        &texts(|report| &report.provider_id),
        &reports.iter().map(|(_, report)| report.at).collect::<Vec<_>>(),
        &times(|report| report.sent_at) as &[Option<Timestamp>],
        &times(|report| report.delivered_at) as &[Option<Timestamp>],
        &times(|report| report.read_at) as &[Option<Timestamp>],
        &reports.iter().map(|(id, _)| charge.contains_key(*id)).collect::<Vec<_>>()
    )
    .fetch_all(work.conn())
    .await?;
    let charges = charged.iter().filter_map(|id| charge.remove(id));
    note_charges(work, &Charge::sums(charges)).await?;
    for dead_letter in dead_letters {
        forget_dead_letter(work, dead_letter).await?;
    }
    Ok(known)
}
