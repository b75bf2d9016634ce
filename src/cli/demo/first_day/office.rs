//! What members do: they set the business up, plan its week, answer customers and send a campaign.

use std::ops::RangeInclusive;

use chrono::{Days, DurationRound, NaiveTime, TimeDelta, Timelike};
use kazi_platform::Timestamp;
use serde_json::json;

use super::{
    Customer, Place,
    member::{Member, text},
    until,
};
use crate::{CliError, cli::demo::business::templates::SEASON};

const IMPORTED: &str = "Name,Phone,Language,Tags\n\
    Zawadi Kimani,+254722000501,en,market\n\
    Pendo Barasa,+254722000502,en,market\n\
    Nobody,12,en,market\n";

/// Hours in UTC at which the salon is open on every day of the week.
const OPEN_ALL_WEEK: RangeInclusive<u32> = 7..=14;

/// The time of day on a later day, in UTC.
fn at(now: Timestamp, days: u64, hour: u32) -> Result<Timestamp, CliError> {
    let day = now.date_naive().checked_add_days(Days::new(days));
    let time = NaiveTime::from_hms_opt(hour, 0, 0);
    let at = day
        .zip(time)
        .map(|(day, time)| day.and_time(time).and_utc());
    at.ok_or_else(|| "there is no such time".into())
}

/// What a business sets up once.
pub async fn open(owner: &Member, place: &Place<'_>) -> Result<(), CliError> {
    // First, because `has_begun` looks for it.
    let endpoint = json!({"url": place.simulators.business_url(), "description": "Tells the till what happens"});
    owner.post("endpoints", endpoint).await?;
    for (code, en, fr) in [
        (
            "hours",
            "We open at eight and close at six.",
            "Nous ouvrons à huit heures et fermons à dix-huit heures.",
        ),
        (
            "sorry",
            "We are sorry, and see to it at once.",
            "Nous sommes désolés et nous nous en occupons tout de suite.",
        ),
    ] {
        let reply = json!({"code": code, "texts": {"en": en, "fr": fr}});
        owner.post("canned-replies", reply).await?;
    }
    let key = json!({"name": "Website", "scopes": ["contacts.read", "orders.read"]});
    owner.post("api-keys", key).await?;
    let invitation = json!({"email": "wanjiku@zuri.example", "role": "admin"});
    owner.post("invitations", invitation).await?;
    let category = json!({"slug": "groceries", "titles": {"en": "Groceries", "fr": "Épicerie"}});
    owner.post("categories", category).await?;
    let field = json!({"label": "Town", "kind": "text"});
    owner.put("contact-fields/town", field).await?;
    let segment = json!({"name": "Regular customers", "audience": {"tags_any": ["vip"]}});
    owner.post("messaging/segments", segment).await?;
    let path = "imports?file_name=fair.csv";
    owner.upload(path, "text/csv", IMPORTED.to_owned()).await?;
    Ok(())
}

/// The bookings, briefs and posts of this week.
pub async fn plan(
    owner: &Member,
    place: &Place<'_>,
    customers: &[Customer],
) -> Result<(), CliError> {
    let now = place.clock.now();
    let offerings = owner.list("offerings?active=true").await?;
    let staff = owner.list("providers").await?;
    let mut bookings = Vec::new();
    if let Some(offering) = offerings.first() {
        let soon = (now + TimeDelta::hours(2)).duration_trunc(TimeDelta::hours(1))?;
        // By night the salon is closed.
        let first = match OPEN_ALL_WEEK.contains(&soon.hour()) {
            true => soon,
            false => at(now, 1, 11)?,
        };
        let mut times = vec![first];
        for (days, hour) in [(1, 7), (1, 9), (2, 8), (3, 12), (4, 10), (5, 7)] {
            times.push(at(now, days, hour)?);
        }
        let who = customers.iter().zip(staff.iter().cycle());
        for (starts_at, (customer, staff)) in times.into_iter().zip(who) {
            let booking = json!({
                "offering_id": offering["id"], "provider_id": staff["id"],
                "contact_id": customer.contact, "starts_at": starts_at,
            });
            bookings.push(text(&owner.post("bookings", booking).await?, "id")?);
        }
    }
    if let [confirmed, cancelled, ..] = bookings.as_slice() {
        owner.act(&format!("bookings/{confirmed}/confirm")).await?;
        owner.act(&format!("bookings/{cancelled}/cancel")).await?;
    }

    for customer in customers.iter().take(3) {
        let reader = json!({
            "contact_id": customer.contact, "topics": ["local", "sports", "business"],
            "briefs": {"morning": "07:00", "evening": "18:30"}, "zone": "Africa/Nairobi",
        });
        owner.post("news/subscriptions", reader).await?;
    }
    if let Some(article) = owner.list("news/articles?limit=1").await?.first() {
        let path = format!("news/articles/{}/break", text(article, "id")?);
        owner.act(&path).await?;
    }

    let contents = owner.list("social/contents").await?;
    // The calls above took their time, and a post is never due in the past.
    let now = place.clock.now();
    let times = [
        now + TimeDelta::seconds(30),
        at(now, 1, 9)?,
        at(now, 3, 17)?,
    ];
    for account in owner.list("social/accounts").await? {
        for due in times {
            let post = json!({
                "content_id": contents.first().map(|content| &content["id"]), "account_id": account["id"],
                "local_time": due.format("%Y-%m-%dT%H:%M:%S").to_string(), "zone": "UTC",
            });
            owner.post("social/schedules", post).await?;
        }
    }
    Ok(())
}

/// An agent answers those who wait for a person.
pub async fn answer(
    agent: &Member,
    place: &Place<'_>,
    talkers: &[Customer],
) -> Result<(), CliError> {
    let me = text(&agent.get("me").await?, "id")?;
    let [_, thankful, broken, late, cash, later] = talkers else {
        return Err("there are too few who talk".into());
    };
    let ticket_of = async |customer: &Customer| {
        until("a ticket", async || {
            let tickets = agent.list("support/tickets").await?;
            let ticket = tickets
                .iter()
                .find(|one| one["contact_id"] == customer.contact);
            ticket.map(|one| text(one, "id")).transpose()
        })
        .await
    };
    let path = format!("support/tickets/{}", ticket_of(broken).await?);
    let assignee = json!({"assignee_id": me});
    agent
        .put(&format!("{path}/assignee"), assignee.clone())
        .await?;
    // A ticket is called by the customer's first words until somebody gives it a name.
    let sorted = json!({
        "subject": "A broken jar of honey", "priority": "high", "category": "delivery", "tags": ["honey"],
    });
    agent.patch(&path, sorted).await?;
    let note = json!({"message": "The second broken jar of this week.", "internal": true});
    agent.post(&format!("{path}/messages"), note).await?;
    let reply =
        json!({"message": "We are sorry! A new jar is on its way today.", "status": "resolved"});
    agent.post(&format!("{path}/messages"), reply).await?;
    let path = format!("support/tickets/{}", ticket_of(late).await?);
    let sorted = json!({"subject": "An order that has not come", "category": "delivery"});
    agent.patch(&path, sorted).await?;
    agent
        .put(&format!("{path}/assignee"), assignee.clone())
        .await?;

    let chat_of = async |customer: &Customer| {
        let chats = agent
            .list(&format!("conversations?contact_id={}", customer.contact))
            .await?;
        let chat = chats.first().map(|chat| text(chat, "id")).transpose()?;
        Ok::<_, CliError>(format!(
            "conversations/{}",
            chat.ok_or("somebody has not talked")?
        ))
    };
    let chat = chat_of(cash).await?;
    agent.post(&format!("{chat}/assign"), assignee).await?;
    let note = json!({"body": "Asks for a discount each month."});
    agent.post(&format!("{chat}/notes"), note).await?;
    let reply = json!({"text": "Yes, you can pay the driver in cash."});
    agent.post(&format!("{chat}/messages"), reply).await?;
    agent
        .act(&format!("{}/close", chat_of(thankful).await?))
        .await?;
    let tomorrow = json!({"until": place.clock.now() + TimeDelta::days(1)});
    agent
        .post(&format!("{}/snooze", chat_of(later).await?), tomorrow)
        .await?;
    Ok(())
}

/// A campaign to the regular customers. Some of them click its link, and some answer.
pub async fn broadcast(
    owner: &Member,
    place: &Place<'_>,
    customers: &[Customer],
) -> Result<(), CliError> {
    let channels = owner.list("channels").await?;
    let channel = channels
        .iter()
        .find(|channel| channel["kind"] == "whatsapp");
    let channel = channel.ok_or("there is no channel for WhatsApp")?;
    let name = json!({"field": {"name": "first_name", "fallback": "neighbour"}});
    let link = json!({"link": {"url": "https://zuri.example/coffee"}});
    let campaign = json!({
        "name": "Thank you, regulars", "channel_id": channel["id"],
        "content": {"kind": "template", "name": SEASON, "parameters": [name, link]}, "audience": {"tags_any": ["vip"]},
    });
    let campaign = text(&owner.post("messaging/campaigns", campaign).await?, "id")?;
    owner
        .act(&format!("messaging/campaigns/{campaign}/send"))
        .await?;
    until("the end of the campaign", async || {
        let campaign = owner
            .get(&format!("messaging/campaigns/{campaign}"))
            .await?;
        Ok((campaign["status"] == "completed").then_some(()))
    })
    .await?;
    for customer in customers.iter().take(5) {
        customer.follow_link(place).await?;
    }
    for (customer, answer) in
        customers
            .iter()
            .rev()
            .zip(["I will come", "I will come", "Not this time"])
    {
        // Another message with buttons may have come after the offer.
        if let Err(reason) = customer.phone.tap(answer).await {
            tracing::debug!(reason, "a customer does not answer the campaign");
        }
    }
    Ok(())
}

/// Lists as files.
pub async fn take_out(owner: &Member) -> Result<(), CliError> {
    for (rows, format) in [("contacts", "csv"), ("orders", "xlsx")] {
        let export = json!({"rows": {"kind": rows}, "format": format});
        owner.post("exports", export).await?;
    }
    Ok(())
}
