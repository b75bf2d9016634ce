//! Schedules: when and where a content appears. Each time has a job, stored in the same transaction.

use kazi_platform::Timestamp;
use kazi_queue::Job;

use super::{
    Move, NewSchedule, Publish, ScheduleId, ScheduledPost, SocialError, model,
    store::{self, contents, schedules},
};
use crate::{Work, audit::Change, violations::invalid};

/// What the audit log calls a schedule.
pub(super) const KIND: &str = "social_schedule";

/// Schedules a content for an account at a time. A second call with the same values is refused, so two clicks make one
/// post.
pub async fn schedule(work: &mut Work, new: &NewSchedule) -> Result<ScheduledPost, SocialError> {
    let due_at = model::moment(&new.local_time, &new.zone, work.now())?;
    // Always locks the account first, in the same order as a disconnect.
    let unknown = |pointer, what: &str| {
        SocialError::Invalid(invalid(
            pointer,
            ("not_found", format!("there is no such {what}")),
        ))
    };
    if !store::lock(work, new.account_id).await? {
        return Err(unknown("/account_id", "account"));
    }
    let account = store::account(work, new.account_id).await?;
    let account = account.ok_or_else(|| unknown("/account_id", "account"))?;
    let content = contents::lock(work, new.content_id).await?;
    let content = content.ok_or_else(|| unknown("/content_id", "content"))?;
    content.check_for(account.network)?;
    let id = ScheduleId::at(work.now());
    let of = (content.id, account.id);
    if !schedules::insert(work, id, of, (due_at, &new.zone)).await? {
        return Err(SocialError::Scheduled);
    }
    publish_at(work, id, &account.id.to_string(), due_at).await?;
    let made = schedules::scheduled(work, id).await?;
    let made = made.ok_or(SocialError::NotFound("schedule"))?;
    let (action, subject) = ("social.schedule", (KIND, made.id));
    work.audit(&Change::created(action, subject, &made)).await?;
    Ok(made)
}

/// Enqueues the job for a time. After a change of the time, the old job finds another time and does nothing.
pub(super) async fn publish_at(
    work: &mut Work,
    schedule: ScheduleId,
    account: &str,
    due_at: Timestamp,
) -> Result<(), kazi_queue::EnqueueError> {
    let job = Publish {
        workspace: work.workspace(),
        schedule,
    };
    let options = job.options_at(account, due_at);
    job.enqueue_with(work.conn(), options).await?;
    Ok(())
}

/// Locks the schedule until the transaction ends.
pub async fn lock_schedule(work: &mut Work, id: ScheduleId) -> Result<ScheduledPost, SocialError> {
    let schedule = schedules::lock(work, id).await?;
    schedule.ok_or(SocialError::NotFound("schedule"))
}

/// Gives a locked schedule another time, or tries a failed one again from its progress.
pub async fn reschedule(
    work: &mut Work,
    before: &ScheduledPost,
    to: &Move,
) -> Result<ScheduledPost, SocialError> {
    if !matches!(before.status.as_str(), "scheduled" | "failed") {
        return Err(SocialError::Over(before.status.clone()));
    }
    let zone = to.zone.as_deref().unwrap_or(&before.zone);
    let due_at = model::moment(&to.local_time, zone, work.now())?;
    let (id, account) = (before.id, before.account_id);
    if store::account(work, account).await?.is_none() {
        return Err(SocialError::Over(
            "of an account that is no longer connected".into(),
        ));
    }
    let moved = schedules::reschedule(work, id, due_at, zone).await;
    moved.map_err(|error| match &error {
        sqlx::Error::Database(said) if said.is_unique_violation() => SocialError::Scheduled,
        _ => error.into(),
    })?;
    publish_at(work, id, &account.to_string(), due_at).await?;
    let after = schedules::scheduled(work, id).await?;
    let after = after.ok_or(SocialError::NotFound("schedule"))?;
    let (action, subject) = ("social.reschedule", (KIND, id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

/// Cancels a locked schedule that has not begun. Its job finds it cancelled.
pub async fn cancel(work: &mut Work, before: &ScheduledPost) -> Result<(), SocialError> {
    if before.status == "cancelled" {
        return Ok(());
    }
    if !schedules::turn(work, before.id, "scheduled", "cancelled").await? {
        return Err(SocialError::Over(before.status.clone()));
    }
    let after = schedules::scheduled(work, before.id).await?;
    let after = after.ok_or(SocialError::NotFound("schedule"))?;
    let (action, subject) = ("social.cancel", (KIND, after.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(())
}
