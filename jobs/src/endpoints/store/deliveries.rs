//! SQL of announcements, deliveries and their attempts.

use kazi_platform::{
    Timestamp,
    crypto::{CryptoError, Keyring},
    without_nul,
};
use secrecy::SecretString;
use uuid::Uuid;

use super::super::{
    AnnouncementId, Attempt, Delivery, DeliveryDetails, DeliveryFilter, DeliveryId, DeliveryState,
    EndpointId,
    call::Outcome,
    secret::{NEW, OLD},
};
use super::unseal;
use crate::Work;

pub struct NewAnnouncement<'a> {
    pub id: AnnouncementId,
    pub kind: &'static str,
    pub subject: Uuid,
    /// Whose personal data it has.
    pub contact: Option<Uuid>,
    pub payload: &'a str,
}

pub async fn insert_announcement(
    work: &mut Work,
    new: &NewAnnouncement<'_>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO announcements (workspace_id, id, event_type, subject, contact_id, payload, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        work.workspace().uuid(),
        new.id.uuid(),
        new.kind,
        new.subject,
        new.contact,
        without_nul(new.payload),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Writes a delivery for each endpoint.
pub async fn insert(
    work: &mut Work,
    announcement: AnnouncementId,
    endpoints: &[EndpointId],
    ids: &[DeliveryId],
) -> Result<(), sqlx::Error> {
    let endpoints: Vec<Uuid> = endpoints.iter().map(|id| id.uuid()).collect();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "INSERT INTO deliveries (workspace_id, id, endpoint_id, announcement_id, state, next_at, created_at)
         SELECT $1, d.id, d.endpoint_id, $4, 'pending', $5, $5 FROM unnest($2::uuid[], $3::uuid[]) AS d(endpoint_id, id)",
        work.workspace().uuid(),
        &endpoints,
        &ids,
        announcement.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The deliveries, newest first.
pub async fn deliveries(
    work: &mut Work,
    filter: DeliveryFilter,
    after: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>, sqlx::Error> {
    sqlx::query_as!(
        Delivery,
        r#"SELECT d.id AS "id: DeliveryId", d.endpoint_id AS "endpoint_id: EndpointId",
                  d.announcement_id AS "event_id: AnnouncementId", a.event_type, d.state AS "state: DeliveryState",
                  d.attempts, d.next_at AS next_attempt_at, d.created_at, d.ended_at
           FROM deliveries d
           JOIN announcements a ON a.workspace_id = d.workspace_id AND a.id = d.announcement_id
           WHERE d.workspace_id = $1 AND ($2::uuid IS NULL OR d.endpoint_id = $2)
             AND ($3::uuid IS NULL OR d.announcement_id = $3) AND ($4::text IS NULL OR d.state = $4)
             AND ($5::uuid IS NULL OR d.id < $5)
           ORDER BY d.id DESC LIMIT $6"#,
        work.workspace().uuid(),
        filter.endpoint.map(EndpointId::uuid),
        filter.event.map(AnnouncementId::uuid),
        filter.state.map(DeliveryState::name),
        after.map(DeliveryId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn one(work: &mut Work, id: DeliveryId) -> Result<Option<Delivery>, sqlx::Error> {
    sqlx::query_as!(
        Delivery,
        r#"SELECT d.id AS "id: DeliveryId", d.endpoint_id AS "endpoint_id: EndpointId",
                  d.announcement_id AS "event_id: AnnouncementId", a.event_type, d.state AS "state: DeliveryState",
                  d.attempts, d.next_at AS next_attempt_at, d.created_at, d.ended_at
           FROM deliveries d
           JOIN announcements a ON a.workspace_id = d.workspace_id AND a.id = d.announcement_id
           WHERE d.workspace_id = $1 AND d.id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// A delivery with its payload and its attempts.
pub async fn delivery(
    work: &mut Work,
    id: DeliveryId,
) -> Result<Option<DeliveryDetails>, sqlx::Error> {
    let Some(delivery) = one(work, id).await? else {
        return Ok(None);
    };
    let payload = sqlx::query_scalar!(
        "SELECT payload FROM announcements WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        delivery.event_id.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    let log = sqlx::query_as!(
        Attempt,
        "SELECT number, at, duration_ms, status_code, answer, error FROM delivery_attempts
         WHERE workspace_id = $1 AND delivery_id = $2 ORDER BY number",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let payload = serde_json::from_str(&payload);
    Ok(Some(DeliveryDetails {
        delivery,
        payload: payload.map_err(|error| sqlx::Error::Decode(error.into()))?,
        log,
    }))
}

/// A delivery whose turn has come.
pub struct Due {
    pub announcement: AnnouncementId,
    pub url: String,
    /// Whether the endpoint is on.
    pub enabled: bool,
    /// The newest first.
    pub secrets: Vec<SecretString>,
    pub payload: String,
    pub attempts: i32,
    pub attempts_before: i32,
    pub created_at: Timestamp,
}

/// Reads a pending delivery.
pub async fn due(
    work: &mut Work,
    keyring: &Keyring,
    id: DeliveryId,
) -> Result<Option<Due>, CryptoError> {
    let row = sqlx::query!(
        r#"SELECT d.endpoint_id AS "endpoint_id: EndpointId", d.announcement_id AS "announcement_id: AnnouncementId",
                  d.attempts, d.attempts_before, d.created_at, a.payload, e.url, e.enabled, e.secret,
                  CASE WHEN e.old_secret_until > $3 THEN e.old_secret END AS old_secret
           FROM deliveries d
           JOIN announcements a ON a.workspace_id = d.workspace_id AND a.id = d.announcement_id
           JOIN endpoints e ON e.workspace_id = d.workspace_id AND e.id = d.endpoint_id
           WHERE d.workspace_id = $1 AND d.id = $2 AND d.state = 'pending'"#,
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .fetch_optional(work.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let mut secrets = Vec::new();
    if row.enabled {
        let endpoint = row.endpoint_id;
        secrets.push(unseal(work, keyring, (endpoint, NEW), &row.secret).await?);
        if let Some(old) = row.old_secret {
            secrets.push(unseal(work, keyring, (endpoint, OLD), &old).await?);
        }
    }
    Ok(Some(Due {
        announcement: row.announcement_id,
        url: row.url,
        enabled: row.enabled,
        secrets,
        payload: row.payload,
        attempts: row.attempts,
        attempts_before: row.attempts_before,
        created_at: row.created_at,
    }))
}

/// What an attempt has come to.
pub struct Concluded<'a> {
    pub state: DeliveryState,
    pub next: Option<Timestamp>,
    pub outcome: &'a Outcome,
}

/// Writes an attempt down. Returns false, and writes nothing, when the delivery is not as it was read.
pub async fn conclude(
    work: &mut Work,
    id: DeliveryId,
    read: &Due,
    attempt: &Concluded<'_>,
) -> Result<bool, sqlx::Error> {
    let ended = (attempt.state != DeliveryState::Pending).then_some(work.now());
    let written = sqlx::query!(
        "UPDATE deliveries SET attempts = attempts + 1, state = $4, next_at = $5, ended_at = $6
         WHERE workspace_id = $1 AND id = $2 AND state = 'pending' AND attempts = $3",
        work.workspace().uuid(),
        id.uuid(),
        read.attempts,
        attempt.state.name(),
        attempt.next,
        ended
    )
    .execute(work.conn())
    .await?;
    if written.rows_affected() == 0 {
        return Ok(false);
    }
    let outcome = attempt.outcome;
    sqlx::query!(
        "INSERT INTO delivery_attempts (workspace_id, delivery_id, number, at, duration_ms, status_code, answer, error)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        work.workspace().uuid(),
        id.uuid(),
        read.attempts + 1,
        work.now(),
        i32::try_from(outcome.duration.as_millis()).unwrap_or(i32::MAX),
        outcome.status.map(i32::from),
        outcome.answer,
        outcome.error.as_deref()
    )
    .execute(work.conn())
    .await?;
    Ok(true)
}

/// Ends a pending delivery without an attempt.
pub async fn end(work: &mut Work, id: DeliveryId, state: DeliveryState) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE deliveries SET state = $3, next_at = NULL, ended_at = $4
         WHERE workspace_id = $1 AND id = $2 AND state = 'pending'",
        work.workspace().uuid(),
        id.uuid(),
        state.name(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// A delivery that begins anew.
pub struct Again {
    pub id: DeliveryId,
    /// The order of writing.
    pub number: i64,
    pub endpoint: EndpointId,
    pub subject: Uuid,
}

/// Makes ended deliveries pending again, and returns them.
pub async fn begin_anew(work: &mut Work, ids: &[DeliveryId]) -> Result<Vec<Again>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        Again,
        r#"UPDATE deliveries d SET state = 'pending', attempts_before = attempts, next_at = $3, ended_at = NULL
           FROM announcements a
           WHERE d.workspace_id = $1 AND d.id = ANY ($2) AND d.state <> 'pending'
             AND a.workspace_id = d.workspace_id AND a.id = d.announcement_id
           RETURNING d.id AS "id: DeliveryId", d.number, d.endpoint_id AS "endpoint: EndpointId", a.subject"#,
        work.workspace().uuid(),
        &ids,
        work.now()
    )
    .fetch_all(work.conn())
    .await
}

/// Counts the events of a time that an endpoint did not take.
pub async fn count_failed(
    work: &mut Work,
    endpoint: EndpointId,
    since: Timestamp,
    until: Timestamp,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM deliveries
           WHERE workspace_id = $1 AND endpoint_id = $2 AND state IN ('failed', 'cancelled')
             AND created_at >= $3 AND ended_at <= $4"#,
        work.workspace().uuid(),
        endpoint.uuid(),
        since,
        until
    )
    .fetch_one(work.conn())
    .await
}

/// The oldest of them.
pub async fn failed(
    work: &mut Work,
    endpoint: EndpointId,
    since: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<DeliveryId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT id AS "id: DeliveryId" FROM deliveries
           WHERE workspace_id = $1 AND endpoint_id = $2 AND state IN ('failed', 'cancelled')
             AND created_at >= $3 AND ended_at <= $4
           ORDER BY number LIMIT $5"#,
        work.workspace().uuid(),
        endpoint.uuid(),
        since,
        until,
        limit
    )
    .fetch_all(work.conn())
    .await
}
