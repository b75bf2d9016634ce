//! SQL and sums of what messages cost: usage, and credits that they have reserved.
//!
//! A message of a prepaid workspace has its `credits`. They are reserved while it is queued or on its way and not charged.

use std::collections::BTreeMap;

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;

use crate::{
    Work,
    credits::{self, Moved, Movement},
    messages::CampaignId,
    usage,
};

/// Messages that the business has sent by itself, and whose rows say in the same transaction that they are charged.
#[derive(Clone, Copy, Debug)]
pub struct Charge {
    pub workspace: WorkspaceId,
    /// Their campaign, when they cost credits.
    pub metered: Option<CampaignId>,
    pub messages: i64,
    pub credits: i64,
    /// Their failure was told before, so their credits were released.
    pub late: bool,
}

impl Charge {
    /// Adds up charges of one workspace.
    pub fn sums(charges: impl Iterator<Item = Self>) -> Vec<Self> {
        let mut sums: BTreeMap<_, Self> = BTreeMap::new();
        for one in charges {
            sums.entry((one.metered, one.late))
                .and_modify(|sum| {
                    sum.messages += one.messages;
                    sum.credits += one.credits;
                })
                .or_insert(one);
        }
        sums.into_values().collect()
    }
}

/// Notes charges of the workspace.
pub async fn note_charges(work: &mut Work, charges: &[Charge]) -> Result<(), sqlx::Error> {
    let at = work.now();
    note(work.conn(), charges, at).await
}

/// Notes charges of any workspaces. It only inserts rows, and for credits only when a message has some.
pub async fn note(
    conn: &mut PgConnection,
    charges: &[Charge],
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    if charges.is_empty() {
        return Ok(());
    }
    let mut pushes: BTreeMap<WorkspaceId, i64> = BTreeMap::new();
    for one in charges {
        *pushes.entry(one.workspace).or_default() += one.messages;
    }
    let pushes: Vec<(WorkspaceId, i64)> = pushes.into_iter().collect();
    usage::note_pushes(&mut *conn, &pushes, at).await?;
    let moves = charges.iter().filter_map(|one| {
        Some(Movement {
            workspace: one.workspace,
            campaign: one.metered?,
            moved: if one.late {
                Moved::Late
            } else {
                Moved::Charged
            },
            credits: one.credits,
            messages: one.messages,
        })
    });
    credits::note(conn, &moves.collect::<Vec<_>>(), at).await
}

/// Notes that messages which are not sent have given back their credits: of each its campaign and its credits.
pub async fn note_released(
    work: &mut Work,
    released: impl Iterator<Item = (CampaignId, i64)>,
) -> Result<(), sqlx::Error> {
    let mut sums: BTreeMap<CampaignId, (i64, i64)> = BTreeMap::new();
    for (campaign, credits) in released.filter(|one| one.1 > 0) {
        let sum = sums.entry(campaign).or_default();
        *sum = (sum.0 + credits, sum.1 + 1);
    }
    let (workspace, at) = (work.workspace(), work.now());
    let moves = sums
        .into_iter()
        .map(|(campaign, (credits, messages))| Movement {
            workspace,
            campaign,
            moved: Moved::Released,
            credits,
            messages,
        });
    credits::note(work.conn(), &moves.collect::<Vec<_>>(), at).await
}

/// The credits that messages have reserved, by campaign.
pub async fn held(work: &mut Work) -> Result<Vec<(CampaignId, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT campaign_id AS "campaign!: CampaignId", sum(credits)::bigint AS "credits!" FROM messages
           WHERE workspace_id = $1 AND credits > 0 AND NOT charged AND status IN ('queued', 'sending') GROUP BY 1"#,
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.campaign, row.credits))
        .collect())
}
