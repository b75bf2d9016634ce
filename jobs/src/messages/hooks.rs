//! What the campaign of a message decides about it.

use std::time::Duration;

use kazi_clients::whatsapp::Reaction;
use kazi_platform::Timestamp;

use super::CampaignId;
use crate::{
    Work,
    domain::{Future, offers},
};

/// Whether a message of a campaign may leave that waits for something else than its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clearance {
    Go,
    Wait(Duration),
    Over,
}

/// How much a refusal of one message says of its whole campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// None of the others would be taken.
    Surely,
    /// It may be this one recipient's fault.
    Perhaps,
}

/// Whether a refusal speaks against more than the one message.
pub const fn speaks_against(reaction: Reaction) -> Option<Against> {
    match reaction {
        Reaction::TemplatePaused
        | Reaction::TemplateDisabled
        | Reaction::PauseSender
        | Reaction::Credential
        | Reaction::AccountBlocked
        | Reaction::Billing
        | Reaction::Registration => Some(Against::Surely),
        // Of an unknown fault of one recipient there are not many at once.
        Reaction::TemplateFault | Reaction::OurFault | Reaction::Unknown => Some(Against::Perhaps),
        _ => None,
    }
}

/// A provider's refusal of one message of a campaign.
pub struct Refused<'a> {
    pub reaction: Reaction,
    /// The provider's words, for a person.
    pub words: &'a str,
    /// When the refused request left.
    pub asked_at: Timestamp,
}

type Answer<'a, T> = Future<'a, Result<T, sqlx::Error>>;

/// The part of the domain that has the campaigns. Each function works in the caller's transaction.
#[derive(Clone, Copy)]
pub(crate) struct CampaignHooks {
    /// Holds the campaign's row.
    pub lock: for<'a> fn(&'a mut Work, CampaignId) -> Answer<'a, ()>,
    /// Whether a message may leave that the provider has refused before.
    pub clearance: for<'a> fn(&'a mut Work, CampaignId) -> Answer<'a, Clearance>,
    /// Notes a refusal of one message; answers whether the campaign is stopped now. The caller holds the campaign's row.
    pub refused: for<'a> fn(&'a mut Work, CampaignId, &'a Refused<'a>) -> Answer<'a, bool>,
    /// Takes back the messages that have not left. The caller holds the campaign's row.
    pub take_back: for<'a> fn(&'a mut Work, CampaignId) -> Answer<'a, ()>,
}

pub(super) async fn lock(work: &mut Work, id: CampaignId) -> Result<(), sqlx::Error> {
    for hooks in offers::<CampaignHooks>() {
        (hooks.lock)(work, id).await?;
    }
    Ok(())
}

pub(super) async fn clearance(work: &mut Work, id: CampaignId) -> Result<Clearance, sqlx::Error> {
    match offers::<CampaignHooks>().next() {
        Some(hooks) => (hooks.clearance)(work, id).await,
        None => Ok(Clearance::Go),
    }
}

pub(super) async fn refused(
    work: &mut Work,
    id: CampaignId,
    refusal: &Refused<'_>,
) -> Result<bool, sqlx::Error> {
    match offers::<CampaignHooks>().next() {
        Some(hooks) => (hooks.refused)(work, id, refusal).await,
        None => Ok(false),
    }
}

pub(super) async fn take_back(work: &mut Work, id: CampaignId) -> Result<(), sqlx::Error> {
    for hooks in offers::<CampaignHooks>() {
        (hooks.take_back)(work, id).await?;
    }
    Ok(())
}
