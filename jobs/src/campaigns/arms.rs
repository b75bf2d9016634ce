//! The course of a test: its messages leave, the arms are compared after the wait, and the others get the winner. The caller
//! holds the campaign's row.
//!
//! A winner is written once, by a statement that finds none. So a member and [`Decide`] at the same time, or a [`Decide`]
//! that runs again after a death, choose one winner.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kazi_platform::Timestamp;
use kazi_queue::Job;
use serde_json::json;

use super::{
    Campaign, CampaignError, CampaignStatus, Content, Decide,
    create::{found, subject},
    experiment::{Choice, DecidedBy, Part, Words},
    recipient::{Fit, Why},
    run, stop,
    store::{self, experiment as of_test},
};
use crate::{
    Role, Work,
    audit::Change,
    contacts::ContactId,
    notifications::{self, Kind, Notification, To},
    templates::TemplateStatus,
    violations::invalid,
};

/// Why a contact of the holdout is left out.
pub(super) const HOLDOUT: &str = "holdout";
/// The reasons of a campaign whose others wait for a member's choice.
const NO_WINNER: &str = "no_winner";
const CHOOSE_WINNER: &str = "choose_winner";

/// Puts a contact, with what they would get of each arm, into their part. Returns `None` for the holdout.
pub(super) fn place(campaign: &Campaign, contact: ContactId, fits: Vec<Fit>) -> Option<Fit> {
    let Some(experiment) = &campaign.experiment else {
        return fits.into_iter().next();
    };
    let words = fits.iter().map(|fit| Words {
        language: fit.language.clone(),
        parameters: fit.parameters.clone(),
    });
    let words: Vec<Words> = words.collect();
    let part = experiment.part(campaign.id, contact);
    let (arm, fit) = match part {
        Part::Holdout => return None,
        Part::Arm(arm) => {
            let index = usize::try_from(arm).ok()?;
            (Some(arm), fits.into_iter().nth(index)?)
        }
        Part::Rest => {
            let first = fits.into_iter().next()?;
            let unknown = Fit {
                language: None,
                parameters: Vec::new(),
                ..first
            };
            (None, unknown)
        }
    };
    Some(Fit {
        arm,
        alternatives: Some(words),
        ..fit
    })
}

/// Returns true for a reason that lies in an arm and not in the contact alone.
pub(super) const fn is_of_arm(why: Why) -> bool {
    matches!(why, Why::MissingParameter | Why::NoTemplate | Why::TooLong)
}

/// What follows when nobody of the test waits to be queued.
pub(super) enum Next {
    /// The campaign has no test, or its winner is chosen.
    GoOn,
    /// Some messages have not left.
    Wait,
    /// The others wait for the winner.
    Over,
}

/// Says what follows when nobody of the test waits to be queued. `waiting`: messages that have not left.
pub(super) async fn after_test(
    work: &mut Work,
    campaign: &Campaign,
    waiting: i64,
) -> Result<Next, CampaignError> {
    if !campaign.is_undecided() || !store::next::any(work, campaign.id).await? {
        return Ok(Next::GoOn);
    }
    if waiting > 0 {
        return Ok(Next::Wait);
    }
    set_sent(work, campaign).await?;
    if campaign.experiment_state.evaluated_at.is_some() {
        hold(work, campaign).await?;
    }
    Ok(Next::Over)
}

/// The last message of the test has left: the arms are compared after the wait.
pub(super) async fn set_sent(work: &mut Work, campaign: &Campaign) -> Result<(), sqlx::Error> {
    let Some(experiment) = &campaign.experiment else {
        return Ok(());
    };
    if of_test::set_test_sent(work, campaign.id).await? {
        let job = Decide {
            workspace: work.workspace(),
            campaign: campaign.id,
        };
        let due = work.now() + TimeDelta::hours(experiment.decide_after_hours);
        let options = job.options().due(due);
        job.enqueue_with(work.conn(), options).await?;
    }
    Ok(())
}

/// Pauses the campaign until a member chooses the winner.
pub(super) async fn hold(work: &mut Work, campaign: &Campaign) -> Result<(), sqlx::Error> {
    let choice = campaign.experiment.as_ref().map(|one| one.choice);
    let why = match choice {
        Some(Choice::Member) => (
            CHOOSE_WINNER,
            "its test is over: choose the arm that the others get",
        ),
        _ => (
            NO_WINNER,
            "no arm of its test is surely better than the others: choose the arm that the others get",
        ),
    };
    stop::stop(work, campaign, CampaignStatus::Paused, why).await
}

/// Returns true for a campaign that goes on only with a winner.
pub(super) fn is_held(campaign: &Campaign) -> bool {
    let reason = campaign.reason.as_deref();
    campaign.status == CampaignStatus::Paused && matches!(reason, Some(NO_WINNER | CHOOSE_WINNER))
}

/// Writes the winner, and lets the others have it. Returns `false` when there is a winner already.
pub(super) async fn settle(
    work: &mut Work,
    campaign: &Campaign,
    winner: i16,
    by: DecidedBy,
) -> Result<bool, sqlx::Error> {
    if !of_test::set_winner(work, campaign.id, winner, by).await? {
        return Ok(false);
    }
    metrics::counter!("kazi_campaigns_decided_total", "how" => by.name()).increment(1);
    tracing::info!(campaign.id = %campaign.id, how = by.name(), "a campaign's test has a winner");
    if campaign.status == CampaignStatus::Sending || is_held(campaign) {
        run::go(work, campaign.id).await?;
    }
    if by != DecidedBy::Member {
        let words = format!("the winner of its test is {}", campaign.arm_name(winner));
        tell(work, campaign, &words).await?;
    }
    if let Some(after) = store::get(work, campaign.id).await? {
        let (action, subject) = ("campaigns.decide", subject(campaign));
        work.audit(&Change::updated(action, subject, campaign, &after))
            .await?;
    }
    Ok(true)
}

pub(super) async fn tell(
    work: &mut Work,
    campaign: &Campaign,
    words: &str,
) -> Result<(), sqlx::Error> {
    let title = format!("{}: {words}", campaign.name);
    let title: String = title.chars().take(500).collect();
    let notification = Notification {
        kind: Kind::CAMPAIGN_TEST,
        title: &title,
        data: &json!({"campaign": campaign.id}),
    };
    notifications::notify(work, To::Role(Role::Admin), &notification).await
}

/// A member chooses the winner, before or after the wait. If the campaign waits for it, it goes on.
///
/// # Errors
/// [`CampaignError::Conflict`]: a winner is chosen, or the campaign has no test that runs.
pub async fn choose_winner(
    work: &mut Work,
    before: &Campaign,
    arm: &str,
) -> Result<Campaign, CampaignError> {
    let conflict = |words: String| Err(CampaignError::Conflict(words));
    let Some(experiment) = &before.experiment else {
        return conflict("this campaign has no test".into());
    };
    if let Some(winner) = &before.experiment_state.winner {
        return conflict(format!("the winner is {winner} already"));
    }
    let begun = before.started_at.is_some() && before.status != CampaignStatus::Cancelled;
    if !begun {
        return conflict(format!(
            "this campaign is {}: only a test that has begun has a winner",
            before.status
        ));
    }
    let rule = |code, words: &str| invalid("/arm", (code, words.to_owned()));
    let Some(index) = experiment.index_of(arm) else {
        return Err(rule("unknown_arm", "no arm has this name").into());
    };
    if before.experiment_state.stopped.contains_key(&index) {
        let words = "this arm was stopped because of its template";
        return Err(rule("stopped_arm", words).into());
    }
    if is_held(before) {
        stop::can_send(work, before).await?;
    }
    if !settle(work, before, index, DecidedBy::Member).await? {
        return conflict("a winner is chosen already".into());
    }
    found(work, before.id).await
}

/// A template, in one of its languages or in all.
pub(super) type Lost<'a> = (&'a str, Option<&'a str>);

/// Returns true when a campaign cannot go on without a template: it has no test, no other arm, or this one has won.
pub(super) fn needs(campaign: &Campaign, template: Lost<'_>) -> bool {
    let lost = with_template(campaign, template);
    let mut running = campaign.running_arms().into_iter();
    match campaign.experiment_state.won {
        _ if campaign.experiment.is_none() => true,
        Some(winner) => lost.contains(&winner),
        None => running.all(|arm| lost.contains(&arm)),
    }
}

/// A template cannot be sent any more: its arms stop, and those of them who wait get the winner. With one arm left that is
/// the winner at once. The campaign stops when it cannot go on without the template.
pub(super) async fn lose_template(
    work: &mut Work,
    campaign: &Campaign,
    template: Lost<'_>,
    status: Option<TemplateStatus>,
) -> Result<(), sqlx::Error> {
    if needs(campaign, template) {
        return match campaign.status {
            CampaignStatus::Sending => stop::by_template(work, campaign, status).await,
            _ => Ok(()),
        };
    }
    let running = campaign.running_arms().into_iter();
    let of_template = with_template(campaign, template);
    let (lost, left): (Vec<i16>, Vec<i16>) = running.partition(|arm| of_template.contains(arm));
    if lost.is_empty() {
        return Ok(());
    }
    // Their messages that have not left come back, and wait with the others.
    stop::take_back(work, campaign.id).await?;
    let reason = match status {
        Some(TemplateStatus::Paused) => "template_paused",
        _ => "template_disabled",
    };
    of_test::stop_arms(work, campaign.id, &lost, reason).await?;
    for arm in &lost {
        let name = campaign.arm_name(*arm);
        tracing::warn!(campaign.id = %campaign.id, reason, "an arm of a campaign's test is stopped");
        let words = format!("its arm {name} is stopped: Meta does not let its template be sent");
        tell(work, campaign, &words).await?;
    }
    let Some(after) = store::get(work, campaign.id).await? else {
        return Ok(());
    };
    let (action, subject) = ("campaigns.stop_arm", subject(campaign));
    work.audit(&Change::updated(action, subject, campaign, &after))
        .await?;
    match (campaign.experiment_state.won, left.as_slice()) {
        (None, [last]) => {
            settle(work, &after, *last, DecidedBy::LastArm).await?;
        }
        // What was taken back is queued again.
        _ if campaign.status == CampaignStatus::Sending => run::go(work, campaign.id).await?,
        _ => {}
    }
    Ok(())
}

/// The arms of a template. An arm may have a language of its own.
fn with_template(campaign: &Campaign, (template, language): Lost<'_>) -> Vec<i16> {
    let of_language = |set: Option<&str>| match (set, language) {
        (Some(set), Some(lost)) => lost == set || lost.split('_').next() == Some(set),
        _ => true,
    };
    let variants = campaign.variants().into_iter();
    let arms = variants.filter_map(|(arm, content, set)| match content {
        Content::Template { name, .. } if name == template && of_language(set) => arm,
        _ => None,
    });
    arms.collect()
}

/// The template of a contact's message.
pub(super) async fn template_of(
    work: &mut Work,
    campaign: &Campaign,
    contact: ContactId,
) -> Result<Option<String>, sqlx::Error> {
    let arm = match campaign.experiment {
        Some(_) => of_test::arm_of(work, campaign.id, contact).await?,
        None => None,
    };
    Ok(match campaign.content_of(arm) {
        Content::Template { name, .. } => Some(name.clone()),
        Content::Text { .. } => None,
    })
}

/// When the arms are compared.
pub(super) fn decides_at(sent_at: Option<Timestamp>, hours: i64) -> Option<Timestamp> {
    Some(sent_at? + TimeDelta::hours(hours))
}

/// The names of stopped arms, with the reasons.
pub(super) fn named(
    stopped: &BTreeMap<i16, String>,
    name: impl Fn(i16) -> Option<String>,
) -> BTreeMap<String, String> {
    let named = stopped.iter();
    named
        .filter_map(|(arm, reason)| Some((name(*arm)?, reason.clone())))
        .collect()
}
