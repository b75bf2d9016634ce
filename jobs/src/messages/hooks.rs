//! What the campaign of a message decides about the message.

use std::time::Duration;

use kazi_clients::whatsapp::Reaction;
use kazi_platform::Timestamp;

use super::CampaignId;
use crate::{
    Work,
    contacts::ContactId,
    conversations::MessageId,
    domain::{Future, offers},
};

/// Whether a campaign's message may leave that waits for another reason than its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clearance {
    Go,
    Wait(Duration),
    Over,
    /// The contact wants no offers any more, or nothing may be said to them at all.
    Unwanted,
}

/// What a refusal of one message says about its whole campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// All others would be refused too.
    Surely,
    /// It may be the fault of this recipient alone.
    Perhaps,
}

/// Whether a refusal concerns the whole campaign.
pub const fn speaks_against(reaction: Reaction) -> Option<Against> {
    match reaction {
        Reaction::TemplatePaused
        | Reaction::TemplateDisabled
        | Reaction::PauseSender
        | Reaction::Credential
        | Reaction::AccountBlocked
        | Reaction::Billing
        | Reaction::Registration => Some(Against::Surely),
        // An unknown fault of a recipient is rare, so many of them speak against the campaign.
        Reaction::TemplateFault | Reaction::OurFault | Reaction::Unknown => Some(Against::Perhaps),
        _ => None,
    }
}

/// A provider's refusal of one message of a campaign.
pub struct Refused<'a> {
    pub message: MessageId,
    pub contact: ContactId,
    pub reaction: Reaction,
    /// A text for a person.
    pub words: &'a str,
    /// When the refused request left.
    pub asked_at: Timestamp,
}

type Answer<'a, T> = Future<'a, Result<T, sqlx::Error>>;

/// The functions of a domain that sends messages of campaigns: broadcasts, or the steps of an automation. Each runs in
/// the caller's transaction, and does nothing for a campaign of another domain.
#[derive(Clone, Copy)]
pub(crate) struct CampaignHooks {
    /// Locks the campaign's row.
    pub lock: for<'a> fn(&'a mut Work, CampaignId) -> Answer<'a, ()>,
    /// Whether a message to a contact may leave that the provider has refused before. It holds the contact: who opts out
    /// at this moment waits, and then finds the message. `None`: the campaign is of another domain.
    pub clearance: for<'a> fn(&'a mut Work, CampaignId, ContactId) -> Answer<'a, Option<Clearance>>,
    /// Counts a refusal. Returns true when the campaign is stopped now. The caller holds the campaign's row.
    pub refused: for<'a> fn(&'a mut Work, CampaignId, &'a Refused<'a>) -> Answer<'a, bool>,
    /// Takes back the messages that have not left. The caller holds the campaign's row.
    pub take_back: for<'a> fn(&'a mut Work, CampaignId) -> Answer<'a, ()>,
    /// Takes back the message of a contact because its offer has ended. Returns false when nothing was taken back.
    pub expired: for<'a> fn(&'a mut Work, CampaignId, ContactId) -> Answer<'a, bool>,
}

pub(super) async fn lock(work: &mut Work, id: CampaignId) -> Result<(), sqlx::Error> {
    for hooks in offers::<CampaignHooks>() {
        (hooks.lock)(work, id).await?;
    }
    Ok(())
}

pub(super) async fn clearance(
    work: &mut Work,
    id: CampaignId,
    contact: ContactId,
) -> Result<Clearance, sqlx::Error> {
    for hooks in offers::<CampaignHooks>() {
        if let Some(clearance) = (hooks.clearance)(work, id, contact).await? {
            return Ok(clearance);
        }
    }
    Ok(Clearance::Over)
}

pub(super) async fn refused(
    work: &mut Work,
    id: CampaignId,
    refusal: &Refused<'_>,
) -> Result<bool, sqlx::Error> {
    let mut stopped = false;
    for hooks in offers::<CampaignHooks>() {
        stopped |= (hooks.refused)(work, id, refusal).await?;
    }
    Ok(stopped)
}

pub(super) async fn take_back(work: &mut Work, id: CampaignId) -> Result<(), sqlx::Error> {
    for hooks in offers::<CampaignHooks>() {
        (hooks.take_back)(work, id).await?;
    }
    Ok(())
}

pub(super) async fn expired(
    work: &mut Work,
    id: CampaignId,
    contact: ContactId,
) -> Result<bool, sqlx::Error> {
    let mut gone = false;
    for hooks in offers::<CampaignHooks>() {
        gone |= (hooks.expired)(work, id, contact).await?;
    }
    Ok(gone)
}
