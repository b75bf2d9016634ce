//! The scene for plans: it lists them, subscribes, and shows the customer's subscriptions. Each answer is one tap away
//! from the next, so the scene remembers nothing.

pub(super) mod tools;

use kazi_clients::whatsapp::ListRow;
use kazi_queue::JobError;
use serde_json::Value;

use super::{
    NewSubscription, Plan, PlanId, Status, Subscription, SubscriptionError, SubscriptionFilter,
    people::Reader, store, subscribe,
};
use crate::{
    Work,
    conversations::{Heard, Say, Talk, TalkReply},
    locale,
    payments::SubscriptionId,
};

/// Plans in one list. One of its ten rows is for the customer's subscriptions.
const PLANS: i64 = 9;
/// Subscriptions in one list.
const OWN: i64 = 5;

/// Answers the customer. Returns `None` when the message is not for this scene.
pub async fn hear(
    work: &mut Work,
    talk: &Talk<'_>,
    _at: Option<&Value>,
    heard: Heard<'_>,
) -> Result<Option<TalkReply>, JobError> {
    let heard = match heard {
        Heard::Opened => ("all", ""),
        Heard::Tap(tap) => tap.split_once(':').unwrap_or((tap, "")),
        Heard::Text(_) | Heard::File { .. } => return Ok(None),
    };
    let say = match heard {
        ("all", _) => all(work, talk).await?,
        ("mine", _) => mine(work, talk).await?,
        ("take", id) => match id.parse() {
            Ok(plan) => take(work, talk, plan).await?,
            Err(_) => return Ok(None),
        },
        ("renew", id) => match id.parse() {
            Ok(id) => renew(work, talk, id).await?,
            Err(_) => return Ok(None),
        },
        _ => return Ok(None),
    };
    Ok(Some(TalkReply {
        says: vec![say],
        next: None,
    }))
}

/// Lists the plans.
async fn all(work: &mut Work, talk: &Talk<'_>) -> Result<Say, JobError> {
    let languages = [talk.language, talk.workspace.default_language.as_str()];
    let plans = store::plans::plans(work, Some(true), None, PLANS).await?;
    if plans.is_empty() {
        return Ok(Say::Text(text(talk, "plans-none", &[])));
    }
    let mut rows: Vec<ListRow> = plans.iter().map(|plan| row(plan, &languages)).collect();
    if !own(work, talk).await?.is_empty() {
        rows.push(ListRow {
            id: "plans:mine".to_owned(),
            title: text(talk, "plans-mine", &[]),
            description: None,
        });
    }
    let text = text(talk, "plans-choose", &[]);
    Ok(Say::Choice { text, rows })
}

fn row(plan: &Plan, languages: &[&str]) -> ListRow {
    let about = plan.description(languages).unwrap_or_default();
    ListRow {
        id: format!("plans:take:{}", plan.id),
        title: plan.name(languages).to_owned(),
        description: Some(format!("{} · {about}", plan.price)),
    }
}

/// Lists the customer's subscriptions, each with its end and a tap to renew it.
async fn mine(work: &mut Work, talk: &Talk<'_>) -> Result<Say, JobError> {
    let contact = talk.contact.id;
    let own = own(work, talk).await?;
    if own.is_empty() {
        return Ok(Say::Text(text(talk, "plans-none-own", &[])));
    }
    let reader = Reader::of(work, contact).await?;
    let mut lines = Vec::new();
    let mut rows = Vec::new();
    for subscription in own {
        let plan = subscribe::plan_of(work, &subscription).await?;
        let name = plan.name(&[talk.language, &talk.workspace.default_language]);
        let end = subscription.grace_until.or(subscription.ends_at);
        let end = end.map(|end| reader.date(end)).unwrap_or_default();
        let key = match subscription.status {
            Status::Pending => "subscription-pending",
            Status::Active if subscription.auto_cancel => "subscription-cancels",
            Status::Active => "subscription-active",
            Status::Grace => "subscription-grace",
            Status::Expired | Status::Cancelled => "subscription-ended",
        };
        lines.push(text(talk, key, &[("plan", name), ("date", &end)]));
        rows.push(ListRow {
            id: format!("plans:renew:{}", subscription.id),
            title: text(talk, "plans-renew", &[]),
            description: Some(name.to_owned()),
        });
    }
    let text = lines.join("\n");
    Ok(Say::Choice { text, rows })
}

/// The customer's subscriptions that run or can be renewed.
async fn own(work: &mut Work, talk: &Talk<'_>) -> Result<Vec<Subscription>, JobError> {
    let filter = SubscriptionFilter {
        contact: Some(talk.contact.id),
        ..SubscriptionFilter::default()
    };
    let all = store::subscriptions(work, &filter, None, OWN).await?;
    let kept = all
        .into_iter()
        .filter(|one| one.status != Status::Cancelled)
        .collect();
    Ok(kept)
}

/// Subscribes, or renews the existing subscription.
async fn take(work: &mut Work, talk: &Talk<'_>, plan: PlanId) -> Result<Say, JobError> {
    let contact = talk.contact.id;
    let new = NewSubscription {
        contact_id: contact,
        plan_id: plan,
        ends_at: None,
    };
    match subscribe(work, &new).await {
        Ok(made) => Ok(link(talk, &made)),
        Err(SubscriptionError::AlreadySubscribed(there)) => renew(work, talk, there).await,
        Err(error) => answer(talk, error),
    }
}

async fn renew(work: &mut Work, talk: &Talk<'_>, id: SubscriptionId) -> Result<Say, JobError> {
    let found = store::subscription(work, id).await?;
    // A customer does not find the subscriptions of others.
    if found.is_none_or(|found| found.contact_id != talk.contact.id) {
        return Ok(Say::Text(text(talk, "plans-gone", &[])));
    }
    match subscribe::renew(work, id).await {
        Ok(asked) => Ok(link(talk, &asked)),
        Err(error) => answer(talk, error),
    }
}

/// The link, if there is one. Otherwise it follows with `payment_opened`.
fn link(talk: &Talk<'_>, subscription: &Subscription) -> Say {
    let url = subscription
        .open_payment(talk.now)
        .and_then(|asked| asked.url.as_deref());
    Say::Text(match url {
        Some(url) => text(talk, "plans-link", &[("link", url)]),
        None => text(talk, "plans-link-follows", &[]),
    })
}

/// Tells the customer of a refusal. All other errors fail the job.
fn answer(talk: &Talk<'_>, error: SubscriptionError) -> Result<Say, JobError> {
    match error {
        SubscriptionError::Database(error) => Err(error.into()),
        SubscriptionError::Enqueue(error) => Err(error.into()),
        _ => Ok(Say::Text(text(talk, "plans-gone", &[]))),
    }
}

fn text(talk: &Talk<'_>, key: &str, fill: &[(&'static str, &str)]) -> String {
    locale::text(talk.language, key, fill)
}
