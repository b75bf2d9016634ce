//! SQL of the audit log.

use crate::Work;
use kazi_platform::{Timestamp, WorkspaceId, actor::Actor, ids::first_uuid_of};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{AuditFilter, Change, RecordId, RecordView, StaffRecord};

/// Writes the record of a change in the transaction of the change. A change of a user or a session has no workspace.
pub async fn record(
    conn: &mut PgConnection,
    workspace: Option<WorkspaceId>,
    actor: &Actor,
    change: &Change,
) -> Result<(), sqlx::Error> {
    let Some((before, after)) = change.sides() else {
        return Ok(());
    };
    sqlx::query!(
        "INSERT INTO audit_log (id, workspace_id, actor_kind, actor_id, address, request_id, action, subject_kind,
                                subject_id, before, after)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        Uuid::now_v7(),
        workspace.map(WorkspaceId::uuid),
        actor.kind.name(),
        actor.id,
        actor.address.map(|address| address.to_string()),
        actor.request,
        change.action,
        change.subject_kind,
        change.subject,
        before,
        after
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lists the records of a workspace, the newest first. The page begins behind `after`.
pub async fn list(
    work: &mut Work,
    filter: &AuditFilter,
    after: Option<RecordId>,
    limit: i64,
) -> Result<Vec<RecordView>, sqlx::Error> {
    // An id carries the time of its record, and the partitions are ranges of ids. So the filters compare ids.
    let rows = sqlx::query!(
        r#"SELECT id AS "id: RecordId", actor_kind, actor_id, address, request_id, action, subject_kind, subject_id,
                  before, after
           FROM audit_log
           WHERE workspace_id = $1
             AND ($2::uuid IS NULL OR id < $2)
             AND ($3::uuid IS NULL OR id >= $3)
             AND ($4::uuid IS NULL OR id < $4)
             AND ($5::text IS NULL OR actor_kind = $5)
             AND ($6::uuid IS NULL OR actor_id = $6)
             AND ($7::text IS NULL OR action = $7 OR split_part(action, '.', 1) = $7)
             AND ($8::text IS NULL OR subject_kind = $8)
             AND ($9::uuid IS NULL OR subject_id = $9)
           ORDER BY id DESC LIMIT $10"#,
        work.workspace().uuid(),
        after.map(RecordId::uuid),
        filter.from.map(first_uuid_of),
        filter.until.map(first_uuid_of),
        filter.actor_kind,
        filter.actor,
        filter.action,
        filter.subject_kind,
        filter.subject,
        limit
    )
    .fetch_all(work.conn())
    .await?;
    let records = rows.into_iter().map(|row| RecordView {
        at: time_of(row.id.uuid()),
        id: row.id,
        actor_kind: row.actor_kind,
        actor_id: row.actor_id,
        address: row.address,
        request_id: row.request_id,
        action: row.action,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        before: row.before,
        after: row.after,
    });
    Ok(records.collect())
}

fn time_of(id: Uuid) -> Timestamp {
    let (secs, nanos) = id.get_timestamp().map_or((0, 0), |time| time.to_unix());
    i64::try_from(secs)
        .ok()
        .and_then(|secs| Timestamp::from_timestamp(secs, nanos))
        .unwrap_or_default()
}

/// Empties the fields in all records of a subject, because they are personal. Who did what and when stays.
pub async fn erase(work: &mut Work, subject: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE audit_log SET before = NULL, after = NULL
         WHERE workspace_id = $1 AND subject_id = $2 AND (before IS NOT NULL OR after IS NOT NULL)",
        work.workspace().uuid(),
        subject
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Returns true when the actor, one of the staff, has a record like this one since a time. In a transaction of the
/// platform.
pub async fn has_of_staff(
    conn: &mut PgConnection,
    actor: &Actor,
    change: &Change,
    since: Timestamp,
) -> Result<bool, sqlx::Error> {
    let Some((_, after)) = change.sides() else {
        return Ok(false);
    };
    sqlx::query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM audit_log
               WHERE actor_kind = 'staff' AND id >= $1 AND actor_id = $2 AND action = $3 AND subject_id = $4
                 AND after IS NOT DISTINCT FROM $5
           ) AS "has!""#,
        first_uuid_of(since),
        actor.id,
        change.action,
        change.subject,
        after
    )
    .fetch_one(conn)
    .await
}

/// Lists what the platform's staff did, the newest first. Needs a transaction of the platform.
pub async fn of_staff(
    conn: &mut PgConnection,
    after: Option<RecordId>,
    limit: i64,
) -> Result<Vec<StaffRecord>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: RecordId", workspace_id AS "workspace_id: WorkspaceId", actor_kind, actor_id, address, request_id,
                  action, subject_kind, subject_id, before, after
           FROM audit_log WHERE actor_kind = 'staff' AND ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT $2"#,
        after.map(RecordId::uuid),
        limit
    )
    .fetch_all(conn)
    .await?;
    let records = rows.into_iter().map(|row| StaffRecord {
        workspace_id: row.workspace_id,
        record: RecordView {
            at: time_of(row.id.uuid()),
            id: row.id,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            address: row.address,
            request_id: row.request_id,
            action: row.action,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            before: row.before,
            after: row.after,
        },
    });
    Ok(records.collect())
}
