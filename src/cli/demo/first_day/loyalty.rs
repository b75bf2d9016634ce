//! Points and rewards of the regular customers, and what they say of their orders.

use futures_util::future::try_join_all;
use serde_json::json;

use super::{
    Customer, Place,
    member::{Member, text},
    money, until,
};
use crate::CliError;

/// What members give the customers for a start.
const WELCOME: [i64; 5] = [320, 180, 90, 450, 60];
/// Who of those that talk with the bot says what of an order: their place, the score and the words.
const SAYS: [(usize, u8, Option<&str>); 4] = [
    (
        0,
        5,
        Some("The coffee is wonderful, and the driver was kind."),
    ),
    (1, 4, Some("All good, but it came an hour late.")),
    (4, 2, Some("Half of it was broken when it came.")),
    (5, 5, None),
];

/// The rules of the programme, and when customers are asked.
pub async fn open(owner: &Member) -> Result<(), CliError> {
    let birthday = json!({"label": "Birthday", "kind": "date"});
    owner.put("contact-fields/birthday", birthday).await?;
    let rules = json!({
        "enabled": true, "order": {"points": 1, "per_minor": 10}, "visit_points": 50,
        "birthday": {"points": 100, "field": "birthday"}, "expiry": {"months": 12, "warn_days": 14},
    });
    owner.put("loyalty/settings", rules).await?;
    for (name, threshold, multiplier_percent) in [("Silver", 100, 125), ("Gold", 500, 150)] {
        let tier =
            json!({"name": name, "threshold": threshold, "multiplier_percent": multiplier_percent});
        owner.post("loyalty/tiers", tier).await?;
    }
    for (name, cost, stock) in [
        ("Kikoi at half price", 600, Some(10)),
        ("A jar of honey", 250, Some(25)),
        ("Free coffee", 100, None),
    ] {
        let reward = json!({"name": name, "cost": cost, "stock": stock});
        owner.post("loyalty/rewards", reward).await?;
    }
    // Nobody waits for hours in a demo.
    let asks = json!({
        "after_orders": true, "after_bookings": true, "delay_hours": 0, "low_opens_ticket": true,
    });
    owner.put("feedback/settings", asks).await?;
    Ok(())
}

/// Customers get points and take rewards. The code of one is used, and another's waits.
pub async fn spend(owner: &Member, agent: &Member, customers: &[Customer]) -> Result<(), CliError> {
    for (customer, points) in customers.iter().zip(WELCOME) {
        let path = format!("loyalty/accounts/{}/adjust", customer.contact);
        let gift = json!({"points": points, "reason": "Welcome to the programme"});
        owner.post(&path, gift).await?;
    }
    let rewards = owner.list("loyalty/rewards").await?;
    let [coffee, honey, ..] = rewards.as_slice() else {
        return Err("there are too few rewards".into());
    };
    let [first, _, _, second, ..] = customers else {
        return Err("there are too few customers".into());
    };
    let take = async |customer: &Customer, reward: &serde_json::Value| {
        let wish = json!({"contact_id": customer.contact, "reward_id": reward["id"]});
        let taken = agent.post("loyalty/redemptions", wish).await?;
        text(&taken, "code")
    };
    let code = json!({"code": take(first, coffee).await?});
    agent.post("loyalty/codes/use", code).await?;
    take(second, honey).await?;
    Ok(())
}

/// Customers get an order, are asked how it was, and answer.
pub async fn judge(
    owner: &Member,
    place: &Place<'_>,
    talkers: &[Customer],
) -> Result<(), CliError> {
    let said: Vec<_> = SAYS
        .iter()
        .filter_map(|&(at, score, words)| Some((talkers.get(at)?, score, words)))
        .collect();
    let customers: Vec<&Customer> = said.iter().map(|&(customer, ..)| customer).collect();
    money::deliver_all(owner, place, &customers).await?;
    try_join_all(said.into_iter().map(async |(customer, score, words)| {
        let asked = until("a question", async || {
            let path = format!("feedback?contact_id={}", customer.contact);
            let asked = owner.list(&path).await?;
            let Some(one) = asked.first() else {
                return Ok(None);
            };
            match one["reason"].as_str() {
                Some(why) => Err(format!("a question is not asked: {why}").into()),
                None => text(one, "id").map(Some),
            }
        })
        .await?;
        let wish = format!("feedback:{asked}:{score}");
        until("a score", async || Ok(customer.phone.tap(&wish).await.ok())).await?;
        let Some(words) = words else { return Ok(()) };
        let path = format!("feedback/{asked}");
        until("the score", async || {
            let one = owner.get(&path).await?;
            Ok((one["status"] == "scored").then_some(()))
        })
        .await?;
        customer.phone.say(words).await;
        Ok::<_, CliError>(())
    }))
    .await?;
    Ok(())
}
