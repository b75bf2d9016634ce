//! SQL of a campaign's steps.

use kazi_platform::{Timestamp, without_nul};
use sqlx::types::Json;

use crate::{
    Work,
    campaigns::{CampaignStatus, Report},
    contacts::ContactId,
    messages::CampaignId,
    templates::Category,
};

/// Begins a planning and returns its new number.
pub(in crate::campaigns) async fn begin_planning(
    work: &mut Work,
    id: CampaignId,
    then: Option<CampaignStatus>,
    scheduled_at: Option<Timestamp>,
) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(
        "UPDATE campaigns SET status = 'planning', then_status = $3, scheduled_at = $4, planned_until = NULL, report = NULL,
                reason = NULL, reason_detail = NULL, category = NULL, metered = false, run = run + 1, updated_at = now()
         WHERE workspace_id = $1 AND id = $2 RETURNING run",
        work.workspace().uuid(),
        id.uuid(),
        then.map(CampaignStatus::name),
        scheduled_at
    )
    .fetch_one(work.conn())
    .await
}

pub(in crate::campaigns) async fn planned_until(
    work: &mut Work,
    id: CampaignId,
    until: ContactId,
    category: Option<Category>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET planned_until = $3,
                -- What was an offer for some is one for all.
                category = CASE WHEN category = 'marketing' THEN category ELSE coalesce($4, category) END
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        until.uuid(),
        category.map(Category::name)
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::campaigns) async fn set_marketing(
    work: &mut Work,
    id: CampaignId,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET category = 'marketing', updated_at = now() WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::campaigns) async fn set_report(
    work: &mut Work,
    id: CampaignId,
    report: &Report,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET report = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        Json(report) as _
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::campaigns) async fn set_planned(
    work: &mut Work,
    id: CampaignId,
    report: &Report,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET status = 'planned', report = $3, planned_at = $4, then_status = NULL, updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        Json(report) as _,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::campaigns) async fn set_scheduled(
    work: &mut Work,
    id: CampaignId,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET status = 'scheduled', scheduled_at = $3, zoned_from = $4, updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        at,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Begins the sending and returns its new number.
pub(in crate::campaigns) async fn begin_sending(
    work: &mut Work,
    id: CampaignId,
) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(
        "UPDATE campaigns SET status = 'sending', reason = NULL, reason_detail = NULL, faults = 0, run = run + 1,
                started_at = coalesce(started_at, $3), resumed_at = $3, updated_at = now(),
                -- A member has seen the failures, and lets it go on.
                canary_passed_at = CASE WHEN reason = 'canary_failed' THEN $3 ELSE canary_passed_at END
         WHERE workspace_id = $1 AND id = $2 RETURNING run",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .fetch_one(work.conn())
    .await
}

/// Sets the status paused, cancelled, failed or completed.
pub(in crate::campaigns) async fn set_stopped(
    work: &mut Work,
    id: CampaignId,
    status: CampaignStatus,
    why: Option<(&str, &str)>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET status = $3, reason = $4, reason_detail = $5, updated_at = now(), then_status = NULL,
                finished_at = CASE WHEN $3 = 'paused' THEN NULL ELSE $6::timestamptz END
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        status.name(),
        why.map(|why| why.0),
        why.map(|why| without_nul(why.1)),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Counts a refusal that concerns a whole campaign, while it is being sent. Returns the count.
pub(in crate::campaigns) async fn count_fault(
    work: &mut Work,
    id: CampaignId,
) -> Result<Option<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        "UPDATE campaigns SET faults = faults + 1 WHERE workspace_id = $1 AND id = $2 AND status = 'sending'
         RETURNING faults",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}
