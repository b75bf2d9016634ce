//! SQL for other domains: how far a message came.

use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

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
