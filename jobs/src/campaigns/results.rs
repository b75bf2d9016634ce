//! What came of a campaign: orders and bookings, and opt-outs. Each counts for the last campaign that has reached the
//! contact before.
//!
//! A campaign reaches a contact when its message is delivered. A campaign with a tracked link brings an order only when the
//! contact has clicked: then the click counts, and not the delivery.

use chrono::TimeDelta;
use kazi_platform::Timestamp;

use super::store::{self, results::Sent};
use crate::{
    Work,
    contacts::{self, ContactId},
    messages::{self, CampaignId},
};

/// The newest campaigns of a contact that are looked at.
const LOOK_AT: i64 = 50;

/// An order or a booking that counts.
#[derive(Clone, Debug)]
pub(crate) struct Conversion {
    /// The id of the order or the booking.
    pub subject: String,
    pub contact: ContactId,
    /// When it was placed.
    pub at: Timestamp,
    /// Minor units and their currency.
    pub worth: Option<(i64, String)>,
}

/// Whether the workspace has ever sent a campaign: otherwise nothing can have come of one.
pub(crate) async fn any_sent(work: &mut Work) -> Result<bool, sqlx::Error> {
    store::results::any_sent(work).await
}

/// Counts an order or a booking for the campaign that brought it, if one did, and for the tests whose audience the contact is
/// in. A repeated call does nothing.
pub(crate) async fn convert(work: &mut Work, conversion: &Conversion) -> Result<(), sqlx::Error> {
    let (contact, at) = (conversion.contact, conversion.at);
    let person = contacts::merging::with_merged(work, contact).await?;
    store::outcomes::insert(work, &person, conversion).await?;
    if let Some((campaign, recipient)) = last(work, &person, at, true).await? {
        store::results::insert(work, campaign, recipient, conversion).await?;
    }
    Ok(())
}

/// The order or the booking counts no more.
pub(crate) async fn revert(work: &mut Work, subject: &str) -> Result<(), sqlx::Error> {
    store::outcomes::delete(work, subject).await?;
    store::results::delete(work, subject).await
}

/// A contact wants no more marketing: counts it for the campaign that came before.
pub(super) async fn opted_out(work: &mut Work, contact: ContactId) -> Result<(), sqlx::Error> {
    let now = work.now();
    let person = contacts::merging::with_merged(work, contact).await?;
    if let Some((campaign, recipient)) = last(work, &person, now, false).await? {
        store::results::set_opted_out(work, campaign, recipient).await?;
    }
    Ok(())
}

/// The last campaign that has reached a contact before a moment and within its own days, and the recipient, who may have
/// been merged into the contact.
async fn last(
    work: &mut Work,
    person: &[ContactId],
    at: Timestamp,
    by_click: bool,
) -> Result<Option<(CampaignId, ContactId)>, sqlx::Error> {
    let sent = store::results::sent_to(work, person, LOOK_AT).await?;
    if sent.is_empty() {
        return Ok(None);
    }
    let ids: Vec<_> = sent.iter().map(|one| one.message).collect();
    let outcomes = messages::outcomes(work, &ids).await?;
    let mut touches = Vec::new();
    for one in sent {
        let reached = if one.tracked && by_click {
            store::results::clicked_before(work, one.campaign, one.contact, at).await?
        } else {
            let outcome = outcomes.iter().find(|outcome| outcome.id == one.message);
            outcome.and_then(|outcome| outcome.delivered_at.or(outcome.read_at))
        };
        touches.extend(reached.map(|reached| (reached, one)));
    }
    Ok(newest(touches, at).map(|one| (one.campaign, one.contact)))
}

fn newest(touches: Vec<(Timestamp, Sent)>, at: Timestamp) -> Option<Sent> {
    let counts = |(reached, one): &(Timestamp, Sent)| {
        *reached <= at && at - *reached <= TimeDelta::days(one.days.into())
    };
    let touches = touches.into_iter().filter(counts);
    touches
        .max_by_key(|(reached, _)| *reached)
        .map(|(_, one)| one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversations::MessageId;

    #[test]
    fn the_last_touch_within_its_own_days_counts() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let sent = |days| Sent {
            campaign: CampaignId::new(),
            contact: ContactId::new(),
            message: MessageId::at(at("2026-03-01T10:00:00Z")),
            tracked: false,
            days,
        };
        let (long, short, late) = (sent(30), sent(1), sent(7));
        let wanted = (long.campaign, short.campaign);
        let touches = || {
            [
                ("2026-03-01T10:00:00Z", &long),
                ("2026-03-05T10:00:00Z", &short),
                ("2026-03-09T10:00:00Z", &late),
            ]
            .map(|(time, one)| (at(time), Sent { ..*one }))
            .into()
        };
        let found = |time: &str| newest(touches(), at(time)).map(|one| one.campaign);
        assert_eq!(found("2026-03-05T12:00:00Z"), Some(wanted.1));
        // The short one is over, and the late one has not come.
        assert_eq!(found("2026-03-07T12:00:00Z"), Some(wanted.0));
        assert_eq!(found("2026-03-01T09:59:59Z"), None);
        assert_eq!(found("2026-05-01T10:00:00Z"), None);
    }
}
