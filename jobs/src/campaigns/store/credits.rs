//! SQL of the credits that recipients have reserved. A recipient has reserved credits while they are planned and the row has
//! a number; then the message has them.

use std::collections::BTreeMap;

use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Work,
    credits::{self, Moved, Movement},
    messages::CampaignId,
};

/// What recipients of a campaign had reserved who get nothing.
pub struct Released {
    pub campaign: CampaignId,
    pub credits: i64,
    pub messages: i64,
}

/// Notes that recipients have given back what they had reserved.
pub async fn release(work: &mut Work, held: &[Released]) -> Result<(), sqlx::Error> {
    if held.is_empty() {
        return Ok(());
    }
    let (workspace, at) = (work.workspace(), work.now());
    let moves = held.iter().map(|one| Movement {
        workspace,
        campaign: one.campaign,
        moved: Moved::Released,
        credits: one.credits,
        messages: one.messages,
    });
    credits::note(work.conn(), &moves.collect::<Vec<_>>(), at).await
}

/// The planned recipients by country who have reserved nothing.
pub async fn unheld(
    work: &mut Work,
    campaign: CampaignId,
) -> Result<Vec<(Option<String>, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT country, count(*) AS "recipients!" FROM campaign_messages
           WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'planned' AND credits IS NULL GROUP BY 1"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.country, row.recipients))
        .collect())
}

/// Marks the place that [`undo`] goes back to.
pub async fn begin(work: &mut Work) -> Result<(), sqlx::Error> {
    sqlx::query!("SAVEPOINT hold").execute(work.conn()).await?;
    Ok(())
}

/// Takes back what the transaction has written since [`begin`]. The locks since then are released too.
pub async fn undo(work: &mut Work) -> Result<(), sqlx::Error> {
    sqlx::query!("ROLLBACK TO SAVEPOINT hold")
        .execute(work.conn())
        .await?;
    Ok(())
}

/// Recipients whose credits one statement writes: a second or two, and so far from the time that a statement may take.
const CHUNK: i64 = 20_000;

/// Writes what the planned recipients of countries have reserved, and returns the sum and the number of recipients. Whoever
/// is left out at this moment is in it, or has reserved nothing.
pub async fn hold(
    work: &mut Work,
    campaign: CampaignId,
    prices: &[(Option<String>, i32)],
) -> Result<(i64, i64), sqlx::Error> {
    // By country; '' is none. A join would be planned without statistics of rows that were written just now.
    let prices: BTreeMap<&str, i32> = prices
        .iter()
        .map(|(country, credits)| (country.as_deref().unwrap_or_default(), *credits))
        .collect();
    let (mut sum, mut messages, mut after) = (0, 0, Uuid::nil());
    loop {
        let last = sqlx::query_scalar!(
            "SELECT contact_id FROM campaign_messages
             WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'planned' AND contact_id > $3
             ORDER BY contact_id OFFSET $4 LIMIT 1",
            work.workspace().uuid(),
            campaign.uuid(),
            after,
            CHUNK
        )
        .fetch_optional(work.conn())
        .await?;
        let row = sqlx::query!(
            r#"WITH held AS (
                   UPDATE campaign_messages SET credits = ($3::jsonb ->> coalesce(country, ''))::integer
                   WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'planned' AND contact_id > $4
                     AND contact_id <= $5 AND credits IS NULL AND $3::jsonb ? coalesce(country, '')
                   RETURNING credits)
               SELECT coalesce(sum(credits), 0)::bigint AS "credits!", count(*) AS "messages!" FROM held"#,
            work.workspace().uuid(),
            campaign.uuid(),
            Json(&prices) as _,
            after,
            last.unwrap_or(Uuid::max())
        )
        .fetch_one(work.conn())
        .await?;
        (sum, messages) = (sum + row.credits, messages + row.messages);
        match last {
            Some(contact) => after = contact,
            None => return Ok((sum, messages)),
        }
    }
}

/// Releases what the planned recipients have reserved of a campaign that has ended: they get nothing any more.
pub async fn release_ended(work: &mut Work, campaign: CampaignId) -> Result<(), sqlx::Error> {
    let held = sqlx::query_as!(
        Released,
        r#"WITH held AS MATERIALIZED (
               SELECT m.contact_id, m.credits FROM campaigns c
               JOIN campaign_messages m ON m.workspace_id = c.workspace_id AND m.campaign_id = c.id
               WHERE c.workspace_id = $1 AND c.id = $2 AND c.metered AND c.status IN ('cancelled', 'completed', 'failed')
                 AND m.state = 'planned' AND m.credits IS NOT NULL
               ORDER BY m.contact_id FOR UPDATE OF m),
           gone AS (
               UPDATE campaign_messages m SET credits = NULL FROM held
               WHERE m.workspace_id = $1 AND m.campaign_id = $2 AND m.contact_id = held.contact_id
               RETURNING held.credits)
           SELECT $2 AS "campaign!: CampaignId", sum(credits)::bigint AS "credits!", count(*) AS "messages!"
           FROM gone WHERE credits > 0 HAVING count(*) > 0"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    release(work, &held).await
}

/// What planned recipients have reserved, by campaign.
pub async fn held(work: &mut Work) -> Result<Vec<(CampaignId, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT campaign_id AS "campaign: CampaignId", sum(credits)::bigint AS "credits!" FROM campaign_messages
           WHERE workspace_id = $1 AND state = 'planned' AND credits > 0 GROUP BY 1"#,
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.campaign, row.credits))
        .collect())
}

pub async fn set_metered(work: &mut Work, campaign: CampaignId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET metered = true WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        campaign.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The campaigns that are paused for a reason, the oldest first.
pub async fn paused_for(work: &mut Work, reason: &str) -> Result<Vec<CampaignId>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "SELECT id FROM campaigns WHERE workspace_id = $1 AND status = 'paused' AND reason = $2 ORDER BY id",
        work.workspace().uuid(),
        reason
    )
    .fetch_all(work.conn())
    .await?;
    Ok(ids.into_iter().map(CampaignId::from).collect())
}
