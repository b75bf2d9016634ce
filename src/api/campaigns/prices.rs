//! The prices of messages.

use kazi_jobs::campaigns::{self, Price};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::{
    caller::Caller,
    etag::{IfMatch, Tagged},
    extract::Json,
    page::Whole,
};
use crate::problem::Problem;

/// Shows the prices of messages, as the workspace has set them.
#[utoipa::path(get, path = "/api/v1/messaging/prices",
    responses((status = 200, description = "All of them.", body = Whole<Price>)))]
pub(super) async fn prices(caller: Caller) -> Result<Tagged<Whole<Price>>, Problem> {
    let mut work = caller.begin().await?;
    Ok(tagged(campaigns::prices(&mut work).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Prices {
    /// All prices, in one currency.
    #[schema(max_items = 1000)]
    items: Vec<Price>,
}

/// Replaces the prices of messages, by country and category. Reports of campaigns use them for estimates.
#[utoipa::path(put, path = "/api/v1/messaging/prices", params(IfMatch), request_body = Prices,
    responses((status = 200, description = "As they are now.", body = Whole<Price>)))]
pub(super) async fn set_prices(
    caller: Caller,
    if_match: IfMatch,
    Json(new): Json<Prices>,
) -> Result<Tagged<Whole<Price>>, Problem> {
    let mut work = caller.begin().await?;
    let before = campaigns::lock_prices(&mut work).await?;
    if_match.check(campaigns::version_of_prices(&before))?;
    campaigns::set_prices(&mut work, &new.items).await?;
    let items = campaigns::prices(&mut work).await?;
    work.commit().await?;
    Ok(tagged(items))
}

fn tagged(items: Vec<Price>) -> Tagged<Whole<Price>> {
    Tagged(campaigns::version_of_prices(&items), Whole { items })
}
