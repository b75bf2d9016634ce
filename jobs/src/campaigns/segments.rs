//! Segments: whom to reach, kept under a name.

use kazi_platform::{Timestamp, id};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::{CampaignError, store::segments as store};
use crate::{
    Work,
    audit::Change,
    contacts::{self, Audience},
    violations::Violations,
};

id!(
    /// A segment.
    pub struct SegmentId, "seg_"
);

/// A segment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Segment {
    /// Its id.
    pub id: SegmentId,
    /// What colleagues call it.
    #[schema(example = "Regulars in Nairobi")]
    pub name: String,
    /// Whom.
    #[schema(value_type = Audience)]
    pub audience: Json<Audience>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was changed last: its version.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// A segment to be made, or as it is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSegment {
    /// What colleagues call it.
    #[schema(example = "Regulars in Nairobi", min_length = 1, max_length = 100)]
    pub name: String,
    /// Whom.
    pub audience: Audience,
}

/// How many a segment finds now.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SegmentSize {
    /// Contacts, those among them whom nothing may be said to.
    pub contacts: i64,
}

/// The segments by name, from behind one on.
///
/// # Errors
/// The database failed.
pub async fn segments(
    work: &mut Work,
    after: Option<&(String, SegmentId)>,
    limit: i64,
) -> Result<Vec<Segment>, sqlx::Error> {
    store::list(work, after, limit).await
}

/// A segment, which stays locked.
///
/// # Errors
/// There is none, or the database failed.
pub async fn segment(work: &mut Work, id: SegmentId) -> Result<Segment, CampaignError> {
    let found = store::get(work, id).await?;
    found.ok_or(CampaignError::NotFound("segment"))
}

/// How many it finds now.
///
/// # Errors
/// See [`CampaignError`].
pub async fn size(work: &mut Work, audience: &Audience) -> Result<SegmentSize, CampaignError> {
    let contacts = contacts::count_audience(work, audience).await?;
    Ok(SegmentSize { contacts })
}

/// Makes a segment.
///
/// # Errors
/// See [`CampaignError`].
pub async fn create_segment(work: &mut Work, new: &NewSegment) -> Result<Segment, CampaignError> {
    save(work, None, new).await
}

/// Changes a segment that is locked. What was planned with it stays as it was planned.
///
/// # Errors
/// See [`CampaignError`].
pub async fn update_segment(
    work: &mut Work,
    before: &Segment,
    new: &NewSegment,
) -> Result<Segment, CampaignError> {
    save(work, Some(before), new).await
}

async fn save(
    work: &mut Work,
    before: Option<&Segment>,
    new: &NewSegment,
) -> Result<Segment, CampaignError> {
    let mut violations = Violations::default();
    violations.text("/name", new.name.trim(), 1, 100);
    violations.end()?;
    contacts::check_audience(work, &new.audience).await?;
    let id = before.map_or_else(SegmentId::new, |before| before.id);
    if !store::save(work, id, new).await? {
        let taken = "there is a segment of this name already".to_owned();
        return Err(CampaignError::Conflict(taken));
    }
    let after = segment(work, id).await?;
    record(work, "campaigns.save_segment", before, &after).await?;
    Ok(after)
}

/// Deletes a segment that is locked and that no campaign is of.
///
/// # Errors
/// See [`CampaignError`].
pub async fn delete_segment(work: &mut Work, before: &Segment) -> Result<(), CampaignError> {
    if !store::delete(work, before.id).await? {
        let used = "a campaign is of this segment".to_owned();
        return Err(CampaignError::Conflict(used));
    }
    let action = "campaigns.delete_segment";
    Ok(record(work, action, None, before).await?)
}

async fn record(
    work: &mut Work,
    action: &'static str,
    before: Option<&Segment>,
    after: &Segment,
) -> Result<(), sqlx::Error> {
    let fields = |segment: &Segment| serde_json::to_value(segment).unwrap_or_default();
    let (before, subject, after) = (before.map(fields), after.id.uuid(), fields(after));
    let change = Change {
        action,
        subject_kind: "segment",
        subject,
        before: before.as_ref(),
        after: Some(&after),
    };
    work.audit(&change).await
}
