//! A campaign's figures, counted from the rows: nothing is kept twice, so nothing can disagree.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::{
    Work,
    messages::{self, CampaignId},
};

/// How far a campaign's messages got. Each step counts those that got further too; `recipients` = `waiting` + `queued` +
/// `sending` + `accepted` + `failed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CampaignFunnel)]
pub struct Funnel {
    /// Contacts of the segment.
    pub contacts: i64,
    /// Those who got, get or would get it.
    pub recipients: i64,
    /// Who is left out, at the planning and since, and why.
    pub left_out: LeftOut,
    /// Recipients whose turn has not come.
    pub waiting: i64,
    /// Their job waits.
    pub queued: i64,
    /// The request has left, and there is no answer yet.
    pub sending: i64,
    /// The provider has it.
    pub accepted: i64,
    /// The provider has sent it on.
    pub sent: i64,
    /// The phone has it.
    pub delivered: i64,
    /// The person has seen it.
    pub read: i64,
    /// It will not arrive, and why.
    pub failed: Failures,
    /// They wrote within a week of it.
    pub replied: i64,
}

/// Who is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CampaignLeftOut)]
pub struct LeftOut {
    /// All of them.
    pub total: i64,
    /// By reason.
    pub reasons: BTreeMap<String, i64>,
}

/// What will not arrive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CampaignFailures)]
pub struct Failures {
    /// All of it.
    pub total: i64,
    /// By the provider's code; `none` where it gave none.
    pub codes: BTreeMap<String, i64>,
}

/// Counts them now.
///
/// # Errors
/// The database failed.
pub async fn funnel(work: &mut Work, id: CampaignId) -> Result<Funnel, sqlx::Error> {
    let mut funnel = Funnel::default();
    for state in store::recipients::states(work, id).await? {
        funnel.contacts += state.recipients;
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
    Ok(funnel)
}
