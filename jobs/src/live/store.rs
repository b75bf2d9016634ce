//! SQL of the live events.

use std::collections::BTreeMap;

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Cursor, LiveEvent};
use crate::Work;

/// A look at the table: which transactions it sees, and when it was.
pub(super) struct Look {
    snapshot: String,
    oldest: i64,
    at: i64,
}

impl Look {
    pub(super) const fn cursor(&self) -> Cursor {
        Cursor {
            oldest: self.oldest,
            at: self.at,
        }
    }
}

pub(super) async fn look(conn: &mut PgConnection) -> Result<Look, sqlx::Error> {
    sqlx::query_as!(
        Look,
        r#"SELECT s::text AS "snapshot!", pg_snapshot_xmin(s)::text::bigint AS "oldest!",
                  extract(epoch FROM statement_timestamp())::bigint AS "at!"
           FROM pg_current_snapshot() s"#
    )
    .fetch_one(conn)
    .await
}

/// The events since a cursor, oldest first. With more than `most` there are `most` and one.
pub(super) async fn since(
    work: &mut Work,
    cursor: Cursor,
    most: usize,
) -> Result<Vec<LiveEvent>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT id, kind, data, created_at FROM live_events
         WHERE workspace_id = $1 AND xid >= $2::bigint::text::xid8 ORDER BY xid, id LIMIT $3",
        work.workspace().uuid(),
        cursor.oldest,
        one_more(most)
    )
    .fetch_all(work.conn())
    .await?;
    let events = rows.into_iter().map(|row| LiveEvent {
        id: row.id,
        kind: row.kind,
        data: row.data,
        created_at: row.created_at,
        // A client that does not get all of them comes back to the same place.
        cursor,
    });
    let mut events: Vec<_> = events.collect();
    events.sort_by_key(|event| event.id);
    Ok(events)
}

/// The events of workspaces that a look sees and an earlier one did not see, oldest first. For a workspace with more than
/// `most` there are `most` and one.
pub(super) async fn between(
    conn: &mut PgConnection,
    workspaces: &[WorkspaceId],
    before: &Look,
    now: &Look,
    most: usize,
) -> Result<BTreeMap<WorkspaceId, Vec<LiveEvent>>, sqlx::Error> {
    let ids: Vec<Uuid> = workspaces.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT n.id AS "workspace!: WorkspaceId", e.id, e.kind, e.data, e.created_at
           FROM unnest($1::uuid[]) AS n(id) CROSS JOIN LATERAL (
               SELECT l.id, l.kind, l.data, l.created_at FROM live_events l
               WHERE l.workspace_id = n.id AND l.xid >= pg_snapshot_xmin($2::text::pg_snapshot)
                 AND NOT pg_visible_in_snapshot(l.xid, $2::text::pg_snapshot)
                 AND pg_visible_in_snapshot(l.xid, $3::text::pg_snapshot)
               ORDER BY l.xid, l.id LIMIT $4
           ) e ORDER BY e.id"#,
        &ids,
        before.snapshot,
        now.snapshot,
        one_more(most)
    )
    .fetch_all(conn)
    .await?;
    let mut found: BTreeMap<WorkspaceId, Vec<LiveEvent>> = BTreeMap::new();
    for row in rows {
        let events = found.entry(row.workspace).or_default();
        events.push(LiveEvent {
            id: row.id,
            kind: row.kind,
            data: row.data,
            created_at: row.created_at,
            // A client that does not get all of them comes back to the look before.
            cursor: before.cursor(),
        });
    }
    for events in found.values_mut() {
        if let Some(last) = events.last_mut() {
            last.cursor = now.cursor();
        }
    }
    Ok(found)
}

fn one_more(most: usize) -> i64 {
    i64::try_from(most).map_or(i64::MAX, |most| most.saturating_add(1))
}

/// Deletes events that are older. Returns how many.
pub(super) async fn purge(conn: &mut PgConnection, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "DELETE FROM live_events e USING (SELECT workspace_id, id FROM live_events WHERE created_at < $1 LIMIT 5000) old
         WHERE e.workspace_id = old.workspace_id AND e.id = old.id",
        before
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
