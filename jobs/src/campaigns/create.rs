//! Creates and changes campaigns: the content and the audience.

use kazi_platform::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    ButtonSource, Campaign, CampaignError, CardSource, Content, Delivery, Experiment, HeaderSource,
    Parameter, SegmentId, SendIn, links::MOST_VARIABLES, model::CampaignStep, plan, segments,
    store,
};
use crate::{
    Work,
    audit::Change,
    channels::{self, ChannelId, ChannelKind},
    contacts::{self, Audience},
    messages::CampaignId,
    templates::{limits, tidy},
    violations::{Violations, named},
};

const NAME: usize = 200;
const TEXT: usize = 4_096;
const VALUE: usize = 500;
pub(super) const CONVERSION_DAYS: i32 = 7;
/// The most variables of a body or a card.
const MOST: usize = 30;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCampaign {
    /// The name that members see.
    #[schema(example = "Spring offer", min_length = 1, max_length = 200)]
    pub name: String,
    /// The channel that sends it.
    pub channel_id: ChannelId,
    pub content: Content,
    /// The audience: a segment …
    #[serde(default)]
    pub segment_id: Option<SegmentId>,
    /// … or a rule. Without both, all contacts.
    #[serde(default)]
    pub audience: Option<Audience>,
    /// So many days after it has reached somebody, an order or a booking of theirs counts for it: 1 to 90. Without it, 7.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 90, example = 7)]
    pub conversion_days: Option<i32>,
    /// How fast and how carefully it goes out. Without it: at the channel's rate, with the usual breaker.
    #[serde(default)]
    pub delivery: Delivery,
    /// By whose clock it goes out. Without it, by the workspace's. Otherwise it needs a start time.
    #[serde(default = "at_once")]
    pub send_in: SendIn,
    /// Several contents that are compared, and people who get nothing. Without it, all get the content.
    #[serde(default)]
    pub experiment: Option<Experiment>,
}

const fn at_once() -> SendIn {
    SendIn::Workspace
}

/// Fields that are left out stay.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignPatch {
    /// The name that members see.
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// The channel that sends it.
    pub channel_id: Option<ChannelId>,
    pub content: Option<Content>,
    /// `null` removes it.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<SegmentId>)]
    pub segment_id: Option<Option<SegmentId>>,
    /// A rule of its own. `null` removes it.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Audience>)]
    pub audience: Option<Option<Audience>>,
    /// The days in which orders and bookings count for it.
    #[schema(minimum = 1, maximum = 90)]
    pub conversion_days: Option<i32>,
    /// In place of the earlier one.
    pub delivery: Option<Delivery>,
    /// By whose clock it goes out.
    pub send_in: Option<SendIn>,
    /// In place of the earlier one. `null` removes it.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Experiment>)]
    pub experiment: Option<Option<Experiment>>,
}

/// Checks a variable where no tracked link can stand.
fn check_plain(violations: &mut Violations, pointer: &str, value: &Parameter) {
    check_value(violations, pointer, value);
    let rule = "a tracked link stands in the body, or at the end of a button's address";
    let fits = !matches!(value, Parameter::Link { .. });
    violations.unless(fits, format!("{pointer}/link"), "no_link_here", rule);
}

/// Checks the targets of the tracked links. The rules may have changed since the campaign was written.
pub(super) fn check_links(violations: &mut Violations, content: &Content) {
    for (pointer, source) in content.links() {
        check_value(violations, &pointer, source);
    }
}

fn check_value(violations: &mut Violations, pointer: &str, value: &Parameter) {
    match value {
        Parameter::Text(text) => {
            let pointer = format!("{pointer}/text");
            violations.text(&pointer, text, 1, VALUE);
            let rule = "must have a character that can be seen";
            violations.unless(!tidy(text).is_empty(), pointer, "empty", rule);
        }
        Parameter::Field { name, fallback } => {
            let known = [
                "name",
                "first_name",
                "phone",
                "email",
                "language",
                "country",
            ];
            let own = name.strip_prefix("attributes.");
            let fits = known.contains(&name.as_str())
                || own.is_some_and(|key| (1..=40).contains(&key.len()));
            let rule = "must be name, first_name, phone, email, language, country, or attributes. and a custom field";
            violations.unless(fits, format!("{pointer}/field/name"), "unknown_field", rule);
            if let Some(fallback) = fallback {
                violations.text(&format!("{pointer}/field/fallback"), fallback, 1, VALUE);
            }
        }
        Parameter::Link { url } => violations.url(&format!("{pointer}/link/url"), url),
    }
}

fn check_buttons(
    violations: &mut Violations,
    pointer: &str,
    buttons: &[ButtonSource],
    most: usize,
) {
    let (few, rule) = (buttons.len() <= most, format!("must be at most {most}"));
    violations.unless(few, format!("{pointer}/buttons"), "too_many", rule);
    for (n, button) in buttons.iter().enumerate() {
        let pointer = format!("{pointer}/buttons/{n}");
        match button {
            ButtonSource::Url { value, .. } => check_value(violations, &pointer, value),
            other => check_plain(violations, &pointer, other.value()),
        }
        if let Parameter::Text(text) = button.value() {
            let most = button.most();
            let rule = format!("must have at most {most} characters on this button");
            let fits = text.chars().count() <= most;
            violations.unless(fits, format!("{pointer}/text"), "length", rule);
        }
    }
}

fn check_cards(violations: &mut Violations, cards: &[CardSource]) {
    let few = cards.len() <= limits::CARDS;
    let rule = format!("must be at most {}", limits::CARDS);
    violations.unless(few, "/content/cards", "too_many", rule);
    for (n, card) in cards.iter().enumerate() {
        let pointer = format!("/content/cards/{n}");
        violations.file_url(&format!("{pointer}/link"), &card.link);
        for (n, value) in card.parameters.iter().enumerate() {
            check_plain(violations, &format!("{pointer}/parameters/{n}"), value);
        }
        check_buttons(violations, &pointer, &card.buttons, limits::CARD_BUTTONS);
    }
}

/// An offer that is over is sent to nobody.
pub(super) fn check_offer(now: Timestamp, violations: &mut Violations, content: &Content) {
    let pointer = "/content/offer_ends_at";
    let rule = "must be in the future";
    violations.unless(!content.is_over(now), pointer, "in_the_past", rule);
}

/// Checks a content and its channel, whose kind it returns. A text fits a WhatsApp number here: only within the 24 hours may
/// it be sent.
pub(crate) async fn check_content(
    work: &mut Work,
    violations: &mut Violations,
    channel: ChannelId,
    content: &Content,
) -> Result<Option<ChannelKind>, sqlx::Error> {
    let sender = channels::sender(work, channel).await?;
    let rule = "there is no such channel";
    violations.unless(sender.is_some(), "/channel_id", "unknown_channel", rule);
    let kind = sender.map(|sender| sender.kind);
    let few = content.body_parameters() <= MOST;
    let rule = format!("must be at most {MOST}");
    violations.unless(few, "/content/parameters", "too_many", rule);
    match content {
        Content::Template {
            name,
            parameters,
            header,
            buttons,
            cards,
            offer_ends_at: _,
        } => {
            check_offer(work.now(), violations, content);
            violations.text("/content/name", name, 1, 512);
            let rule = "Green API has no templates: send a text";
            let fits = kind != Some(ChannelKind::GreenApi);
            violations.unless(fits, "/content/kind", "no_templates", rule);
            for (n, value) in parameters.iter().enumerate() {
                check_value(violations, &format!("/content/parameters/{n}"), value);
            }
            match header {
                None => {}
                Some(HeaderSource::Text(value)) => {
                    check_plain(violations, "/content/header/text", value);
                }
                Some(HeaderSource::Location(place)) => {
                    place.check(violations, "/content/header/location");
                }
                Some(HeaderSource::Link(link)) => {
                    violations.file_url("/content/header/link", link);
                }
            }
            check_buttons(violations, "/content", buttons, limits::BUTTONS);
            check_cards(violations, cards);
            let all = content.sources().len();
            let rule = format!(
                "must leave at most {MOST_VARIABLES} variables in all: there are {all} with those of the body"
            );
            violations.unless(all <= MOST_VARIABLES, "/content/cards", "too_many", rule);
        }
        Content::Text { text, parameters } => {
            violations.text("/content/text", text, 1, TEXT);
            let marks = (1..)
                .take_while(|n| text.contains(&format!("{{{{{n}}}}}")))
                .count();
            let rule = format!("must be {marks}: one for each variable of the text");
            let fits = marks == parameters.len();
            violations.unless(fits, "/content/parameters", "count", rule);
            for (n, value) in parameters.iter().enumerate() {
                check_value(violations, &format!("/content/parameters/{n}"), value);
            }
        }
    }
    Ok(kind)
}

impl NewCampaign {
    pub(super) async fn check(&self, work: &mut Work) -> Result<(), CampaignError> {
        let mut violations = Violations::default();
        violations.text("/name", self.name.trim(), 1, NAME);
        let rule = "must be 1 to 90 days";
        let days = self.conversion_days.unwrap_or(CONVERSION_DAYS);
        let fits = (1..=90).contains(&days);
        violations.unless(fits, "/conversion_days", "out_of_range", rule);
        let kind = check_content(work, &mut violations, self.channel_id, &self.content).await?;
        let rate = plan::channel_rate(work, self.channel_id).await?;
        self.delivery.check(&mut violations, rate);
        check_kind(&mut violations, kind, &self.content);
        if let Some(experiment) = &self.experiment {
            self.check_experiment(work, experiment, &mut violations)
                .await?;
        }
        if let Some(segment) = self.segment_id {
            let rule = "give a segment or an audience, not both";
            violations.unless(self.audience.is_none(), "/audience", "both", rule);
            let there = segments::segment(work, segment).await;
            let rule = "there is no such segment";
            violations.unless(there.is_ok(), "/segment_id", "unknown_segment", rule);
        }
        violations.end()?;
        if let Some(audience) = &self.audience {
            contacts::check_audience(work, audience).await?;
        }
        Ok(())
    }
}

pub(super) fn check_kind(
    violations: &mut Violations,
    kind: Option<ChannelKind>,
    content: &Content,
) {
    if let Content::Text { .. } = content {
        let rule = "WhatsApp takes only templates from somebody who was not asked: name one";
        let fits = kind != Some(ChannelKind::WhatsApp);
        violations.unless(fits, "/content/kind", "template_wanted", rule);
    }
}

/// Creates a draft.
pub async fn create(work: &mut Work, new: &NewCampaign) -> Result<Campaign, CampaignError> {
    new.check(work).await?;
    let id = CampaignId::new();
    store::insert(work, id, new).await?;
    let made = found(work, id).await?;
    work.audit(&Change::created("campaigns.create", subject(&made), &made))
        .await?;
    Ok(made)
}

/// Changes a locked campaign that has not started. Its recipients are planned again.
pub async fn update(
    work: &mut Work,
    before: &Campaign,
    patch: CampaignPatch,
) -> Result<Campaign, CampaignError> {
    allowed(
        before,
        CampaignStep::Edit,
        "only a draft or a planned campaign can be changed",
    )?;
    let new = NewCampaign {
        name: patch.name.unwrap_or_else(|| before.name.clone()),
        channel_id: patch.channel_id.unwrap_or(before.channel_id),
        content: patch.content.unwrap_or_else(|| before.content.clone()),
        segment_id: patch.segment_id.unwrap_or(before.segment_id),
        audience: patch.audience.unwrap_or_else(|| before.audience.clone()),
        conversion_days: patch.conversion_days.or(Some(before.conversion_days)),
        delivery: patch.delivery.unwrap_or_else(|| before.delivery.clone()),
        send_in: patch.send_in.unwrap_or(before.send_in),
        experiment: patch
            .experiment
            .unwrap_or_else(|| before.experiment.clone()),
    };
    new.check(work).await?;
    store::recipients::clear(work, before.id).await?;
    store::rewrite(work, before.id, &new).await?;
    let after = found(work, before.id).await?;
    let action = "campaigns.update";
    work.audit(&Change::updated(action, subject(before), before, &after))
        .await?;
    Ok(after)
}

/// Deletes a locked campaign that never started.
pub async fn delete(work: &mut Work, before: &Campaign) -> Result<(), CampaignError> {
    allowed(
        before,
        CampaignStep::Edit,
        "only a draft or a planned campaign can be deleted",
    )?;
    store::recipients::clear(work, before.id).await?;
    store::delete(work, before.id).await?;
    work.audit(&Change::deleted(
        "campaigns.delete",
        subject(before),
        before,
    ))
    .await?;
    Ok(())
}

/// Refuses a step that the status does not allow.
pub(super) fn allowed(
    campaign: &Campaign,
    step: CampaignStep,
    rule: &str,
) -> Result<super::CampaignStatus, CampaignError> {
    campaign.status.after(step).ok_or_else(|| {
        CampaignError::Conflict(format!("this campaign is {}: {rule}", campaign.status))
    })
}

/// Reads a campaign that must exist.
pub(super) async fn found(work: &mut Work, id: CampaignId) -> Result<Campaign, CampaignError> {
    let found = store::get(work, id).await?;
    found.ok_or(CampaignError::NotFound("campaign"))
}

/// A campaign, as the audit log names it.
pub(super) fn subject(campaign: &Campaign) -> (&'static str, CampaignId) {
    ("campaign", campaign.id)
}
