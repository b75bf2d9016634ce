//! Parts: the broadcasts, posts and automations of a marketing campaign.

use std::collections::HashMap;

use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    MarketingCampaign, MarketingError, MarketingId, PartId, PartKind, budget,
    costs::Sum,
    manage, store,
    store::parts::{self as rows, Stored},
};
use crate::{
    Work,
    audit::Change,
    automations::{self, AutomationId},
    campaigns,
    domain::Brief,
    social,
    violations::invalid,
    workspaces,
};

/// The most parts of a campaign.
const MAX_PARTS: usize = 100;
/// What a search for parts finds at most.
const MAX_CANDIDATES: i64 = 30;

/// A part of a marketing campaign.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MarketingPart)]
pub struct Part {
    pub part_id: PartId,
    pub kind: PartKind,
    /// Of a post: the beginning of its text.
    #[schema(example = "Spring offer")]
    pub name: String,
    /// That of the campaign or the automation. Of a post: `draft`, `scheduled`, `failed` or `published`. `null`: it is deleted.
    #[schema(example = "completed")]
    pub status: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub attached_at: Timestamp,
    /// It is deleted. What it has cost and reached until then still counts.
    pub deleted: bool,
}

/// What is to be attached.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewMarketingPart)]
pub struct NewPart {
    pub part_id: PartId,
}

/// What can be attached.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MarketingCandidate)]
pub struct Candidate {
    pub part_id: PartId,
    pub kind: PartKind,
    #[schema(example = "Spring offer")]
    pub name: String,
    #[schema(example = "completed")]
    pub status: String,
    /// The marketing campaign to which it belongs.
    pub campaign_id: Option<MarketingId>,
    pub campaign_name: Option<String>,
}

/// Finds things of a kind: with these ids, or those whose names have these words. The newest come first.
async fn briefs(
    work: &mut Work,
    kind: PartKind,
    ids: Option<&[Uuid]>,
    words: Option<&str>,
    limit: i64,
) -> Result<Vec<Brief>, sqlx::Error> {
    match kind {
        PartKind::Broadcast => campaigns::briefs(work, ids, words, limit).await,
        PartKind::Post => social::briefs(work, ids, words, limit).await,
        PartKind::Automation => automations::briefs(work, ids, words, limit).await,
    }
}

/// The ids of a domain.
pub(super) fn typed<T: From<Uuid>>(ids: &[Uuid]) -> Vec<T> {
    ids.iter().map(|id| T::from(*id)).collect()
}

/// The ids of the stored parts of a kind.
pub(super) fn ids_of(stored: &[Stored], kind: PartKind) -> Vec<Uuid> {
    let of_kind = stored.iter().filter(|part| part.kind == kind);
    of_kind.map(|part| part.part).collect()
}

/// The parts with their names and statuses of now, in the order in which they were attached.
pub(super) async fn named(work: &mut Work, stored: &[Stored]) -> Result<Vec<Part>, sqlx::Error> {
    let mut found: HashMap<Uuid, Brief> = HashMap::new();
    for kind in PartKind::ALL {
        let ids = ids_of(stored, kind);
        if !ids.is_empty() {
            let limit = i64::try_from(ids.len()).unwrap_or(i64::MAX);
            let all = briefs(work, kind, Some(&ids), None, limit).await?;
            found.extend(all.into_iter().map(|one| (one.id, one)));
        }
    }
    let part = |one: &Stored| {
        let now = found.remove(&one.part);
        let status = now.as_ref().and_then(|now| now.status.clone());
        Part {
            part_id: PartId::new(one.kind, one.part),
            kind: one.kind,
            name: now.map_or_else(|| one.name.clone(), |now| now.name),
            deleted: status.is_none(),
            status,
            attached_at: one.attached_at,
        }
    };
    Ok(stored.iter().map(part).collect())
}

/// The parts of a campaign, in the order in which they were attached.
pub async fn parts(work: &mut Work, campaign: MarketingId) -> Result<Vec<Part>, sqlx::Error> {
    let stored = rows::of(work, &[campaign]).await?;
    named(work, &stored).await
}

/// Finds what can be attached, the newest first: things of a kind, all or those whose names have these words.
pub async fn candidates(
    work: &mut Work,
    kind: PartKind,
    words: Option<&str>,
) -> Result<Vec<Candidate>, sqlx::Error> {
    let found = briefs(work, kind, None, words, MAX_CANDIDATES).await?;
    let ids: Vec<Uuid> = found.iter().map(|one| one.id).collect();
    let holders = rows::holders(work, &ids).await?;
    let candidate = |brief: Brief| {
        let holder = holders.iter().find(|one| one.part == brief.id);
        Candidate {
            part_id: PartId::new(kind, brief.id),
            kind,
            name: brief.name,
            status: brief.status.unwrap_or_default(),
            campaign_id: holder.map(|one| one.campaign),
            campaign_name: holder.map(|one| one.name.clone()),
        }
    };
    Ok(found.into_iter().map(candidate).collect())
}

/// Attaches a part to a locked campaign, with all that it has cost and reached before. A second call changes nothing.
///
/// # Errors
/// [`MarketingError::Attached`]: it belongs to another campaign.
pub async fn attach(
    work: &mut Work,
    campaign: &MarketingCampaign,
    new: NewPart,
) -> Result<Part, MarketingError> {
    manage::not_archived(campaign)?;
    let part = new.part_id;
    let (kind, id) = (part.kind(), part.uuid());
    let found = briefs(work, kind, Some(&[id]), None, 1).await?;
    let found = found.into_iter().find(|one| one.status.is_some());
    let Some(brief) = found else {
        let fault = ("unknown", format!("there is no such {kind}"));
        return Err(invalid("/part_id", fault).into());
    };
    let there = rows::of(work, &[campaign.id]).await?;
    if there.len() >= MAX_PARTS && !there.iter().any(|one| one.part == id) {
        let words = format!("a marketing campaign has at most {MAX_PARTS} parts");
        return Err(MarketingError::Conflict(words));
    }
    if rows::insert(work, campaign.id, (id, kind, &brief.name)).await? {
        let (before, after) = (logged(None, None), logged(Some((part, &brief.name)), None));
        let subject = manage::subject(campaign);
        work.audit(&Change::updated(
            "marketing.attach",
            subject,
            &before,
            &after,
        ))
        .await?;
        budget::watch(work, campaign).await?;
    } else {
        let holders = rows::holders(work, &[id]).await?;
        let other = holders.into_iter().find(|one| one.campaign != campaign.id);
        if let Some(other) = other {
            return Err(MarketingError::Attached(other.name));
        }
    }
    let parts = parts(work, campaign.id).await?;
    let attached = parts.into_iter().find(|one| one.part_id == part);
    attached.ok_or(MarketingError::NotFound("part"))
}

/// Detaches a part from a locked campaign. Its figures and costs leave the campaign too; the log keeps what it had cost.
pub async fn detach(
    work: &mut Work,
    campaign: &MarketingCampaign,
    part: PartId,
) -> Result<(), MarketingError> {
    manage::not_archived(campaign)?;
    let stored = rows::of(work, &[campaign.id]).await?;
    let stored = stored.into_iter().find(|one| one.part == part.uuid());
    let Some(stored) = stored else {
        return Err(MarketingError::NotFound("part"));
    };
    let mut parts = named(work, std::slice::from_ref(&stored)).await?;
    let name = parts.pop().map_or(stored.name.clone(), |part| part.name);
    let sums = super::figures::gather(work, &[campaign.id]).await?;
    let sum = sums.sum_of(&stored, &super::figures::Span::ALL);
    rows::delete(work, campaign.id, part.uuid()).await?;
    let before = logged(Some((part, &name)), Some(&sum));
    let subject = manage::subject(campaign);
    work.audit(&Change::updated(
        "marketing.detach",
        subject,
        &before,
        &logged(None, None),
    ))
    .await?;
    Ok(())
}

/// What the audit log keeps of a part.
fn logged(part: Option<(PartId, &str)>, sum: Option<&Sum>) -> Value {
    let mut fields = json!({"part_id": part.map(|part| part.0), "name": part.map(|part| part.1)});
    if let Some(sum) = sum {
        fields["costs"] = json!(sum.costs);
    }
    fields
}

/// Keeps the figures of an automation that is being deleted, if it is a part.
pub(super) async fn keep(work: &mut Work, id: AutomationId) -> Result<(), sqlx::Error> {
    let holders = rows::holders(work, &[id.uuid()]).await?;
    let Some(holder) = holders.into_iter().next() else {
        return Ok(());
    };
    store::lock(work, holder.campaign).await?;
    let zone = workspaces::time_zone(work).await?;
    let days = automations::course(work, &[id], zone).await?;
    let name = automations::briefs(work, Some(&[id.uuid()]), None, 1).await?;
    let name = name
        .into_iter()
        .next()
        .map_or_else(String::new, |one| one.name);
    rows::keep(work, id.uuid(), (&name, &days)).await
}
