//! SQL for other domains: how far a message came.

use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::{conversations, messages::CampaignId};

/// How far a message came at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    Phone,
    Reader,
}

/// Pushes ` AND EXISTS (…)`: the message whose id stands in the column `id` came so far. `since` is the least id, when the
/// caller knows one: it leaves out the partitions before it.
pub fn push_reached(
    sql: &mut QueryBuilder<Postgres>,
    id: &str,
    reached: Reached,
    since: Option<Uuid>,
) {
    let came = match reached {
        Reached::Phone => "'delivered', 'read'",
        Reached::Reader => "'read'",
    };
    sql.push(format_args!(
        " AND EXISTS (SELECT FROM messages r WHERE r.workspace_id = current_workspace() AND r.id = {id} AND r.status IN ({came})"
    ));
    if let Some(since) = since {
        sql.push(" AND r.id >= ").push_bind(since);
    }
    sql.push(")");
}

/// Pushes ` AND EXISTS (…)`: the campaign's message whose id stands in the column `id` has a status. `code` selects failures
/// by the provider's code; `none` means without one.
pub fn push_standing(
    sql: &mut QueryBuilder<Postgres>,
    id: &str,
    campaign: CampaignId,
    status: &'static str,
    code: Option<&str>,
) {
    sql.push(format_args!(
        " AND EXISTS (SELECT FROM messages r WHERE r.workspace_id = current_workspace() AND r.id = {id} AND r.campaign_id = "
    ))
    .push_bind(campaign.uuid())
    .push(" AND r.status = ")
    .push_bind(status);
    if let Some(code) = code {
        sql.push(" AND coalesce(r.error_code::text, 'none') = ")
            .push_bind(code.to_owned());
    }
    sql.push(")");
}

/// Pushes ` LEFT JOIN LATERAL (…)`: the column `status` under a name, of the message whose id stands in the column `id`.
pub fn push_status(sql: &mut QueryBuilder<Postgres>, id: &str, name: &str) {
    sql.push(format_args!(
        " LEFT JOIN LATERAL (SELECT r.status FROM messages r WHERE r.workspace_id = current_workspace() AND r.id = {id})
            AS {name} ON true"
    ));
}

/// Pushes ` JOIN LATERAL (…)` under a name, for the message whose id stands in the column `id`: its `kind`, and its times
/// `sent_at`, `delivered_at`, `read_at` and `replied_at`. A webhook may be lost: what is read was delivered, and what is
/// delivered was sent. A reply is what the contact wrote within 24 hours.
pub fn push_times(sql: &mut QueryBuilder<Postgres>, id: &str, name: &str) {
    // Most contacts do not reply. Their conversations tell so, and a look for each message would take most of the time. A
    // provider's clock may be behind by a little.
    sql.push(
        " JOIN LATERAL (
            SELECT r.kind, coalesce(r.sent_at, r.delivered_at, r.read_at) AS sent_at,
                   coalesce(r.delivered_at, r.read_at) AS delivered_at, r.read_at,
                   CASE WHEN v.last_inbound_at > r.created_at - interval '1 minute' THEN (
                       SELECT a.created_at FROM messages a
                       WHERE a.workspace_id = r.workspace_id AND a.conversation_id = r.conversation_id AND a.id > r.id
                         AND a.direction = 'in' AND a.created_at < r.created_at + interval '24 hours'
                       ORDER BY a.id LIMIT 1) END AS replied_at
            FROM messages r",
    );
    conversations::push_last_inbound(sql, "r.conversation_id", "v");
    sql.push(format_args!(
        " WHERE r.workspace_id = current_workspace() AND r.id = {id}) AS {name} ON true"
    ));
}
