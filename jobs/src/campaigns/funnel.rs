//! The figures of a campaign, counted from the rows. No counter is stored, so no counter can be wrong.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::{
    Work,
    messages::{self, CampaignId},
};

/// How far the messages got. Each step includes the later steps. `recipients` = `waiting` + `queued` + `sending` +
/// `accepted` + `failed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CampaignFunnel)]
pub struct Funnel {
    /// Contacts of the segment.
    pub contacts: i64,
    /// Contacts who get the message.
    pub recipients: i64,
    /// Contacts who do not get it, by reason. Some were left out after the planning.
    pub left_out: LeftOut,
    /// Recipients who are not queued yet.
    pub waiting: i64,
    /// The job waits.
    pub queued: i64,
    /// The request has left, and no answer has come yet.
    pub sending: i64,
    /// The provider has accepted it.
    pub accepted: i64,
    /// The provider has sent it.
    pub sent: i64,
    /// It is on the phone.
    pub delivered: i64,
    /// The contact has read it.
    pub read: i64,
    /// Messages that will not arrive, by code.
    pub failed: Failures,
    /// Contacts who wrote within 24 hours.
    pub replied: i64,
    /// Contacts who clicked a tracked link.
    pub clicked: i64,
    /// All clicks on tracked links, without previews.
    pub clicks: i64,
    /// Contacts who then wanted no more marketing.
    pub opted_out: i64,
    /// Contacts who ordered and paid, or booked, within the campaign's days after its message was delivered. If it has a
    /// tracked link: after they clicked. An order counts for the last campaign that has reached the contact.
    pub converted: i64,
    /// Their orders and bookings.
    pub conversions: i64,
    /// What the orders and bookings are worth, by currency.
    pub revenue: Vec<Revenue>,
}

/// An amount in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CampaignRevenue)]
pub struct Revenue {
    /// ISO 4217.
    #[schema(example = "KES")]
    pub currency: String,
    /// Minor units.
    #[schema(example = 125_000)]
    pub amount_minor: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CampaignLeftOut)]
pub struct LeftOut {
    pub total: i64,
    pub reasons: BTreeMap<String, i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CampaignFailures)]
pub struct Failures {
    pub total: i64,
    /// By the provider's code. `none`: the provider gave no code.
    pub codes: BTreeMap<String, i64>,
}

pub async fn funnel(work: &mut Work, id: CampaignId) -> Result<Funnel, sqlx::Error> {
    let mut funnel = Funnel::default();
    for state in store::recipients::states(work, id).await? {
        funnel.contacts += state.recipients;
        funnel.opted_out += state.opted_out;
        match (state.state.as_str(), state.reason) {
            (_, Some(reason)) => {
                funnel.left_out.total += state.recipients;
                *funnel.left_out.reasons.entry(reason).or_default() += state.recipients;
            }
            ("planned", _) => funnel.waiting += state.recipients,
            // Counted below, by their messages.
            _ => {}
        }
    }
    funnel.recipients = funnel.contacts - funnel.left_out.total;
    for tally in messages::tally(work, id).await? {
        let count = tally.messages;
        funnel.replied += tally.replied;
        match tally.status.as_str() {
            "queued" => funnel.queued += count,
            "sending" => funnel.sending += count,
            "failed" => {
                funnel.failed.total += count;
                let code = tally.error_code.map(|code| code.to_string());
                let code = code.unwrap_or_else(|| "none".into());
                *funnel.failed.codes.entry(code).or_default() += count;
            }
            further => {
                funnel.accepted += count;
                let steps = ["sent", "delivered", "read"];
                let far = steps.iter().position(|step| *step == further);
                let counts = [&mut funnel.sent, &mut funnel.delivered, &mut funnel.read];
                for (n, step) in counts.into_iter().enumerate() {
                    *step += if far.is_some_and(|far| n <= far) {
                        count
                    } else {
                        0
                    };
                }
            }
        }
    }
    (funnel.clicked, funnel.clicks) = store::results::clicks(work, id).await?;
    (funnel.converted, funnel.conversions) = store::results::conversions(work, id).await?;
    funnel.revenue = store::results::revenue(work, id).await?;
    Ok(funnel)
}
