//! The platform makes the business prepaid, and the business buys a pack of credits.

use serde_json::json;

use super::{
    Place,
    member::{Member, text},
    until,
};
use crate::CliError;

/// Credits that the platform gives the business to begin with.
const WELCOME: i64 = 20_000;

/// The owner belongs to the platform's staff too.
pub async fn open(owner: &Member, place: &Place<'_>) -> Result<(), CliError> {
    let mut first = None;
    for (name, credits, amount_minor) in [
        ("Starter", 1_000, 2_500),
        ("Market", 10_000, 20_000),
        ("Season", 50_000, 80_000),
    ] {
        let pack = json!({"name": name, "credits": credits, "amount_minor": amount_minor, "currency": "USD"});
        let made = owner.post("admin/credit-packs", pack).await?;
        first.get_or_insert(text(&made, "id")?);
    }
    let workspace = text(&owner.get("workspaces/current").await?, "id")?;
    let account = format!("admin/workspaces/{workspace}/credits");
    let price = |country: &str, credits| json!({"country": country, "category": "marketing", "credits": credits});
    let terms = json!({"prepaid": true, "prices": [price("KE", 1), price("*", 3)]});
    owner.put(&account, terms).await?;
    let grant = json!({"credits": WELCOME, "reason": "Welcome to Kazi"});
    owner.post(&format!("{account}/grants"), grant).await?;
    owner.patch("credits", json!({"low_mark": 500})).await?;
    let wish = json!({"pack_id": first});
    let top_up = text(&owner.post("credits/top-ups", wish).await?, "id")?;
    let path = format!("credits/top-ups/{top_up}");
    let page = until("a page to pay the credits", async || {
        let top_up = owner.get(&path).await?;
        Ok(top_up["url"].as_str().map(str::to_owned))
    });
    let page = page.await?;
    let session = page.rsplit('/').next().unwrap_or_default();
    place.simulators.stripe_pay(session)?;
    Ok(())
}
