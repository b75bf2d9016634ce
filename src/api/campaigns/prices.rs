//! The prices of messages.

use kazi_jobs::campaigns::{self, Price};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::{Answer, caller::Caller, extract::Json, page::Whole};

/// Shows the prices of messages, as the workspace has set them.
#[utoipa::path(get, path = "/api/v1/messaging/prices",
    responses((status = 200, description = "All of them.", body = Whole<Price>)))]
pub(super) async fn prices(caller: Caller) -> Answer<Whole<Price>> {
    let mut work = caller.begin().await?;
    let items = campaigns::prices(&mut work).await?;
    Ok(Json(Whole { items }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Prices {
    /// All prices, in one currency.
    #[schema(max_items = 1000)]
    items: Vec<Price>,
}

/// Replaces the prices of messages, by country and category. Reports of campaigns use them for estimates.
#[utoipa::path(put, path = "/api/v1/messaging/prices", request_body = Prices,
    responses((status = 200, description = "As they are now.", body = Whole<Price>)))]
pub(super) async fn set_prices(caller: Caller, Json(new): Json<Prices>) -> Answer<Whole<Price>> {
    let mut work = caller.begin().await?;
    campaigns::set_prices(&mut work, &new.items).await?;
    let items = campaigns::prices(&mut work).await?;
    work.commit().await?;
    Ok(Json(Whole { items }))
}
