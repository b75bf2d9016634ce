//! The frequency cap: at most so many marketing messages of campaigns to a contact in so many days. It is checked when
//! the recipients are planned, and again when their messages are queued.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kazi_platform::Timestamp;

use super::{Campaign, CampaignError, store::delivery as store};
use crate::{
    Work,
    contacts::ContactId,
    conversations::MessageId,
    messages::{self, CampaignId},
    workspaces::{self, FrequencyCap},
};

/// Why a contact is left out.
pub(super) const REASON: &str = "frequency_cap";

/// Those of some contacts who will have got as many messages as they may when the campaign starts.
pub(super) async fn expected(
    work: &mut Work,
    campaign: &Campaign,
    contacts: &[ContactId],
) -> Result<BTreeSet<ContactId>, CampaignError> {
    let business = workspaces::view(work).await;
    let business = business.map_err(|_| CampaignError::NotFound("workspace"))?;
    let of_workspace = business.settings.frequency_cap;
    let Some(cap) = campaign.delivery.frequency_cap.or(of_workspace) else {
        return Ok(BTreeSet::new());
    };
    let at = campaign.scheduled_at.unwrap_or_else(|| work.now());
    Ok(reached(work, campaign.id, cap, contacts, at).await?)
}

/// Those of some contacts who have got as many messages as they may. Other campaigns with a cap wait until the caller's
/// transaction ends: two that queue messages at once would not see each other's.
pub(super) async fn full(
    work: &mut Work,
    campaign: &Campaign,
    of_workspace: Option<FrequencyCap>,
    contacts: &[ContactId],
) -> Result<BTreeSet<ContactId>, CampaignError> {
    let Some(cap) = campaign.delivery.frequency_cap.or(of_workspace) else {
        return Ok(BTreeSet::new());
    };
    store::hold(work).await?;
    let now = work.now();
    Ok(reached(work, campaign.id, cap, contacts, now).await?)
}

/// Those of some contacts who have as many messages of other campaigns as the cap allows in the days before a time.
/// Messages that have failed do not count.
async fn reached(
    work: &mut Work,
    campaign: CampaignId,
    cap: FrequencyCap,
    contacts: &[ContactId],
    at: Timestamp,
) -> Result<BTreeSet<ContactId>, sqlx::Error> {
    let since = at - TimeDelta::days(cap.days);
    let mut sent: BTreeMap<ContactId, Vec<MessageId>> = BTreeMap::new();
    for (contact, message) in store::sent_since(work, contacts, since, Some(campaign)).await? {
        sent.entry(contact).or_default().push(message);
    }
    let most = usize::try_from(cap.messages).unwrap_or(usize::MAX);
    sent.retain(|_, messages| messages.len() >= most);
    let ids: Vec<MessageId> = sent.values().flatten().copied().collect();
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let outcomes = messages::outcomes(work, &ids).await?;
    let failed: BTreeSet<MessageId> = outcomes
        .iter()
        .filter(|outcome| outcome.status == "failed")
        .map(|outcome| outcome.id)
        .collect();
    let counts =
        |messages: &[MessageId]| messages.iter().filter(|id| !failed.contains(*id)).count();
    let full = sent.into_iter().filter(|(_, all)| counts(all) >= most);
    Ok(full.map(|(contact, _)| contact).collect())
}
