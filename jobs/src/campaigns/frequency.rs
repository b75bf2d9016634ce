//! The frequency cap: at most so many marketing messages to a contact in so many days, from campaigns and from whatever
//! else sends marketing ([`Marketing`]). A campaign asks when its recipients are planned, and again when their messages are
//! queued. A message of an automation asks when it is composed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kazi_platform::Timestamp;

use super::{Campaign, CampaignError, store::delivery as store};
use crate::{
    Work,
    contacts::ContactId,
    conversations::MessageId,
    domain::{Future, offers},
    messages::{self, CampaignId},
    workspaces::{self, FrequencyCap, WorkspaceError},
};

/// Why a contact is left out.
pub(super) const REASON: &str = "frequency_cap";

/// The function of a higher domain that sends marketing: the messages that some contacts have got since a time.
#[derive(Clone, Copy)]
pub(crate) struct Marketing {
    pub sent_since: for<'a> fn(&'a mut Work, &'a [ContactId], Timestamp) -> Sent<'a>,
}

type Sent<'a> = Future<'a, Result<Vec<(ContactId, MessageId)>, sqlx::Error>>;

/// Those of some contacts who will have got as many messages as they may when the campaign starts.
pub(super) async fn expected(
    work: &mut Work,
    campaign: &Campaign,
    contacts: &[ContactId],
) -> Result<BTreeSet<ContactId>, CampaignError> {
    let of_workspace = of_workspace(work).await?;
    let Some(cap) = campaign.delivery.frequency_cap.or(of_workspace) else {
        return Ok(BTreeSet::new());
    };
    let at = campaign.scheduled_at.unwrap_or_else(|| work.now());
    Ok(reached(work, Some(campaign.id), cap, contacts, at).await?)
}

/// Those of some contacts who have got as many messages as they may. Others who send under a cap wait until the caller's
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
    Ok(reached(work, Some(campaign.id), cap, contacts, now).await?)
}

/// Whether one contact has got as many messages as the workspace's cap allows. Until the caller's transaction ends,
/// campaigns under a cap wait, and so do other messages to this contact.
pub(super) async fn is_full(work: &mut Work, contact: ContactId) -> Result<bool, sqlx::Error> {
    let Some(cap) = of_workspace(work).await? else {
        return Ok(false);
    };
    store::hold_contact(work, contact).await?;
    let now = work.now();
    let full = reached(work, None, cap, &[contact], now).await?;
    Ok(!full.is_empty())
}

async fn of_workspace(work: &mut Work) -> Result<Option<FrequencyCap>, sqlx::Error> {
    match workspaces::view(work).await {
        Ok(business) => Ok(business.settings.frequency_cap),
        Err(WorkspaceError::Database(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

/// Those of some contacts who have as many messages as the cap allows in the days before a time. Messages of the campaign
/// that asks do not count, nor do messages that have failed.
async fn reached(
    work: &mut Work,
    asks: Option<CampaignId>,
    cap: FrequencyCap,
    contacts: &[ContactId],
    at: Timestamp,
) -> Result<BTreeSet<ContactId>, sqlx::Error> {
    let since = at - TimeDelta::days(cap.days);
    let mut all = store::marketing_since(work, contacts, since, asks).await?;
    for others in offers::<Marketing>() {
        all.extend((others.sent_since)(work, contacts, since).await?);
    }
    let mut sent: BTreeMap<ContactId, Vec<MessageId>> = BTreeMap::new();
    for (contact, message) in all {
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
