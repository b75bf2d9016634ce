//! The recipients of a campaign.

use kazi_jobs::{
    campaigns::{self, Progress, Recipient, RecipientFilter},
    contacts::ContactId,
    messages::{CampaignId, Outcome},
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
pub(super) struct Wanted {
    #[param(inline)]
    state: Option<Progress>,
    /// Why they got nothing: a reason for being left out, or a code of the provider.
    #[param(example = "131026", max_length = 40)]
    reason: Option<String>,
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
#[utoipa::path(get, path = "/api/v1/messaging/campaigns/{id}/recipients", params(Wanted, Paging),
    responses((status = 200, description = "A page of them.", body = Page<RecipientView>)))]
pub(super) async fn recipients(
    caller: Caller,
    Path(id): Path<CampaignId>,
    list: List<Wanted, ContactId>,
) -> Answer<Page<RecipientView>> {
    let mut work = caller.begin().await?;
    let campaign = campaigns::get(&mut work, id).await?;
    let campaign = campaign.ok_or(NOT_FOUND)?;
    let filter = RecipientFilter {
        state: list.filter.state,
        reason: list.filter.reason.clone(),
    };
    let (after, limit) = (list.after, list.fetch());
    let rows = campaigns::recipients(&mut work, &campaign, &filter, after, limit).await?;
    let views = rows.into_iter();
    let views = views.map(|(recipient, outcome)| RecipientView { recipient, outcome });
    let key = |view: &RecipientView| view.recipient.contact_id;
    Ok(Json(list.page(views.collect(), key)?))
}
