//! Who reads what, and when: by people of the business, and by the reader in the chat.

use kazi_platform::{Timestamp, WorkspaceId, actor::Actor};
use sqlx::PgConnection;

use super::{
    NewsError,
    input::{self, NewNewsSubscription, NewsSubscriptionPatch},
    model::{DAILY_LIMIT, NewsSubscription, NewsSubscriptionId},
    store::subscriptions as store,
};
use crate::{
    audit::{self, Change},
    contacts::{self, ContactError},
    faults::{Faults, invalid},
    workspaces,
};

/// Subscribes a contact.
///
/// # Errors
/// See [`NewsError`]: rules are broken, there is no such contact, or they have a subscription.
pub async fn subscribe(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    now: Timestamp,
    new: NewNewsSubscription,
) -> Result<NewsSubscription, NewsError> {
    let mut faults = Faults::default();
    match contacts::view(&mut *conn, workspace, new.contact).await {
        Ok(_) => {}
        Err(ContactError::NotFound) => {
            faults.add("/contact", ("unknown", "there is no such contact".into()));
        }
        Err(ContactError::Database(error)) => return Err(error.into()),
        Err(error) => return Err(NewsError::Contact(error)),
    }
    let zone = match new.zone {
        Some(zone) => zone,
        None => zone_of(&mut *conn, workspace).await?,
    };
    let subscription = NewsSubscription {
        id: NewsSubscriptionId::new(),
        contact: new.contact,
        topics: new.topics,
        briefs: input::briefs(&mut faults, &new.briefs),
        zone,
        language: new.language,
        daily_limit: new.daily_limit.unwrap_or(DAILY_LIMIT),
        active: true,
        next_due_at: None,
        created_at: now,
        updated_at: now,
    };
    let zone = input::subscription(faults, &subscription)?;
    let next = subscription.briefs.next(zone, now);
    let made = store::insert(&mut *conn, workspace, &subscription, next).await?;
    record(conn, workspace, actor, "news.subscribe", None, Some(&made)).await?;
    Ok(made)
}

/// Changes a subscription that [`lock_subscription`](super::lock_subscription) has locked. From now on its times count
/// anew.
///
/// # Errors
/// See [`NewsError`].
pub async fn change_subscription(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    now: Timestamp,
    before: NewsSubscription,
    patch: NewsSubscriptionPatch,
) -> Result<NewsSubscription, NewsError> {
    let mut faults = Faults::default();
    let mut after = before.clone();
    after.topics = patch.topics.unwrap_or(after.topics);
    if let Some(times) = &patch.briefs {
        after.briefs = input::briefs(&mut faults, times);
    }
    after.zone = patch.zone.unwrap_or(after.zone);
    after.language = patch.language.unwrap_or(after.language);
    after.daily_limit = patch.daily_limit.unwrap_or(after.daily_limit);
    after.active = patch.active.unwrap_or(after.active);
    let zone = input::subscription(faults, &after)?;
    let next = after.active.then(|| after.briefs.next(zone, now)).flatten();
    let after = store::update(&mut *conn, workspace, &after, next).await?;
    let action = "news.change_subscription";
    record(conn, workspace, actor, action, Some(&before), Some(&after)).await?;
    Ok(after)
}

/// Deletes a locked subscription. What its reader was told stays known, for when they come back.
///
/// # Errors
/// The database failed.
pub async fn delete_subscription(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    before: &NewsSubscription,
) -> Result<(), sqlx::Error> {
    store::delete(&mut *conn, workspace, before.id).await?;
    record(
        conn,
        workspace,
        actor,
        "news.unsubscribe",
        Some(before),
        None,
    )
    .await
}

/// Where the clocks of the workspace are.
async fn zone_of(conn: &mut PgConnection, workspace: WorkspaceId) -> Result<String, NewsError> {
    match workspaces::view(conn, workspace).await {
        Ok(view) => Ok(view.time_zone),
        Err(workspaces::WorkspaceError::Database(error)) => Err(error.into()),
        Err(error) => Err(invalid("", ("workspace", error.to_string())).into()),
    }
}

async fn record(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    action: &'static str,
    before: Option<&NewsSubscription>,
    after: Option<&NewsSubscription>,
) -> Result<(), sqlx::Error> {
    let Some(subject) = after.or(before).map(|one| one.id.uuid()) else {
        return Ok(());
    };
    let fields = |one: &NewsSubscription| serde_json::to_value(one).unwrap_or_default();
    let (before, after) = (before.map(fields), after.map(fields));
    let change = Change {
        action,
        subject_kind: "news_subscription",
        subject,
        before: before.as_ref(),
        after: after.as_ref(),
    };
    audit::record(conn, Some(workspace), actor, &change).await
}
