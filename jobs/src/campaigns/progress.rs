//! Where each recipient stands. The row of a recipient says `queued` for good once the recipient has a message: how far the
//! message got is read from the message itself, so the two never differ.

use std::collections::HashMap;

use super::{
    Campaign, CampaignStatus,
    store::listing::{self, Chosen, Recipient},
};
use crate::{
    Work,
    contacts::ContactId,
    messages::{self, Outcome},
};

kazi_platform::texts! {
    /// Where a recipient of a campaign stands.
    pub enum Progress as "CampaignRecipientState" {
        /// The message is not queued yet.
        Planned = "planned",
        LeftOut = "left_out",
        /// The campaign ended before the message was queued.
        NotSent = "not_sent",
        /// The message waits to be sent.
        Queued = "queued",
        /// The request has left, and no answer has come yet.
        Sending = "sending",
        /// The provider has it.
        Accepted = "accepted",
        Sent = "sent",
        /// It is on the phone.
        Delivered = "delivered",
        Read = "read",
        Failed = "failed",
    }
}

/// The reason of a failure without a code of the provider.
const NO_CODE: &str = "none";

/// Which recipients to list.
#[derive(Clone, Debug, Default)]
pub struct RecipientFilter {
    pub state: Option<Progress>,
    /// A reason for being left out, or a code of the provider.
    pub reason: Option<String>,
}

impl RecipientFilter {
    /// The state: a reason alone tells it. Failures have the provider's numbers, and all other reasons are words.
    fn state(&self) -> Option<Progress> {
        let reason = self.reason.as_deref();
        let numbered = |reason: &str| reason == NO_CODE || reason.parse::<i64>().is_ok();
        self.state.or_else(|| match reason {
            Some(reason) if numbered(reason) => Some(Progress::Failed),
            Some(_) => Some(Progress::LeftOut),
            None => None,
        })
    }
}

/// A page of a campaign's recipients by contact, after the given one, with the outcomes of their messages.
pub async fn recipients(
    work: &mut Work,
    campaign: &Campaign,
    filter: &RecipientFilter,
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<(Recipient, Option<Outcome>)>, sqlx::Error> {
    let Some(chosen) = chosen(campaign, filter) else {
        return Ok(Vec::new());
    };
    let rows = listing::recipients(work, campaign.id, &chosen, after, limit).await?;
    let ids: Vec<_> = rows.iter().filter_map(|row| row.message_id).collect();
    let outcomes = messages::outcomes(work, &ids).await?.into_iter();
    let mut outcomes: HashMap<_, _> = outcomes.map(|one| (one.id, one)).collect();
    let views = rows.into_iter().map(|mut row| {
        let outcome = row.message_id.and_then(|id| outcomes.remove(&id));
        stand(&mut row, outcome.as_ref(), campaign);
        (row, outcome)
    });
    Ok(views.collect())
}

/// The rows that a filter selects. Returns `None` when no recipient can be in the state.
fn chosen(campaign: &Campaign, filter: &RecipientFilter) -> Option<Chosen> {
    let reason = filter.reason.as_deref();
    let Some(state) = filter.state() else {
        return Some(Chosen::default());
    };
    let of_row = |state| Chosen {
        state: Some(state),
        ..Chosen::default()
    };
    match state {
        Progress::LeftOut => Some(Chosen {
            reason: filter.reason.clone(),
            ..of_row("left_out")
        }),
        Progress::Planned => (!is_over(campaign) && reason.is_none()).then(|| of_row("planned")),
        Progress::NotSent => (is_over(campaign) && reason.is_none()).then(|| of_row("planned")),
        sent => {
            let code = reason.filter(|_| sent == Progress::Failed);
            if reason.is_some() && code.is_none() {
                return None;
            }
            Some(Chosen {
                message: Some((sent.name(), code.map(str::to_owned))),
                ..of_row("queued")
            })
        }
    }
}

/// Writes where the recipient stands into the row.
fn stand(row: &mut Recipient, outcome: Option<&Outcome>, campaign: &Campaign) {
    match (row.state.as_str(), outcome) {
        ("planned", _) if is_over(campaign) => row.state = Progress::NotSent.name().into(),
        ("queued", Some(outcome)) => {
            row.state.clone_from(&outcome.status);
            if outcome.status == Progress::Failed.name() {
                let code = outcome.error_code.map(|code| code.to_string());
                row.reason = Some(code.unwrap_or_else(|| NO_CODE.into()));
            }
        }
        _ => {}
    }
}

const fn is_over(campaign: &Campaign) -> bool {
    matches!(
        campaign.status,
        CampaignStatus::Completed | CampaignStatus::Cancelled | CampaignStatus::Failed
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_alone_tells_the_state() {
        let state = |state, reason: Option<&str>| {
            let reason = reason.map(str::to_owned);
            RecipientFilter { state, reason }.state()
        };
        assert_eq!(state(None, None), None);
        assert_eq!(state(None, Some("131026")), Some(Progress::Failed));
        assert_eq!(state(None, Some("none")), Some(Progress::Failed));
        assert_eq!(state(None, Some("opted_out")), Some(Progress::LeftOut));
        let sent = Some(Progress::Sent);
        assert_eq!(state(sent, Some("131026")), sent);
    }
}
