//! SQL of the parts.

use kazi_platform::Timestamp;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Work,
    campaigns::CourseDay,
    marketing::{MarketingId, PartKind},
};

/// A part as it is stored.
#[derive(Clone, Debug)]
pub(in crate::marketing) struct Stored {
    pub part: Uuid,
    pub kind: PartKind,
    pub campaign: MarketingId,
    pub name: String,
    pub attached_at: Timestamp,
    /// Its days, once it is deleted and nothing else knows them.
    pub kept: Option<Json<Vec<CourseDay>>>,
}

/// The parts of some campaigns, in the order in which they were attached.
pub(in crate::marketing) async fn of(
    work: &mut Work,
    campaigns: &[MarketingId],
) -> Result<Vec<Stored>, sqlx::Error> {
    let campaigns: Vec<Uuid> = campaigns.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        Stored,
        r#"SELECT part_id AS part, kind AS "kind: PartKind", campaign_id AS "campaign: MarketingId", name, attached_at,
                  kept AS "kept: Json<Vec<CourseDay>>"
           FROM marketing_parts WHERE workspace_id = $1 AND campaign_id = ANY($2) ORDER BY attached_at, part_id"#,
        work.workspace().uuid(),
        &campaigns
    )
    .fetch_all(work.conn())
    .await
}

/// To which campaign a part belongs.
pub(in crate::marketing) struct Holder {
    pub part: Uuid,
    pub campaign: MarketingId,
    pub name: String,
}

/// The campaigns to which some things belong.
pub(in crate::marketing) async fn holders(
    work: &mut Work,
    parts: &[Uuid],
) -> Result<Vec<Holder>, sqlx::Error> {
    sqlx::query_as!(
        Holder,
        r#"SELECT p.part_id AS part, c.id AS "campaign: MarketingId", c.name
           FROM marketing_parts p
           JOIN marketing_campaigns c ON c.workspace_id = p.workspace_id AND c.id = p.campaign_id
           WHERE p.workspace_id = $1 AND p.part_id = ANY($2)"#,
        work.workspace().uuid(),
        parts
    )
    .fetch_all(work.conn())
    .await
}

/// Attaches a part, unless it belongs to a campaign already. Returns whether it was attached.
pub(in crate::marketing) async fn insert(
    work: &mut Work,
    campaign: MarketingId,
    (part, kind, name): (Uuid, PartKind, &str),
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO marketing_parts (workspace_id, part_id, kind, campaign_id, name, attached_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, part_id) DO NOTHING",
        work.workspace().uuid(),
        part,
        kind.name(),
        campaign.uuid(),
        name,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::marketing) async fn delete(
    work: &mut Work,
    campaign: MarketingId,
    part: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM marketing_parts WHERE workspace_id = $1 AND campaign_id = $2 AND part_id = $3",
        work.workspace().uuid(),
        campaign.uuid(),
        part
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Keeps the days of a part that is deleted in the same transaction.
pub(in crate::marketing) async fn keep(
    work: &mut Work,
    part: Uuid,
    (name, days): (&str, &[CourseDay]),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE marketing_parts SET name = $3, deleted_at = $4, kept = $5 WHERE workspace_id = $1 AND part_id = $2",
        work.workspace().uuid(),
        part,
        name,
        work.now(),
        Json(days) as _
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
