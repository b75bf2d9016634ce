//! The recipients of a campaign.

use kazi_jobs::{
    campaigns::{self, Recipient},
    contacts::ContactId,
    conversations::MessageId,
    messages::{self, CampaignId, Outcome},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::{
        Answer,
        caller::Caller,
        extract::{Json, Path},
        page::{List, Page, Paging},
    },
    problem::NOT_FOUND,
};

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RecipientFilter {
    #[param(inline)]
    state: Option<RecipientState>,
}

kazi_platform::texts! {
    /// Where a recipient stands.
    enum RecipientState as "CampaignRecipientState" {
        Planned = "planned",
        LeftOut = "left_out",
        Queued = "queued",
    }
}

/// A recipient and the message.
#[derive(Serialize, ToSchema)]
pub(super) struct RecipientView {
    #[serde(flatten)]
    recipient: Recipient,
    /// The outcome of the message.
    outcome: Option<Outcome>,
}

/// Lists a campaign's recipients and the outcomes of their messages.
#[utoipa::path(get, path = "/api/v1/messaging/campaigns/{id}/recipients", params(RecipientFilter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<RecipientView>)))]
pub(super) async fn recipients(
    caller: Caller,
    Path(id): Path<CampaignId>,
    list: List<RecipientFilter, ContactId>,
) -> Answer<Page<RecipientView>> {
    let mut work = caller.begin().await?;
    let there = campaigns::get(&mut work, id).await?;
    there.ok_or(NOT_FOUND)?;
    let (state, after) = (list.filter.state.map(RecipientState::name), list.after);
    let rows = campaigns::recipients(&mut work, id, state, after, list.fetch()).await?;
    let ids: Vec<MessageId> = rows.iter().filter_map(|row| row.message).collect();
    let mut outcomes = messages::outcomes(&mut work, &ids).await?;
    let views = rows
        .into_iter()
        .map(|recipient| {
            let own = outcomes
                .iter()
                .position(|outcome| Some(outcome.id) == recipient.message);
            RecipientView {
                outcome: own.map(|at| outcomes.swap_remove(at)),
                recipient,
            }
        })
        .collect();
    let key = |view: &RecipientView| view.recipient.contact;
    Ok(Json(list.page(views, key)?))
}
