//! SQL of a campaign's test: its state, and its parts in the planning.

use std::collections::BTreeMap;

use sqlx::types::Json;

use super::next::Next;
use crate::{Work, campaigns::experiment::DecidedBy, contacts::ContactId, messages::CampaignId};

/// All messages of the test have left. Returns `false` when that is known.
pub async fn set_test_sent(work: &mut Work, id: CampaignId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE campaigns SET test_sent_at = $3, updated_at = now()
         WHERE workspace_id = $1 AND id = $2 AND test_sent_at IS NULL",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn set_evaluated(work: &mut Work, id: CampaignId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET evaluated_at = coalesce(evaluated_at, $3), updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Sets the winner. Returns `false` when there is one.
pub async fn set_winner(
    work: &mut Work,
    id: CampaignId,
    winner: i16,
    by: DecidedBy,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "UPDATE campaigns SET winner = $3, decided_by = $4, decided_at = $5, updated_at = now()
         WHERE workspace_id = $1 AND id = $2 AND winner IS NULL",
        work.workspace().uuid(),
        id.uuid(),
        winner,
        by.name(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stops some arms. Those of them who wait get the winner.
pub async fn stop_arms(
    work: &mut Work,
    id: CampaignId,
    arms: &[i16],
    reason: &str,
) -> Result<(), sqlx::Error> {
    let stopped: BTreeMap<i16, &str> = arms.iter().map(|arm| (*arm, reason)).collect();
    sqlx::query!(
        "UPDATE campaigns SET stopped_arms = stopped_arms || $3, updated_at = now() WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        Json(stopped) as _
    )
    .execute(work.conn())
    .await?;
    sqlx::query!(
        "UPDATE campaign_messages SET arm = NULL, language = NULL, parameters = '{}'
         WHERE workspace_id = $1 AND campaign_id = $2 AND arm = ANY($3) AND state = 'planned'",
        work.workspace().uuid(),
        id.uuid(),
        arms
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Those of the test who come next, as [`super::next::of`]. Those who get the winner wait.
pub async fn next(
    work: &mut Work,
    campaign: CampaignId,
    not_of: &[String],
    limit: i64,
) -> Result<Vec<Next>, sqlx::Error> {
    sqlx::query_as!(
        Next,
        r#"SELECT contact_id AS "contact: ContactId", coalesce(phone, '') AS "phone!", language, parameters, arm, credits
           FROM campaign_messages
           WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'planned' AND arm IS NOT NULL
             AND coalesce(country, '') <> ALL($3)
           ORDER BY contact_id LIMIT $4"#,
        work.workspace().uuid(),
        campaign.uuid(),
        not_of,
        limit
    )
    .fetch_all(work.conn())
    .await
}

/// Returns true when somebody of the test waits.
pub async fn any_left(work: &mut Work, campaign: CampaignId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM campaign_messages WHERE workspace_id = $1 AND campaign_id = $2
                            AND state = 'planned' AND arm IS NOT NULL) AS "left!""#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// The arm of a contact whose message has an arm's content.
pub async fn arm_of(
    work: &mut Work,
    campaign: CampaignId,
    contact: ContactId,
) -> Result<Option<i16>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "SELECT coalesce(m.arm, c.winner) FROM campaign_messages m
         JOIN campaigns c ON c.workspace_id = m.workspace_id AND c.id = m.campaign_id
         WHERE m.workspace_id = $1 AND m.campaign_id = $2 AND m.contact_id = $3",
        work.workspace().uuid(),
        campaign.uuid(),
        contact.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(found.flatten())
}

/// Recipients of an arm with a country and a language. Without an arm: those who get the winner.
pub struct Planned {
    pub arm: Option<i16>,
    pub country: String,
    pub language: Option<String>,
    pub recipients: i64,
}

pub async fn planned(work: &mut Work, campaign: CampaignId) -> Result<Vec<Planned>, sqlx::Error> {
    sqlx::query_as!(
        Planned,
        r#"SELECT arm, coalesce(country, '') AS "country!", language, count(*) AS "recipients!" FROM campaign_messages
           WHERE workspace_id = $1 AND campaign_id = $2 AND state <> 'left_out' GROUP BY 1, 2, 3"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await
}

/// Contacts whom the planning has left out because of an arm, by its index and the reason.
pub async fn at_fault(
    work: &mut Work,
    campaign: CampaignId,
) -> Result<Vec<(i16, String, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT arm AS "arm!", reason AS "reason!", count(*) AS "contacts!" FROM campaign_messages
           WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'left_out' AND alternatives IS NULL AND arm IS NOT NULL
           GROUP BY 1, 2"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|row| (row.arm, row.reason, row.contacts))
        .collect())
}

/// Counts the contacts who get nothing.
pub async fn holdout(work: &mut Work, campaign: CampaignId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "contacts!" FROM campaign_messages
           WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'left_out' AND reason = 'holdout'"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_one(work.conn())
    .await
}
