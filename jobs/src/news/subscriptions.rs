//! Subscriptions: who reads what, and when. Members and the readers themselves change them.

use super::{
    NewsError,
    input::{self, NewNewsSubscription, NewsSubscriptionPatch},
    model::{DAILY_LIMIT, NewsSubscription, NewsSubscriptionId},
    store::subscriptions as store,
};
use crate::{
    Work,
    audit::Change,
    contacts::{self, ContactError},
    violations::{Violations, invalid},
    workspaces,
};

/// # Errors
/// The contact does not exist, or has a subscription.
pub async fn subscribe(
    work: &mut Work,
    new: NewNewsSubscription,
) -> Result<NewsSubscription, NewsError> {
    let mut violations = Violations::default();
    match contacts::view(work, new.contact).await {
        Ok(_) => {}
        Err(ContactError::NotFound) => {
            violations.add("/contact", ("unknown", "there is no such contact".into()));
        }
        Err(ContactError::Database(error)) => return Err(error.into()),
        Err(error) => return Err(NewsError::Contact(error)),
    }
    let zone = match new.zone {
        Some(zone) => zone,
        None => zone_of(work).await?,
    };
    let subscription = NewsSubscription {
        id: NewsSubscriptionId::new(),
        contact: new.contact,
        topics: new.topics,
        briefs: input::briefs(&mut violations, &new.briefs),
        zone,
        language: new.language,
        daily_limit: new.daily_limit.unwrap_or(DAILY_LIMIT),
        active: true,
        next_due_at: None,
        created_at: work.now(),
        updated_at: work.now(),
    };
    let zone = input::subscription(violations, &subscription)?;
    let next = subscription.briefs.next(zone, work.now());
    let made = store::insert(work, &subscription, next).await?;
    work.audit(&Change::created("news.subscribe", subject(&made), &made))
        .await?;
    Ok(made)
}

/// Changes a subscription that [`lock_subscription`](super::lock_subscription) has locked. The next brief is computed
/// again.
pub async fn change_subscription(
    work: &mut Work,
    before: NewsSubscription,
    patch: NewsSubscriptionPatch,
) -> Result<NewsSubscription, NewsError> {
    let mut violations = Violations::default();
    let mut after = before.clone();
    after.topics = patch.topics.unwrap_or(after.topics);
    if let Some(times) = &patch.briefs {
        after.briefs = input::briefs(&mut violations, times);
    }
    after.zone = patch.zone.unwrap_or(after.zone);
    after.language = patch.language.unwrap_or(after.language);
    after.daily_limit = patch.daily_limit.unwrap_or(after.daily_limit);
    after.active = patch.active.unwrap_or(after.active);
    let zone = input::subscription(violations, &after)?;
    let next = after
        .active
        .then(|| after.briefs.next(zone, work.now()))
        .flatten();
    let after = store::update(work, &after, next).await?;
    let action = "news.change_subscription";
    work.audit(&Change::updated(action, subject(&after), &before, &after))
        .await?;
    Ok(after)
}

/// Deletes a locked subscription. The record of delivered articles stays, for a later subscription.
pub async fn delete_subscription(
    work: &mut Work,
    before: &NewsSubscription,
) -> Result<(), sqlx::Error> {
    store::delete(work, before.id).await?;
    let action = "news.unsubscribe";
    work.audit(&Change::deleted(action, subject(before), before))
        .await
}

/// The workspace's time zone.
async fn zone_of(work: &mut Work) -> Result<String, NewsError> {
    match workspaces::view(work).await {
        Ok(view) => Ok(view.time_zone),
        Err(workspaces::WorkspaceError::Database(error)) => Err(error.into()),
        Err(error) => Err(invalid("", ("workspace", error.to_string())).into()),
    }
}

fn subject(subscription: &NewsSubscription) -> (&'static str, NewsSubscriptionId) {
    ("news_subscription", subscription.id)
}
