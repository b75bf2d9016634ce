//! Whether the condition of a step holds for a contact.

use super::{
    AutomationError,
    input::audience_of,
    model::{Condition, Enrolment},
};
use crate::{
    Work,
    contacts::{self, Audience, ContactError},
    conversations,
    orders::{self, OrderFilter},
};

/// `None`: its segment is gone.
pub(super) async fn holds(
    work: &mut Work,
    when: &Condition,
    enrolment: &Enrolment,
) -> Result<Option<bool>, AutomationError> {
    let (contact, entered) = (enrolment.contact_id, enrolment.entered_at);
    let audience = match when {
        Condition::Segment { segment_id } => audience_of(work, Some(*segment_id), None).await?,
        Condition::Audience { audience } => Some((**audience).clone()),
        Condition::Tag { tag } => Some(Audience {
            tags_any: vec![contacts::tag_name(tag).unwrap_or_default()],
            ..Audience::default()
        }),
        Condition::Answered {} => {
            return Ok(Some(
                conversations::wrote_since(work, contact, entered).await?,
            ));
        }
        Condition::Ordered {} => {
            let filter = OrderFilter {
                contact: Some(contact),
                ..OrderFilter::default()
            };
            // Newest first.
            let last = orders::orders(work, &filter, None, 1).await?.pop();
            return Ok(Some(last.is_some_and(|order| order.created_at >= entered)));
        }
    };
    let Some(audience) = audience else {
        return Ok(None);
    };
    match contacts::addressee(work, &audience, contact).await {
        Ok(found) => Ok(Some(found.is_some())),
        // A custom field of the rule was deleted: nobody has it.
        Err(ContactError::Invalid(_)) => Ok(Some(false)),
        Err(error) => Err(error.into()),
    }
}
