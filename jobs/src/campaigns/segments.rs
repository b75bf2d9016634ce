//! Segments: named rules that select contacts.

use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use super::{CampaignError, SegmentId, store::segments as store};
use crate::{
    Work,
    audit::Change,
    contacts::{self, Audience, ContactId},
    violations::Violations,
};

/// Contacts of a preview.
const SAMPLE: i64 = 10;

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Segment {
    pub id: SegmentId,
    /// The name that members see.
    #[schema(example = "Regulars in Nairobi")]
    pub name: String,
    #[schema(value_type = Audience)]
    pub audience: Json<Audience>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The last change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
}

/// A new segment, or new values of one.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSegment {
    /// The name that members see.
    #[schema(example = "Regulars in Nairobi", min_length = 1, max_length = 100)]
    pub name: String,
    pub audience: Audience,
}

/// An audience that is not saved.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnsavedSegment {
    pub audience: Audience,
}

/// Whom an audience reaches.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SegmentPreview {
    /// Contacts, including those who may get no message.
    pub contacts: i64,
    /// The first of them, at most 10.
    pub sample: Vec<Sampled>,
}

/// A contact of a sample.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SegmentSample)]
pub struct Sampled {
    pub id: ContactId,
    pub name: Option<String>,
    /// E.164.
    pub phone: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SegmentSize {
    /// Contacts, including those who may get no message.
    pub contacts: i64,
}

/// The segments by name, after the given one.
pub async fn segments(
    work: &mut Work,
    after: Option<&(String, SegmentId)>,
    limit: i64,
) -> Result<Vec<Segment>, sqlx::Error> {
    store::list(work, after, limit).await
}

/// Locks and reads a segment.
pub async fn segment(work: &mut Work, id: SegmentId) -> Result<Segment, CampaignError> {
    let found = store::get(work, id).await?;
    found.ok_or(CampaignError::NotFound("segment"))
}

/// Checks an audience as if it were saved, counts its contacts, and shows some.
pub async fn preview(
    work: &mut Work,
    audience: &Audience,
) -> Result<SegmentPreview, CampaignError> {
    contacts::check_audience(work, audience).await?;
    let found = contacts::audience(work, audience, None, SAMPLE).await?;
    let sampled = |one: contacts::Addressee| Sampled {
        id: one.id,
        name: one.name,
        phone: one.phone,
    };
    Ok(SegmentPreview {
        contacts: contacts::count_audience(work, audience).await?,
        sample: found.into_iter().map(sampled).collect(),
    })
}

/// Counts the contacts of an audience.
pub async fn size(work: &mut Work, audience: &Audience) -> Result<SegmentSize, CampaignError> {
    let contacts = contacts::count_audience(work, audience).await?;
    Ok(SegmentSize { contacts })
}

pub async fn create_segment(work: &mut Work, new: &NewSegment) -> Result<Segment, CampaignError> {
    let made = save(work, SegmentId::new(), new).await?;
    let (action, subject) = ("campaigns.save_segment", ("segment", made.id));
    work.audit(&Change::created(action, subject, &made)).await?;
    Ok(made)
}

/// Changes a locked segment. Campaigns that are planned keep their recipients.
pub async fn update_segment(
    work: &mut Work,
    before: &Segment,
    new: &NewSegment,
) -> Result<Segment, CampaignError> {
    let after = save(work, before.id, new).await?;
    let (action, subject) = ("campaigns.save_segment", ("segment", after.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

async fn save(work: &mut Work, id: SegmentId, new: &NewSegment) -> Result<Segment, CampaignError> {
    let mut violations = Violations::default();
    violations.text("/name", new.name.trim(), 1, 100);
    violations.end()?;
    contacts::check_audience(work, &new.audience).await?;
    if !store::save(work, id, new).await? {
        let taken = "there is a segment of this name already".to_owned();
        return Err(CampaignError::Conflict(taken));
    }
    segment(work, id).await
}

/// Deletes a locked segment that no campaign uses.
pub async fn delete_segment(work: &mut Work, before: &Segment) -> Result<(), CampaignError> {
    if !store::delete(work, before.id).await? {
        let used = "a campaign is of this segment".to_owned();
        return Err(CampaignError::Conflict(used));
    }
    let (action, subject) = ("campaigns.delete_segment", ("segment", before.id));
    work.audit(&Change::deleted(action, subject, before))
        .await?;
    Ok(())
}
