//! SQL of the ledger.

use kazi_platform::texts::TextError;
use uuid::Uuid;

use crate::{
    Work,
    conversations::CampaignId,
    credits::{Entry, EntryFilter, EntryId, EntryKind, Standing, TopUpId, books::NewEntry},
};

/// Writes rows. Those of a campaign are added to the row of their day. The caller holds the account.
pub async fn insert(work: &mut Work, entries: &[NewEntry]) -> Result<(), sqlx::Error> {
    for entry in entries {
        let at = entry.at.unwrap_or_else(|| work.now());
        sqlx::query!(
            "INSERT INTO credit_entries AS e (workspace_id, id, from_account, to_account, credits, kind, campaign_id,
                                              top_up_id, messages, note, at, day)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, ($11 AT TIME ZONE 'UTC')::date)
             ON CONFLICT (workspace_id, campaign_id, kind, from_account, day) WHERE campaign_id IS NOT NULL
             DO UPDATE SET credits = e.credits + excluded.credits, messages = e.messages + excluded.messages,
                           at = greatest(e.at, excluded.at)",
            work.workspace().uuid(),
            EntryId::new().uuid(),
            entry.from.name(),
            entry.to.name(),
            entry.credits,
            entry.kind.name(),
            entry.about.campaign.map(CampaignId::uuid),
            entry.about.top_up.map(TopUpId::uuid),
            entry.messages,
            entry.about.note,
            at
        )
        .execute(work.conn())
        .await?;
    }
    Ok(())
}

/// How the credits of a campaign stand, with the causes that are not in the ledger yet.
pub async fn standing(work: &mut Work, campaign: CampaignId) -> Result<Standing, sqlx::Error> {
    sqlx::query_as!(
        Standing,
        r#"SELECT (coalesce(sum(credits) FILTER (WHERE to_place = 'reserved'), 0)
                   - coalesce(sum(credits) FILTER (WHERE from_place = 'reserved'), 0))::bigint AS "reserved!",
                  coalesce(sum(credits) FILTER (WHERE to_place = 'spent'), 0)::bigint AS "charged!",
                  coalesce(sum(credits) FILTER (WHERE from_place = 'reserved' AND to_place = 'available'), 0)::bigint
                      AS "released!"
           FROM (
               SELECT from_account AS from_place, to_account AS to_place, credits FROM credit_entries
               WHERE workspace_id = $1 AND campaign_id = $2
               UNION ALL
               SELECT CASE kind WHEN 'late' THEN 'available' ELSE 'reserved' END,
                      CASE kind WHEN 'release' THEN 'available' ELSE 'spent' END, credits FROM credit_causes
               WHERE workspace_id = $1 AND campaign_id = $2
           ) moved"#,
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_one(work.conn())
    .await
}

/// The ledger, newest first, before the given row.
pub async fn list(
    work: &mut Work,
    filter: EntryFilter,
    after: Option<EntryId>,
    limit: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT e.id AS "id: EntryId", e.kind, e.from_account, e.to_account, e.credits, e.messages,
                  e.campaign_id AS "campaign: CampaignId", u.automation_id AS "automation?", u.name AS "name?",
                  e.top_up_id AS "top_up: TopUpId", e.note, e.at
           FROM credit_entries e
           LEFT JOIN credit_uses u ON u.workspace_id = e.workspace_id AND u.campaign_id = e.campaign_id
           WHERE e.workspace_id = $1 AND ($2::uuid IS NULL OR e.id < $2) AND ($3::uuid IS NULL OR e.campaign_id = $3)
             AND ($4::text IS NULL OR e.kind = $4)
           ORDER BY e.id DESC LIMIT $5"#,
        work.workspace().uuid(),
        after.map(EntryId::uuid),
        filter.campaign.map(CampaignId::uuid),
        filter.kind.map(EntryKind::name),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let kind: Result<EntryKind, TextError> = row.kind.parse();
            let automation = row
                .automation
                .map(|id: Uuid| format!("aut_{}", id.simple()));
            Ok(Entry {
                id: row.id,
                kind: kind.map_err(sqlx::Error::decode)?,
                from_account: row.from_account,
                to_account: row.to_account,
                credits: row.credits,
                messages: row.messages,
                campaign_id: row.campaign.filter(|_| automation.is_none()),
                automation_id: automation,
                used_for: row.name,
                top_up_id: row.top_up,
                note: row.note,
                at: row.at,
            })
        })
        .collect()
}
