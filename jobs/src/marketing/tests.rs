//! Marketing campaigns with messages whose times are known to the minute, with clocks that change, and with two who spend at
//! once.

use chrono::{NaiveDate, TimeDelta};
use kazi_platform::{Timestamp, UserId};
use kazi_queue::Job;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{
    Role,
    automations::{AutomationId, NewAutomation},
    campaigns::{Price, set_prices},
    conversations::MessageId,
    messages::CampaignId,
    templates::Category,
    testing::Shop,
    workspaces,
};

/// A shop with one contact, who has written.
async fn shop() -> Shop {
    let shop = Shop::open().await;
    shop.hear("1", "Hello").await;
    shop.drain().await;
    // Ids sort by the millisecond: what is sent now comes after it.
    shop.ctx.clock.advance(TimeDelta::milliseconds(1));
    zone(&shop, "Europe/Berlin").await;
    shop
}

async fn zone(shop: &Shop, name: &str) {
    sqlx::query("UPDATE workspaces SET time_zone = $1")
        .bind(name)
        .execute(&mut *shop.conn().await)
        .await
        .unwrap();
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A message to the contact, sent at one time and read at another one.
async fn message(shop: &Shop, of: CampaignId, sent: Timestamp, read: Timestamp) -> MessageId {
    let id = MessageId::at(shop.now());
    sqlx::query(
        "INSERT INTO messages (workspace_id, id, conversation_id, contact_id, channel_id, peer, direction, kind, body,
                               content, cause, status, created_at, sent_at, delivered_at, read_at, campaign_id)
         SELECT workspace_id, $1, id, contact_id, channel_id, '254712345678', 'out', 'template', 'Tea', '{}', 'campaign',
                'read', $2, $3, $3, $4, $5 FROM conversations LIMIT 1",
    )
    .bind(id.uuid())
    .bind(shop.now())
    .bind(sent)
    .bind(read)
    .bind(of.uuid())
    .execute(&mut *shop.conn().await)
    .await
    .unwrap();
    id
}

/// A broadcast that the contact has got. Its planning reports this price of a message, or none.
async fn broadcast(
    shop: &Shop,
    (sent, read): (&str, &str),
    planned: Option<(i64, &str)>,
) -> PartId {
    let id = CampaignId::new();
    let cost =
        planned.map(|(micros, currency)| json!({"micros": micros * 3, "currency": currency}));
    let report = json!({"countries": [{"country": "KE", "recipients": 3, "cost": cost}]});
    let message = message(shop, id, at(sent), at(read)).await;
    let mut conn = shop.conn().await;
    sqlx::query(
        "INSERT INTO campaigns (workspace_id, id, name, channel_id, content, category, status, report)
         SELECT workspace_id, $1, 'Tea', id, '{\"kind\": \"text\", \"text\": \"Tea\"}', 'marketing', 'completed', $2
         FROM channels WHERE kind = 'whatsapp'",
    )
    .bind(id.uuid())
    .bind(report)
    .execute(&mut *conn)
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO campaign_messages (workspace_id, campaign_id, contact_id, country, state, message_id)
         SELECT workspace_id, $1, id, 'KE', 'queued', $2 FROM contacts",
    )
    .bind(id.uuid())
    .bind(message.uuid())
    .execute(&mut *conn)
    .await
    .unwrap();
    PartId::Broadcast(id)
}

async fn campaign(shop: &Shop, more: Value) -> MarketingId {
    let mut new = json!({"name": "Christmas", "objective": "sales"});
    for (key, value) in more.as_object().unwrap() {
        new[key] = value.clone();
    }
    let new: NewMarketingCampaign = serde_json::from_value(new).unwrap();
    let mut work = shop.work().await;
    let made = create(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    made.id
}

/// Does something to a campaign as a member would.
macro_rules! act {
    ($shop:expr, $id:expr, $deed:ident $(, $more:expr)*) => {{
        let mut work = $shop.work().await;
        let before = lock(&mut work, $id).await.unwrap().unwrap();
        let done = $deed(&mut work, &before $(, $more)*).await;
        work.commit().await.unwrap();
        done
    }};
}

async fn join(shop: &Shop, id: MarketingId, part_id: PartId) {
    act!(shop, id, attach, NewPart { part_id }).unwrap();
}

fn spends(amount_minor: i64, currency: &str) -> NewExpense {
    serde_json::from_value(json!({
        "spent_on": "2026-03-29", "description": "Posters",
        "amount": {"amount_minor": amount_minor, "currency": currency},
    }))
    .unwrap()
}

async fn figures(shop: &Shop, id: MarketingId, days: [Option<&str>; 2]) -> Analytics {
    let mut work = shop.work().await;
    let campaign = get(&mut work, id).await.unwrap().unwrap();
    let [from, until] = days.map(|text| text.map(day));
    analytics(&mut work, &campaign, from, until).await.unwrap()
}

async fn status(shop: &Shop, id: MarketingId) -> Status {
    get(&mut shop.work().await, id)
        .await
        .unwrap()
        .unwrap()
        .status
}

async fn told(shop: &Shop, user: Uuid) -> Vec<i64> {
    sqlx::query_scalar(
        "SELECT (data->>'percent')::bigint FROM notifications WHERE kind = 'marketing_budget' AND user_id = $1 ORDER BY 1",
    )
    .bind(user)
    .fetch_all(&mut *shop.conn().await)
    .await
    .unwrap()
}

/// Runs the hourly look now.
async fn hour(shop: &Shop) {
    let mut conn = shop.conn().await;
    FindDue {}.enqueue(&mut conn).await.unwrap();
    drop(conn);
    shop.drain().await;
}

/// On 29 March 2026 the clocks of Berlin go from one to two hours ahead of UTC.
#[tokio::test]
async fn days_are_those_of_the_business_also_when_its_clocks_change() {
    let shop = shop().await;
    let id = campaign(&shop, json!({})).await;
    let part = broadcast(
        &shop,
        ("2026-03-28T23:30:00Z", "2026-03-29T21:30:00Z"),
        None,
    )
    .await;
    let later = broadcast(
        &shop,
        ("2026-03-29T21:59:00Z", "2026-03-29T22:30:00Z"),
        None,
    )
    .await;
    join(&shop, id, part).await;
    join(&shop, id, later).await;
    let all = figures(&shop, id, [None, None]).await;
    let days: Vec<_> = all
        .days
        .iter()
        .map(|one| (one.day, one.sent, one.read))
        .collect();
    assert_eq!(days, [(day("2026-03-29"), 2, 1), (day("2026-03-30"), 0, 1)]);
    let one = figures(&shop, id, [Some("2026-03-29"), Some("2026-03-29")]).await;
    assert_eq!((one.total.sent, one.total.read), (Some(2), Some(1)));
    let none = figures(&shop, id, [Some("2026-03-31"), None]).await;
    assert_eq!((none.total.sent, none.days.len()), (Some(0), 0));
    // The contact writes within a day of the messages.
    shop.hear("2", "How much is it?").await;
    shop.drain().await;
    let all = figures(&shop, id, [None, None]).await;
    assert_eq!(all.total.replies, Some(2));
}

#[tokio::test]
async fn a_message_costs_what_was_planned_and_currencies_stay_apart() {
    let shop = shop().await;
    let id = campaign(
        &shop,
        json!({"budget": {"amount_minor": 1_000, "currency": "usd"}}),
    )
    .await;
    let times = ("2026-03-29T10:00:00Z", "2026-03-29T11:00:00Z");
    join(
        &shop,
        id,
        broadcast(&shop, times, Some((22_500, "USD"))).await,
    )
    .await;
    act!(shop, id, create_expense, &spends(250, "USD")).unwrap();
    let found = figures(&shop, id, [None, None]).await;
    assert_eq!(found.total.costs, [("USD".to_owned(), 22_500)].into());
    assert_eq!(found.spent, [("USD".to_owned(), 2_522_500)].into());
    let budget = found.progress.budget.unwrap();
    assert_eq!((budget.percent, budget.incomplete), (25, false));
    assert_eq!((found.return_percent, found.unknown), (Some(0), None));

    // The planning knew no price, and there is none now.
    join(&shop, id, broadcast(&shop, times, None).await).await;
    let found = figures(&shop, id, [None, None]).await;
    assert_eq!(
        (found.total.unpriced, found.unknown),
        (1, Some(Unknown::Unpriced))
    );
    assert!(found.progress.budget.unwrap().incomplete);

    let price = Price {
        country: "*".into(),
        category: Category::Marketing,
        micros: 40_000,
        currency: "EUR".into(),
    };
    let mut work = shop.work().await;
    set_prices(&mut work, &[price]).await.unwrap();
    work.commit().await.unwrap();
    let found = figures(&shop, id, [None, None]).await;
    let spent = [("EUR".to_owned(), 40_000), ("USD".to_owned(), 2_522_500)];
    assert_eq!(found.spent, spent.into());
    assert_eq!(found.unknown, Some(Unknown::SeveralCurrencies));
    let budget = found.progress.budget.unwrap();
    assert_eq!((budget.spent_micros, budget.incomplete), (2_522_500, true));
}

#[tokio::test]
async fn an_expense_has_the_currency_of_the_budget() {
    let shop = shop().await;
    let id = campaign(
        &shop,
        json!({"budget": {"amount_minor": 1_000, "currency": "USD"}}),
    )
    .await;
    let refused = act!(shop, id, create_expense, &spends(1, "KES"));
    assert!(matches!(refused, Err(MarketingError::Invalid(_))));
    act!(shop, id, create_expense, &spends(1, "usd")).unwrap();
    let other = json!({"name": "Christmas", "objective": "sales", "budget": {"amount_minor": 9, "currency": "KES"}});
    let other: NewMarketingCampaign = serde_json::from_value(other).unwrap();
    let Err(MarketingError::Invalid(invalid)) = act!(shop, id, update, &other) else {
        panic!("the budget has another currency than its expenses")
    };
    assert_eq!(invalid.0[0].pointer, "/budget/currency");
}

/// An automation that has sent one message to the contact.
async fn automation(shop: &Shop) -> AutomationId {
    let new = json!({"name": "Greeting", "trigger": {"kind": "order_delivered"},
                     "steps": [{"key": "wait", "action": {"kind": "wait", "minutes": 5}}]});
    let new: NewAutomation = serde_json::from_value(new).unwrap();
    let mut work = shop.work().await;
    let made = automations::create(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    let step = CampaignId::new();
    let sent = at("2026-03-29T10:00:00Z");
    let message = message(shop, step, sent, sent).await;
    let mut conn = shop.conn().await;
    for statement in [
        "INSERT INTO automation_steps (workspace_id, id, automation_id, key) SELECT id, $1, $2, 'wait' FROM workspaces WHERE $3 = $3",
        "INSERT INTO enrolments (workspace_id, id, automation_id, revision, contact_id, occurrence, step, due_at, entered_at)
         SELECT workspace_id, $1, $2, 1, id, 'x', 'wait', now(), now() FROM contacts WHERE $3 = $3",
        "INSERT INTO enrolment_steps (workspace_id, enrolment_id, position, step_id, result, message_id, marketing, done_at)
         SELECT workspace_id, id, 0, $1, 'sent', $3, true, now() FROM enrolments WHERE automation_id = $2",
    ] {
        sqlx::query(statement)
            .bind(step.uuid())
            .bind(made.id.uuid())
            .bind(message.uuid())
            .execute(&mut *conn)
            .await
            .unwrap();
    }
    made.id
}

#[tokio::test]
async fn what_a_deleted_automation_has_cost_and_reached_stays() {
    let shop = shop().await;
    let price = Price {
        country: "KE".into(),
        category: Category::Marketing,
        micros: 40_000,
        currency: "USD".into(),
    };
    let mut work = shop.work().await;
    set_prices(&mut work, &[price]).await.unwrap();
    work.commit().await.unwrap();
    let goal = json!({"measure": "read", "target": 4});
    let id = campaign(&shop, json!({"goal": goal})).await;
    let part = automation(&shop).await;
    join(&shop, id, PartId::Automation(part)).await;
    let before = figures(&shop, id, [None, None]).await;
    assert_eq!((before.total.read, before.total.clicks), (Some(1), None));
    assert_eq!(before.spent, [("USD".to_owned(), 40_000)].into());
    assert_eq!(before.progress.goal.as_ref().unwrap().percent, Some(25));

    let mut work = shop.work().await;
    let doomed = automations::lock(&mut work, part).await.unwrap().unwrap();
    automations::delete(&mut work, &doomed).await.unwrap();
    work.commit().await.unwrap();
    // Nor does a price of later change what was kept.
    let mut work = shop.work().await;
    set_prices(&mut work, &[]).await.unwrap();
    work.commit().await.unwrap();
    let after = figures(&shop, id, [None, None]).await;
    assert_eq!((&after.total, &after.spent), (&before.total, &before.spent));
    assert_eq!(
        (&after.days[0].spent, after.progress),
        (&before.days[0].spent, before.progress)
    );
    let gone = &after.parts[0].part;
    assert_eq!(
        (gone.deleted, gone.status.as_deref(), gone.name.as_str()),
        (true, None, "Greeting")
    );
    // It still can be taken out.
    act!(shop, id, detach, PartId::Automation(part)).unwrap();
    assert_eq!(figures(&shop, id, [None, None]).await.spent, [].into());
}

#[tokio::test]
async fn a_campaign_begins_and_ends_by_the_days_of_the_business() {
    let shop = shop().await;
    // There it is the next day, or the one after it, when it is still this day here.
    let first = (shop.now() + TimeDelta::hours(14)).date_naive();
    zone(&shop, "Pacific/Pago_Pago").await;
    let id = campaign(&shop, json!({"starts_on": first, "ends_on": first})).await;
    let by_hand = campaign(&shop, json!({"name": "By hand"})).await;
    hour(&shop).await;
    assert_eq!(status(&shop, id).await, Status::Draft);
    zone(&shop, "Pacific/Kiritimati").await;
    hour(&shop).await;
    assert_eq!(status(&shop, id).await, Status::Active);
    // The last day belongs to it.
    hour(&shop).await;
    assert_eq!(status(&shop, id).await, Status::Active);
    shop.ctx.clock.advance(TimeDelta::days(1));
    hour(&shop).await;
    assert_eq!(status(&shop, id).await, Status::Ended);
    let again = act!(shop, id, step, Step::Activate);
    assert!(
        matches!(again, Err(MarketingError::Conflict(_))),
        "its last day is over"
    );
    assert_eq!(status(&shop, by_hand).await, Status::Draft);
    let late = campaign(
        &shop,
        json!({"name": "Late", "starts_on": first, "ends_on": first}),
    )
    .await;
    hour(&shop).await;
    assert_eq!(status(&shop, late).await, Status::Draft);
}

#[tokio::test]
async fn each_share_of_a_budget_is_told_once_although_four_spend_at_once() {
    let shop = shop().await;
    let (admin, owner) = (
        shop.member(Role::Admin).await,
        shop.member(Role::Agent).await,
    );
    let viewer = shop.member(Role::Viewer).await;
    let budget = json!({"amount_minor": 1_000, "currency": "USD"});
    let id = campaign(
        &shop,
        json!({"budget": budget, "owner_id": UserId::from(owner)}),
    )
    .await;
    let spend = async || {
        act!(shop, id, create_expense, &spends(300, "USD")).unwrap();
    };
    tokio::join!(spend(), spend(), spend(), spend());
    assert_eq!(told(&shop, admin).await, [80, 100]);
    assert_eq!(told(&shop, owner).await, [80, 100]);
    assert_eq!(told(&shop, viewer).await, Vec::<i64>::new());
    hour(&shop).await;
    assert_eq!(told(&shop, admin).await, [80, 100]);
    // Of a larger budget 80 percent are used, which is told already; later the whole of it once more.
    let more = |minor: i64| -> NewMarketingCampaign {
        let budget = json!({"amount_minor": minor, "currency": "USD"});
        serde_json::from_value(json!({"name": "Christmas", "objective": "sales", "budget": budget}))
            .unwrap()
    };
    act!(shop, id, update, &more(1_500)).unwrap();
    assert_eq!(told(&shop, admin).await, [80, 100]);
    spend().await;
    assert_eq!(told(&shop, admin).await, [80, 100, 100]);
}

#[tokio::test]
async fn messages_use_a_budget_up_and_the_clock_tells_it() {
    let shop = shop().await;
    let admin = shop.member(Role::Owner).await;
    let id = campaign(
        &shop,
        json!({"budget": {"amount_minor": 10, "currency": "USD"}}),
    )
    .await;
    let times = ("2026-03-29T10:00:00Z", "2026-03-29T11:00:00Z");
    let part = broadcast(&shop, times, Some((85_000, "USD"))).await;
    let PartId::Broadcast(sent) = part else {
        panic!("a broadcast")
    };
    // It is attached before anything arrives.
    let wait = "UPDATE messages SET status = 'queued', sent_at = NULL, delivered_at = NULL, read_at = NULL WHERE campaign_id = $1";
    let come = "UPDATE messages SET status = 'delivered', sent_at = now(), delivered_at = now() WHERE campaign_id = $1";
    let mut conn = shop.conn().await;
    sqlx::query(wait)
        .bind(sent.uuid())
        .execute(&mut *conn)
        .await
        .unwrap();
    join(&shop, id, part).await;
    hour(&shop).await;
    assert_eq!(told(&shop, admin).await, Vec::<i64>::new());
    sqlx::query(come)
        .bind(sent.uuid())
        .execute(&mut *conn)
        .await
        .unwrap();
    hour(&shop).await;
    hour(&shop).await;
    assert_eq!(told(&shop, admin).await, [80]);
}

#[tokio::test]
async fn a_member_who_leaves_owns_no_campaign_any_more() {
    let shop = shop().await;
    let owner = shop.member(Role::Agent).await;
    let id = campaign(&shop, json!({"owner_id": UserId::from(owner)})).await;
    let mut work = shop.work().await;
    workspaces::remove(&mut work, owner).await.unwrap();
    work.commit().await.unwrap();
    let found = get(&mut shop.work().await, id).await.unwrap().unwrap();
    assert_eq!(found.owner_id, None);
}
