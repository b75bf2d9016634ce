//! SQL of the credits.

pub mod accounts;
pub mod entries;
pub mod packs;
pub mod top_ups;

use std::collections::BTreeMap;

use kazi_platform::{Timestamp, WorkspaceId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{CreditPrice, Moved, Movement};
use crate::{Work, conversations::CampaignId, templates::Category};

/// What became of reserved credits of a campaign in a day.
#[derive(Clone, Debug)]
pub struct Cause {
    pub campaign: CampaignId,
    pub moved: Moved,
    pub credits: i64,
    pub messages: i64,
    pub at: Timestamp,
}

/// Notes what became of the credits of messages, in the transaction that moves the messages. It locks nothing.
pub async fn note(
    conn: &mut PgConnection,
    moves: &[Movement],
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let moves: Vec<&Movement> = moves.iter().filter(|one| one.credits > 0).collect();
    if moves.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO credit_causes (workspace_id, campaign_id, kind, credits, messages, at)
         SELECT n.workspace, n.campaign, n.kind, n.credits, n.messages, $6
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[])
              AS n(workspace, campaign, kind, credits, messages)",
        &moves
            .iter()
            .map(|one| one.workspace.uuid())
            .collect::<Vec<_>>(),
        &moves
            .iter()
            .map(|one| one.campaign.uuid())
            .collect::<Vec<_>>(),
        &moves
            .iter()
            .map(|one| one.moved.name().to_owned())
            .collect::<Vec<_>>(),
        &moves.iter().map(|one| one.credits).collect::<Vec<_>>(),
        &moves.iter().map(|one| one.messages).collect::<Vec<_>>(),
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the causes of the workspace, added up by campaign, kind and day. The caller holds the account.
pub async fn take_causes(work: &mut Work) -> Result<Vec<Cause>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH gone AS (DELETE FROM credit_causes WHERE workspace_id = $1 RETURNING campaign_id, kind, credits, messages, at)
           SELECT campaign_id AS "campaign!: CampaignId", kind AS "kind!", sum(credits)::bigint AS "credits!",
                  sum(messages)::bigint AS "messages!", max(at) AS "at!"
           FROM gone GROUP BY campaign_id, kind, (at AT TIME ZONE 'UTC')::date
           -- What is released first can pay for what comes late.
           ORDER BY max(at), kind = 'late', campaign_id"#,
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Cause {
                campaign: row.campaign,
                moved: moved(&row.kind)?,
                credits: row.credits,
                messages: row.messages,
                at: row.at,
            })
        })
        .collect()
}

fn moved(stored: &str) -> Result<Moved, sqlx::Error> {
    let all = [Moved::Charged, Moved::Released, Moved::Late];
    let found = all.into_iter().find(|one| one.name() == stored);
    found.ok_or_else(|| sqlx::Error::decode("a kind of cause of a newer program"))
}

/// The workspaces with causes. Needs a transaction of the platform.
pub async fn changed(conn: &mut PgConnection) -> Result<Vec<WorkspaceId>, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT DISTINCT workspace_id AS "id: WorkspaceId" FROM credit_causes"#)
        .fetch_all(conn)
        .await
}

/// Remembers what credits are used for.
pub async fn uses(
    work: &mut Work,
    uses: &[(CampaignId, Option<Uuid>, String)],
) -> Result<(), sqlx::Error> {
    for (campaign, automation, name) in uses {
        sqlx::query!(
            "INSERT INTO credit_uses (workspace_id, campaign_id, automation_id, name) VALUES ($1, $2, $3, $4)
             ON CONFLICT (workspace_id, campaign_id) DO UPDATE SET name = $4 WHERE credit_uses.name <> $4",
            work.workspace().uuid(),
            campaign.uuid(),
            *automation,
            name
        )
        .execute(work.conn())
        .await?;
    }
    Ok(())
}

/// The automation and the name of a use.
pub async fn name_of(
    work: &mut Work,
    campaign: CampaignId,
) -> Result<Option<(Option<Uuid>, String)>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT automation_id, name FROM credit_uses WHERE workspace_id = $1 AND campaign_id = $2",
        work.workspace().uuid(),
        campaign.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| (row.automation_id, row.name)))
}

pub async fn prices(work: &mut Work) -> Result<Vec<CreditPrice>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT country, category, credits FROM credit_prices WHERE workspace_id = $1 ORDER BY country, category",
        work.workspace().uuid()
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let category: Category = row.category.parse().map_err(sqlx::Error::decode)?;
            Ok(CreditPrice {
                country: row.country,
                category,
                credits: row.credits,
            })
        })
        .collect()
}

pub async fn replace_prices(work: &mut Work, prices: &[CreditPrice]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM credit_prices WHERE workspace_id = $1",
        work.workspace().uuid()
    )
    .execute(work.conn())
    .await?;
    let texts = |of: fn(&CreditPrice) -> String| prices.iter().map(of).collect::<Vec<_>>();
    sqlx::query!(
        "INSERT INTO credit_prices (workspace_id, country, category, credits)
         SELECT $1, w.country, w.category, w.credits
         FROM unnest($2::text[], $3::text[], $4::integer[]) AS w(country, category, credits)",
        work.workspace().uuid(),
        &texts(|price| price.country.clone()),
        &texts(|price| price.category.name().to_owned()),
        &prices.iter().map(|price| price.credits).collect::<Vec<_>>()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Lets all statements of the transaction see the rows of one moment. No statement may have run before.
pub async fn see_one_moment(work: &mut Work) -> Result<(), sqlx::Error> {
    sqlx::query!("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        .execute(work.conn())
        .await?;
    Ok(())
}

/// What the ledger and the causes say, for [`super::check`]: the sums by account, and what is reserved by campaign.
pub struct Sums {
    pub by_account: BTreeMap<String, i64>,
    pub reserved: BTreeMap<CampaignId, i64>,
}

pub async fn sums(work: &mut Work) -> Result<Sums, sqlx::Error> {
    let of = work.workspace().uuid();
    let accounts = sqlx::query!(
        r#"SELECT e.account AS "account!", sum(e.credits)::bigint AS "credits!" FROM (
               SELECT to_account AS account, credits FROM credit_entries WHERE workspace_id = $1
               UNION ALL SELECT from_account, -credits FROM credit_entries WHERE workspace_id = $1) e GROUP BY 1"#,
        of
    )
    .fetch_all(work.conn())
    .await?;
    let reserved = sqlx::query!(
        r#"SELECT r.campaign_id AS "campaign!: CampaignId", sum(r.credits)::bigint AS "credits!" FROM (
               SELECT campaign_id, CASE WHEN to_account = 'reserved' THEN credits ELSE -credits END AS credits
               FROM credit_entries WHERE workspace_id = $1 AND 'reserved' IN (to_account, from_account)
               UNION ALL SELECT campaign_id, -credits FROM credit_causes WHERE workspace_id = $1 AND kind <> 'late') r
           GROUP BY 1"#,
        of
    )
    .fetch_all(work.conn())
    .await?;
    Ok(Sums {
        by_account: accounts
            .into_iter()
            .map(|row| (row.account, row.credits))
            .collect(),
        reserved: reserved
            .into_iter()
            .map(|row| (row.campaign, row.credits))
            .collect(),
    })
}
