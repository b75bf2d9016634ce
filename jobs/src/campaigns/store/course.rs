//! SQL of what became of many campaigns.

use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use sqlx::{Postgres, QueryBuilder, types::Json};
use uuid::Uuid;

use crate::{
    Work,
    campaigns::{CountryReport, course::CourseRow},
    domain::Brief,
    messages::{self, CampaignId},
};

fn uuids(campaigns: &[CampaignId]) -> Vec<Uuid> {
    campaigns.iter().map(|id| id.uuid()).collect()
}

/// The counts of a [`CourseRow`], of the rows `o` with the times of a message and `w` with one of these times.
pub(crate) const COUNTS: &str = "count(*) FILTER (WHERE w.what = 'sent') AS sent,
    count(*) FILTER (WHERE w.what = 'delivered') AS delivered, count(*) FILTER (WHERE w.what = 'read') AS read,
    count(*) FILTER (WHERE w.what = 'replied') AS replies,
    count(*) FILTER (WHERE w.what = 'opted_out') AS opted_out,
    count(*) FILTER (WHERE w.what = 'delivered' AND o.kind = 'template') AS charged";

/// Pushes the days of the rows `w` in a zone, under the name `day`.
pub(crate) fn push_day(sql: &mut QueryBuilder<Postgres>, zone: Tz) {
    sql.push(", (w.at AT TIME ZONE ")
        .push_bind(zone.name())
        .push(")::date AS day, ");
}

pub async fn messages(
    work: &mut Work,
    campaigns: &[CampaignId],
    zone: Tz,
) -> Result<Vec<CourseRow>, sqlx::Error> {
    let mut sql = QueryBuilder::new("SELECT m.campaign_id AS of, c.category, m.country");
    push_day(&mut sql, zone);
    sql.push(COUNTS).push(
        " FROM campaign_messages m JOIN campaigns c ON c.workspace_id = m.workspace_id AND c.id = m.campaign_id",
    );
    messages::push_times(&mut sql, "m.message_id", "o");
    sql.push(
        " CROSS JOIN LATERAL (VALUES ('sent', o.sent_at), ('delivered', o.delivered_at), ('read', o.read_at),
              ('replied', o.replied_at), ('opted_out', m.opted_out_at)) AS w(what, at)
          WHERE m.workspace_id = ",
    )
    .push_bind(work.workspace().uuid())
    .push(" AND m.campaign_id = ANY(")
    .push_bind(uuids(campaigns))
    .push(") AND m.state = 'queued' AND w.at IS NOT NULL GROUP BY 1, 2, 3, 4");
    let query = sql.build_query_as().persistent(false);
    query.fetch_all(work.conn()).await
}

/// What came of a campaign on a day, in one currency or without a price.
pub struct Came {
    pub of: Uuid,
    pub day: NaiveDate,
    pub currency: Option<String>,
    pub clicks: i64,
    pub conversions: i64,
    pub minor: i64,
}

pub async fn came(
    work: &mut Work,
    campaigns: &[CampaignId],
    zone: Tz,
) -> Result<Vec<Came>, sqlx::Error> {
    sqlx::query_as!(
        Came,
        r#"SELECT w.of AS "of!", (w.at AT TIME ZONE $3)::date AS "day!", w.currency, sum(w.clicks)::bigint AS "clicks!",
                  sum(w.conversions)::bigint AS "conversions!", sum(w.minor)::bigint AS "minor!"
           FROM (SELECT campaign_id AS of, slot AS at, NULL AS currency, clicks, 0 AS conversions, 0 AS minor
                 FROM campaign_clicks WHERE workspace_id = $1 AND campaign_id = ANY($2)
                 UNION ALL
                 SELECT campaign_id, at, currency, 0, 1, coalesce(minor, 0)
                 FROM campaign_conversions WHERE workspace_id = $1 AND campaign_id = ANY($2)) AS w
           GROUP BY 1, 2, 3"#,
        work.workspace().uuid(),
        &uuids(campaigns),
        zone.name()
    )
    .fetch_all(work.conn())
    .await
}

/// What one message costs by campaign and country, as the planning has reported it: millionths and a currency.
pub async fn planned_prices(
    work: &mut Work,
    campaigns: &[CampaignId],
) -> Result<HashMap<(Uuid, String), (i64, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id, report->'countries' AS "countries!: Json<Vec<CountryReport>>" FROM campaigns
           WHERE workspace_id = $1 AND id = ANY($2) AND report IS NOT NULL"#,
        work.workspace().uuid(),
        &uuids(campaigns)
    )
    .fetch_all(work.conn())
    .await?;
    let all = rows.into_iter().flat_map(|row| {
        row.countries.0.into_iter().filter_map(move |one| {
            let cost = one.cost.filter(|_| one.recipients > 0)?;
            let price = (cost.micros / one.recipients, cost.currency);
            Some(((row.id, one.country), price))
        })
    });
    Ok(all.collect())
}

/// Campaigns with these ids, or all; whose names have these words, or all. The newest come first.
pub async fn briefs(
    work: &mut Work,
    ids: Option<&[Uuid]>,
    words: Option<&str>,
    limit: i64,
) -> Result<Vec<Brief>, sqlx::Error> {
    sqlx::query_as!(
        Brief,
        r#"SELECT id, name, status AS "status?" FROM campaigns
           WHERE workspace_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2))
             AND ($3::text IS NULL OR position(lower($3) IN lower(name)) > 0)
           ORDER BY id DESC LIMIT $4"#,
        work.workspace().uuid(),
        ids as Option<&[Uuid]>,
        words,
        limit
    )
    .fetch_all(work.conn())
    .await
}
