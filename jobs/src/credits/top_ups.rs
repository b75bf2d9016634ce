//! A business buys a pack.

use chrono::TimeDelta;
use kazi_queue::Job;

use super::{
    CreditError, PackId, Sell, TopUp, TopUpId, packs,
    sell::OPEN_HOURS,
    store::{accounts, top_ups as store},
};
use crate::{Context, Work, audit::Change, violations::invalid};

/// Top-ups of a workspace that may wait for their money at once.
const MOST_WAITING: i64 = 20;

/// Buys a pack. The payment page comes when the seller's side has made it: see [`super::top_up`].
///
/// # Errors
/// [`CreditError::NotPrepaid`], and [`CreditError::NothingForSale`] when no workspace sells credits.
pub async fn buy(ctx: &Context, work: &mut Work, pack: PackId) -> Result<TopUp, CreditError> {
    let seller = ctx.providers.credits_seller;
    let seller = seller.ok_or(CreditError::NothingForSale)?;
    if !accounts::is_prepaid(work).await? {
        return Err(CreditError::NotPrepaid);
    }
    let Some(pack) = packs::on_sale(ctx, pack).await? else {
        let rule = "there is no such pack for sale".to_owned();
        return Err(invalid("/pack_id", ("unknown_pack", rule)).into());
    };
    // Nobody can pay an older one.
    let since = work.now() - TimeDelta::hours(OPEN_HOURS + 1);
    if store::waiting(work, since).await? >= MOST_WAITING {
        let rule = "20 top-ups wait to be paid: pay one of them".to_owned();
        return Err(invalid("/pack_id", ("too_many", rule)).into());
    }
    let id = TopUpId::at(work.now());
    store::insert(work, id, &pack).await?;
    let job = Sell {
        workspace: seller,
        buyer: work.workspace(),
        top_up: id,
    };
    job.enqueue(work.conn()).await?;
    let top_up = store::get(work, id).await?.ok_or(CreditError::NotFound)?;
    work.audit(&Change::created("credits.buy", ("top_up", id), &top_up))
        .await?;
    Ok(top_up)
}
