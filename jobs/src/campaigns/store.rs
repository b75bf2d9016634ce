//! SQL of the campaigns.

pub(super) mod clicks;
pub(super) mod course;
pub(super) mod credits;
pub(super) mod deeds;
pub(super) mod delivery;
pub(super) mod experiment;
pub(super) mod figures;
pub(super) mod listing;
pub(super) mod next;
pub(super) mod outcomes;
pub(super) mod prices;
pub(super) mod recipients;
pub(super) mod results;
pub(super) mod segments;
mod steps;
pub(super) mod zones;

use std::collections::BTreeMap;

use kazi_platform::{Timestamp, texts::TextError};
use sqlx::{PgConnection, types::Json};

use super::{
    Campaign, CampaignStatus, Content, Delivery, Experiment, ExperimentState, Report, SegmentId,
    arms, create::CONVERSION_DAYS,
};
use crate::{
    Work,
    channels::ChannelId,
    contacts::{Audience, ContactId},
    messages::CampaignId,
    templates::Category,
};

pub(super) use steps::{
    begin_planning, begin_sending, count_fault, planned_until, set_marketing, set_planned,
    set_report, set_scheduled, set_stopped,
};

struct Row {
    id: CampaignId,
    name: String,
    channel: ChannelId,
    content: Json<Content>,
    segment: Option<SegmentId>,
    audience: Option<Json<Audience>>,
    conversion_days: i32,
    delivery: Json<Delivery>,
    send_in: String,
    category: Option<String>,
    status: String,
    reason: Option<String>,
    reason_detail: Option<String>,
    report: Option<Json<Report>>,
    scheduled_at: Option<Timestamp>,
    planned_at: Option<Timestamp>,
    started_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
    run: i32,
    then_status: Option<String>,
    planned_until: Option<ContactId>,
    canary_sent_at: Option<Timestamp>,
    canary_passed_at: Option<Timestamp>,
    paced_until: Option<Timestamp>,
    resumed_at: Option<Timestamp>,
    watched_at: Option<Timestamp>,
    zoned_from: Option<Timestamp>,
    experiment: Option<Json<Experiment>>,
    test_sent_at: Option<Timestamp>,
    evaluated_at: Option<Timestamp>,
    decided_at: Option<Timestamp>,
    decided_by: Option<String>,
    winner: Option<i16>,
    stopped_arms: Json<BTreeMap<i16, String>>,
    metered: bool,
}

/// How far the test of a row is.
fn state_of(
    row: &mut Row,
    experiment: Option<&Experiment>,
) -> Result<ExperimentState, sqlx::Error> {
    let name = |arm: i16| Some(experiment?.arm(arm)?.name.clone());
    let stopped = std::mem::take(&mut row.stopped_arms.0);
    let hours = experiment.map_or(0, |one| one.decide_after_hours);
    Ok(ExperimentState {
        test_sent_at: row.test_sent_at,
        decides_at: arms::decides_at(row.test_sent_at, hours),
        evaluated_at: row.evaluated_at,
        decided_at: row.decided_at,
        decided_by: row.decided_by.as_deref().map(read).transpose()?,
        winner: row.winner.and_then(name),
        stopped_arms: arms::named(&stopped, name),
        won: row.winner,
        stopped,
    })
}

fn read<T: std::str::FromStr<Err = TextError>>(stored: &str) -> Result<T, sqlx::Error> {
    stored.parse().map_err(sqlx::Error::decode)
}

impl TryFrom<Row> for Campaign {
    type Error = sqlx::Error;

    fn try_from(mut row: Row) -> Result<Self, sqlx::Error> {
        let experiment = row.experiment.take().map(|one| one.0);
        Ok(Self {
            experiment_state: state_of(&mut row, experiment.as_ref())?,
            experiment,
            id: row.id,
            name: row.name,
            channel_id: row.channel,
            content: row.content.0,
            segment_id: row.segment,
            audience: row.audience.map(|rule| rule.0),
            conversion_days: row.conversion_days,
            delivery: row.delivery.0,
            send_in: read(&row.send_in)?,
            category: row.category.as_deref().map(read::<Category>).transpose()?,
            status: read(&row.status)?,
            reason: row.reason,
            reason_detail: row.reason_detail,
            report: row.report.map(|report| report.0),
            scheduled_at: row.scheduled_at,
            planned_at: row.planned_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
            run: row.run,
            then: row.then_status.as_deref().map(read).transpose()?,
            planned_until: row.planned_until,
            canary_sent_at: row.canary_sent_at,
            canary_passed_at: row.canary_passed_at,
            paced_until: row.paced_until,
            resumed_at: row.resumed_at,
            watched_at: row.watched_at,
            zoned_from: row.zoned_from,
            metered: row.metered,
        })
    }
}

macro_rules! campaigns {
    ($rest:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"SELECT id AS "id: CampaignId", name, channel_id AS "channel: ChannelId", content AS "content: Json<Content>",
                      segment_id AS "segment: SegmentId", rule AS "audience: Json<Audience>", conversion_days,
                      delivery AS "delivery: Json<Delivery>", send_in, category, status, reason, reason_detail,
                      report AS "report: Json<Report>", scheduled_at, planned_at, started_at, finished_at,
                      created_at, updated_at, version, run, then_status, planned_until AS "planned_until: ContactId",
                      canary_sent_at, canary_passed_at, paced_until, resumed_at, watched_at, zoned_from,
                      experiment AS "experiment: Json<Experiment>", test_sent_at, evaluated_at, decided_at, decided_by,
                      winner, stopped_arms AS "stopped_arms: Json<BTreeMap<i16, String>>", metered
               FROM campaigns "# + $rest,
            $($argument),*
        )
    };
}

/// The campaigns, newest first, from the given one on.
pub async fn list(
    work: &mut Work,
    status: Option<CampaignStatus>,
    after: Option<CampaignId>,
    limit: i64,
) -> Result<Vec<Campaign>, sqlx::Error> {
    let rows = campaigns!(
        "WHERE workspace_id = $1 AND ($2::text IS NULL OR status = $2) AND ($3::uuid IS NULL OR id < $3)
         ORDER BY id DESC LIMIT $4",
        work.workspace().uuid(),
        status.map(CampaignStatus::name),
        after.map(CampaignId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(Campaign::try_from).collect()
}

pub async fn count(work: &mut Work, status: Option<CampaignStatus>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM campaigns WHERE workspace_id = $1 AND ($2::text IS NULL OR status = $2)"#,
        work.workspace().uuid(),
        status.map(CampaignStatus::name)
    )
    .fetch_one(work.conn())
    .await
}

pub async fn get(work: &mut Work, id: CampaignId) -> Result<Option<Campaign>, sqlx::Error> {
    let row = campaigns!(
        "WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(Campaign::try_from).transpose()
}

/// The newest campaigns of all workspaces, for the operator. Needs a transaction of the platform.
pub async fn everywhere(conn: &mut PgConnection, limit: i64) -> Result<Vec<Campaign>, sqlx::Error> {
    let rows = campaigns!("ORDER BY id DESC LIMIT $1", limit)
        .fetch_all(conn)
        .await?;
    rows.into_iter().map(Campaign::try_from).collect()
}

/// Locks and reads a campaign. Every change of a campaign holds its row.
pub async fn lock(work: &mut Work, id: CampaignId) -> Result<Option<Campaign>, sqlx::Error> {
    let row = campaigns!(
        "WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(Campaign::try_from).transpose()
}

/// Locks the workspace's campaigns with this status and template, in the order of their ids.
pub(super) async fn with_template(
    work: &mut Work,
    template: &str,
) -> Result<Vec<Campaign>, sqlx::Error> {
    let rows = campaigns!(
        "WHERE workspace_id = $1 AND status IN ('planning', 'planned', 'scheduled', 'sending', 'paused')
           AND (content->>'kind' = 'template' AND content->>'name' = $2
                OR experiment->'arms' @> jsonb_build_array(jsonb_build_object('content', jsonb_build_object(
                       'kind', 'template', 'name', $2::text))))
         ORDER BY id FOR UPDATE",
        work.workspace().uuid(),
        template
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(Campaign::try_from).collect()
}

pub(super) async fn insert(
    work: &mut Work,
    id: CampaignId,
    draft: &super::NewCampaign,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO campaigns (workspace_id, id, name, channel_id, content, segment_id, rule, conversion_days, delivery,
                                send_in, experiment)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        work.workspace().uuid(),
        id.uuid(),
        draft.name.trim(),
        draft.channel_id.uuid(),
        Json(&draft.content) as _,
        draft.segment_id.map(SegmentId::uuid),
        draft.audience.as_ref().map(Json) as _,
        draft.conversion_days.unwrap_or(CONVERSION_DAYS),
        Json(&draft.delivery) as _,
        draft.send_in.name(),
        draft.experiment.as_ref().map(Json) as _
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Changes a draft and deletes its planning.
pub(super) async fn rewrite(
    work: &mut Work,
    id: CampaignId,
    draft: &super::NewCampaign,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE campaigns SET name = $3, channel_id = $4, content = $5, segment_id = $6, rule = $7, conversion_days = $8, delivery = $9, send_in = $10, experiment = $11,
                status = 'draft',
                reason = NULL, reason_detail = NULL, report = NULL, category = NULL, planned_at = NULL, metered = false, run = run + 1,
                updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        draft.name.trim(),
        draft.channel_id.uuid(),
        Json(&draft.content) as _,
        draft.segment_id.map(SegmentId::uuid),
        draft.audience.as_ref().map(Json) as _,
        draft.conversion_days.unwrap_or(CONVERSION_DAYS),
        Json(&draft.delivery) as _,
        draft.send_in.name(),
        draft.experiment.as_ref().map(Json) as _
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(super) async fn delete(work: &mut Work, id: CampaignId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM campaigns WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
