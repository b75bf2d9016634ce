//! A marketing campaign: what was sent and posted, with a goal, a budget and what was spent on paper and pictures.

use chrono::Days;
use serde_json::{Value, json};

use super::{
    Place,
    member::{Member, text},
};
use crate::CliError;

const LASTS: Days = Days::new(30);

pub async fn begin(owner: &Member, place: &Place<'_>) -> Result<(), CliError> {
    let today = place.clock.now().date_naive();
    let last = today.checked_add_days(LASTS);
    let campaign = json!({
        "name": "New season", "objective": "sales", "tags": ["season"],
        "notes": "Tea, coffee and honey of the new harvest: on WhatsApp, on Instagram and on posters at the market.",
        "goal": {"measure": "clicks", "target": 40}, "starts_on": today, "ends_on": last,
        "budget": {"amount_minor": 15_000, "currency": "USD"}, "owner_id": owner.get("me").await?["id"],
    });
    let campaign = text(&owner.post("marketing/campaigns", campaign).await?, "id")?;
    let path = format!("marketing/campaigns/{campaign}");
    let thanks = json!({
        "name": "Mark buyers of the season", "trigger": {"kind": "order_delivered"},
        "steps": [{"key": "mark", "action": {"kind": "add_tag", "tag": "buyer"}}],
    });
    let thanks = owner.post("messaging/automations", thanks).await?;
    let sent = owner.list("messaging/campaigns?status=completed").await?;
    let contents = owner.list("social/contents").await?;
    let parts = sent.iter().chain(contents.first()).chain([&thanks]);
    for part in parts {
        let part = json!({"part_id": part["id"]});
        owner.post(&format!("{path}/parts"), part).await?;
    }
    for (description, amount) in [("Posters at the market", 4_500), ("Photographer", 6_000)] {
        let expense: Value = json!({
            "spent_on": today, "description": description, "amount": {"amount_minor": amount, "currency": "USD"},
        });
        owner.post(&format!("{path}/expenses"), expense).await?;
    }
    owner.act(&format!("{path}/activate")).await?;
    Ok(())
}
