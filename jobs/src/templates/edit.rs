//! Changes of templates that Meta has. A change waits in the draft, and what Meta has approved is sent meanwhile.
//!
//! Source: Meta, "Template management", 2026.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, WorkspaceId, actor::Actor};
use kazi_queue::Job;

use super::{
    NewDraft, SyncTemplates, TemplateError, TemplateId, TemplateStatus, TemplateView, get, manage,
    shape::variables,
};
use crate::{Context, Work, audit::Change, violations::Violations};

/// Meta takes one change of an approved template in this time, and so many in the longer one.
const ONE_IN_HOURS: i64 = 24;
const SOME_IN_DAYS: i64 = 30;
const SOME: usize = 10;

kazi_platform::texts! {
    /// How far a change of a template is that Meta has.
    pub enum EditState as "TemplateEdit" {
        /// Only the draft has it.
        Written = "written",
        /// It is on its way to Meta.
        Submitted = "submitted",
    }
}

/// Checks that Meta takes the change.
pub(super) fn check(before: &TemplateView, new: &NewDraft) -> Result<(), TemplateError> {
    let refused = match (before.status, before.edit) {
        (_, Some(EditState::Submitted)) => Some("a change of it is just being submitted"),
        (TemplateStatus::Draft, _) => return Ok(()),
        (TemplateStatus::Submitted, _) => Some("Meta reviews it: wait for the end of the review"),
        (TemplateStatus::Disabled, _) => {
            Some("Meta has disabled it for good: write one of another name")
        }
        (TemplateStatus::Approved | TemplateStatus::Rejected | TemplateStatus::Paused, _) => None,
    };
    if let Some(refused) = refused {
        return Err(TemplateError::Conflict(refused));
    }
    if before.external_id.is_none() {
        return match before.status {
            TemplateStatus::Rejected => Ok(()),
            _ => Err(TemplateError::Conflict(
                "Kazi does not know Meta's id of it: read Meta's templates first",
            )),
        };
    }
    let mut violations = Violations::default();
    let rule = "cannot be changed: Meta has the template by it";
    let same = before.name == new.name;
    violations.unless(same, "/name", "fixed", rule);
    let same = before.language == new.language;
    violations.unless(same, "/language", "fixed", rule);
    let same = before.category == new.category || before.status != TemplateStatus::Approved;
    let rule = "cannot be changed while the template is approved";
    violations.unless(same, "/category", "fixed", rule);
    let (names, _) = variables(&before.body);
    let same = names.is_empty() || before.parameter_format == new.parameter_format;
    let rule = "cannot be changed: write a template of another name";
    violations.unless(same, "/parameter_format", "fixed", rule);
    Ok(violations.end()?)
}

/// Checks that Meta takes one more change of an approved template now.
pub(super) fn check_often(edited_at: &[Timestamp], now: Timestamp) -> Result<(), TemplateError> {
    let day = now - TimeDelta::hours(ONE_IN_HOURS);
    if edited_at.iter().any(|at| *at > day) {
        return Err(TemplateError::Conflict(
            "Meta takes one change of an approved template in 24 hours: submit it tomorrow",
        ));
    }
    let days = now - TimeDelta::days(SOME_IN_DAYS);
    if edited_at.iter().filter(|at| **at > days).count() >= SOME {
        return Err(TemplateError::Conflict(
            "Meta takes 10 changes of an approved template in 30 days: submit it later",
        ));
    }
    Ok(())
}

/// Ends the pause of a template, at Meta. The caller holds no connection.
pub async fn unpause(
    ctx: &Context,
    workspace: WorkspaceId,
    actor: &Actor,
    id: TemplateId,
) -> Result<TemplateView, TemplateError> {
    let mut work = Work::by(ctx, workspace, actor.clone()).await?;
    let before = get(&mut work, id).await?;
    let channel = manage::channel_of(&mut work, &before.account_id).await?;
    drop(work);
    let (TemplateStatus::Paused, Some(external_id)) = (before.status, &before.external_id) else {
        return Err(TemplateError::Conflict("it is not paused"));
    };
    let gone = TemplateError::Conflict("no channel of its account is left");
    let (Some(channel), Some(number)) = (channel, manage::number(ctx, channel).await?) else {
        return Err(gone);
    };
    let unpaused = number.unpause_template(external_id).await?;
    if !unpaused.success {
        let reason = unpaused.reason;
        let reason = reason.unwrap_or_else(|| "a pause for its quality ends by itself".into());
        return Err(TemplateError::Refused(reason));
    }
    let mut work = Work::by(ctx, workspace, actor.clone()).await?;
    // The account knows how the template stands now. Its webhook may be lost.
    SyncTemplates { workspace, channel }
        .enqueue(work.conn())
        .await?;
    let (action, subject) = ("templates.unpause", ("template", id));
    work.audit(&Change::done(action, subject)).await?;
    let after = get(&mut work, id).await?;
    work.commit().await?;
    Ok(after)
}

/// What a member can do about a decision of Meta, as a sentence.
pub(super) fn advice(status: TemplateStatus, reason: Option<&str>) -> Option<String> {
    let word = reason.unwrap_or_default();
    let why = match word.split(':').next().unwrap_or_default() {
        "ABUSIVE_CONTENT" => "Meta finds the content abusive",
        "CATEGORY_NOT_AVAILABLE" => "the account may not use this category",
        "INCORRECT_CATEGORY" => "Meta finds that the text belongs to another category",
        "INVALID_FORMAT" => "Meta finds a mistake in the form, such as a variable in a wrong place",
        "PROMOTIONAL" => "Meta finds that the text advertises, which its category does not allow",
        "SCAM" => "Meta takes the text for a fraud",
        "TAG_CONTENT_MISMATCH" => "Meta finds that the text does not fit its language or category",
        _ => match status {
            TemplateStatus::Rejected => "Meta has refused it",
            TemplateStatus::Paused => "customers have blocked or reported its messages",
            TemplateStatus::Disabled => "Meta does not let it be sent any more",
            _ => return None,
        },
    };
    let what = match status {
        TemplateStatus::Rejected => {
            "Change it and submit it again. Whoever finds the decision wrong appeals in WhatsApp Manager: Meta takes \
             appeals only there."
        }
        TemplateStatus::Paused => {
            "A pause for the quality ends by itself. A pause by pacing can be ended here. A better text helps: change it \
             and submit it."
        }
        TemplateStatus::Disabled => {
            "Write a template of another name. Whoever finds the decision wrong appeals in WhatsApp Manager: Meta takes \
             appeals only there."
        }
        _ => return None,
    };
    let mut sentence = why.to_owned();
    sentence[..1].make_ascii_uppercase();
    Some(format!("{sentence}. {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_approved_template_changes_once_a_day_and_ten_times_a_month() {
        let now = Timestamp::UNIX_EPOCH + TimeDelta::days(400);
        let ago = |hours: i64| now - TimeDelta::hours(hours);
        for (edited, fits) in [
            (vec![], true),
            (vec![ago(25)], true),
            (vec![ago(23)], false),
            ((2..12).map(|day| ago(day * 48)).collect(), false),
            ((2..11).map(|day| ago(day * 48)).collect(), true),
            ((30..40).map(|day| ago(day * 25)).collect(), true),
        ] {
            assert_eq!(check_often(&edited, now).is_ok(), fits, "{edited:?}");
        }
    }

    #[test]
    fn a_refusal_says_where_an_appeal_goes() {
        let said = advice(TemplateStatus::Rejected, Some("SCAM")).unwrap();
        assert!(said.starts_with("Meta takes the text for a fraud."));
        assert!(said.contains("WhatsApp Manager"));
        let said = advice(TemplateStatus::Rejected, Some("words of Meta")).unwrap();
        assert!(said.starts_with("Meta has refused it."));
        assert_eq!(advice(TemplateStatus::Approved, None), None);
    }
}
