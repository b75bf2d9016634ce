//! Writing campaigns: what they say, and to whom.

use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::{
    Campaign, CampaignError, Content, HeaderSource, Parameter, SegmentId, model::Step, segments,
    store,
};
use crate::{
    Work,
    audit::Change,
    channels::{self, ChannelId, ChannelKind},
    contacts::{self, Audience},
    messages::CampaignId,
    templates::tidy,
    violations::Violations,
};

const NAME: usize = 200;
const TEXT: usize = 4_096;
const VALUE: usize = 500;
const LINK: usize = 2_000;
/// Variables of a body, and buttons of a template (Meta).
const MOST: usize = 30;

/// A campaign to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCampaign {
    /// What colleagues call it.
    #[schema(example = "Spring offer", min_length = 1, max_length = 200)]
    pub name: String,
    /// What sends it.
    #[schema(value_type = String, example = "chn_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub channel: ChannelId,
    /// What it says.
    pub content: Content,
    /// To whom: a segment …
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "seg_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub segment: Option<SegmentId>,
    /// … or a rule of its own; without both, everybody.
    #[serde(default)]
    pub audience: Option<Audience>,
}

/// What of a campaign is to be changed; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignPatch {
    /// What colleagues call it.
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// What sends it.
    #[schema(value_type = Option<String>)]
    pub channel: Option<ChannelId>,
    /// What it says.
    pub content: Option<Content>,
    /// To whom; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub segment: Option<Option<SegmentId>>,
    /// A rule of its own; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Audience>)]
    pub audience: Option<Option<Audience>>,
}

/// Tells null from nothing.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
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
    }
}

impl NewCampaign {
    async fn check(&self, work: &mut Work) -> Result<(), CampaignError> {
        let mut violations = Violations::default();
        violations.text("/name", self.name.trim(), 1, NAME);
        let sender = channels::sender(work, self.channel).await?;
        let rule = "there is no such channel";
        violations.unless(sender.is_some(), "/channel", "unknown_channel", rule);
        let kind = sender.map(|sender| sender.kind);
        let sources = self.content.sources();
        violations.unless(
            sources.len() <= MOST,
            "/content/parameters",
            "too_many",
            "must be at most 30",
        );
        match &self.content {
            Content::Template {
                name,
                parameters,
                header,
                buttons,
            } => {
                violations.text("/content/name", name, 1, 512);
                let rule = "Green API has no templates: send a text";
                let fits = kind != Some(ChannelKind::GreenApi);
                violations.unless(fits, "/content/kind", "no_templates", rule);
                for (n, value) in parameters.iter().enumerate() {
                    check_value(&mut violations, &format!("/content/parameters/{n}"), value);
                }
                match header {
                    None => {}
                    Some(HeaderSource::Text(value)) => {
                        check_value(&mut violations, "/content/header/text", value);
                    }
                    Some(HeaderSource::Link(link)) => {
                        let rule = "must be an https address of at most 2000 characters";
                        let fits = link.starts_with("https://")
                            && link.chars().count() <= LINK
                            && !link.contains(char::is_whitespace);
                        violations.unless(fits, "/content/header/link", "link", rule);
                    }
                }
                for (n, button) in buttons.iter().enumerate() {
                    check_value(
                        &mut violations,
                        &format!("/content/buttons/{n}"),
                        button.value(),
                    );
                }
            }
            Content::Text { text, parameters } => {
                violations.text("/content/text", text, 1, TEXT);
                let rule =
                    "WhatsApp takes only templates from somebody who was not asked: name one";
                let fits = kind != Some(ChannelKind::WhatsApp);
                violations.unless(fits, "/content/kind", "template_wanted", rule);
                let marks = (1..)
                    .take_while(|n| text.contains(&format!("{{{{{n}}}}}")))
                    .count();
                let rule = format!("must be {marks}: one for each variable of the text");
                let fits = marks == parameters.len();
                violations.unless(fits, "/content/parameters", "count", rule);
                for (n, value) in parameters.iter().enumerate() {
                    check_value(&mut violations, &format!("/content/parameters/{n}"), value);
                }
            }
        }
        if let Some(segment) = self.segment {
            let rule = "give a segment or an audience, not both";
            violations.unless(self.audience.is_none(), "/audience", "both", rule);
            let there = segments::segment(work, segment).await;
            let rule = "there is no such segment";
            violations.unless(there.is_ok(), "/segment", "unknown_segment", rule);
        }
        violations.end()?;
        if let Some(audience) = &self.audience {
            contacts::check_audience(work, audience).await?;
        }
        Ok(())
    }
}

/// Makes a draft.
///
/// # Errors
/// See [`CampaignError`].
pub async fn create(work: &mut Work, new: &NewCampaign) -> Result<Campaign, CampaignError> {
    new.check(work).await?;
    let id = CampaignId::new();
    store::insert(work, id, new).await?;
    let made = found(work, id).await?;
    record(work, "campaigns.create", None, &made).await?;
    Ok(made)
}

/// Changes a campaign that is locked and not yet on its way. Its recipients are looked up anew.
///
/// # Errors
/// See [`CampaignError`].
pub async fn update(
    work: &mut Work,
    before: &Campaign,
    patch: CampaignPatch,
) -> Result<Campaign, CampaignError> {
    allowed(
        before,
        Step::Edit,
        "only a draft or a planned campaign can be changed",
    )?;
    let new = NewCampaign {
        name: patch.name.unwrap_or_else(|| before.name.clone()),
        channel: patch.channel.unwrap_or(before.channel),
        content: patch.content.unwrap_or_else(|| before.content.clone()),
        segment: patch.segment.unwrap_or(before.segment),
        audience: patch.audience.unwrap_or_else(|| before.audience.clone()),
    };
    new.check(work).await?;
    store::recipients::clear(work, before.id).await?;
    store::rewrite(work, before.id, &new).await?;
    let after = found(work, before.id).await?;
    let before = Some(before);
    record(work, "campaigns.update", before, &after).await?;
    Ok(after)
}

/// Deletes a campaign that is locked and was never on its way.
///
/// # Errors
/// See [`CampaignError`].
pub async fn delete(work: &mut Work, before: &Campaign) -> Result<(), CampaignError> {
    allowed(
        before,
        Step::Edit,
        "only a draft or a planned campaign can be deleted",
    )?;
    store::recipients::clear(work, before.id).await?;
    store::delete(work, before.id).await?;
    record(work, "campaigns.delete", None, before).await?;
    Ok(())
}

/// Refuses a step that cannot be taken.
pub(super) fn allowed(
    campaign: &Campaign,
    step: Step,
    rule: &str,
) -> Result<super::CampaignStatus, CampaignError> {
    campaign.status.after(step).ok_or_else(|| {
        CampaignError::Conflict(format!("this campaign is {}: {rule}", campaign.status))
    })
}

/// A campaign that must be there.
pub(super) async fn found(work: &mut Work, id: CampaignId) -> Result<Campaign, CampaignError> {
    let found = store::get(work, id).await?;
    found.ok_or(CampaignError::NotFound("campaign"))
}

pub(super) async fn record(
    work: &mut Work,
    action: &'static str,
    before: Option<&Campaign>,
    after: &Campaign,
) -> Result<(), sqlx::Error> {
    let fields = |campaign: &Campaign| serde_json::to_value(campaign).unwrap_or_default();
    let (before, subject, after) = (before.map(fields), after.id.uuid(), fields(after));
    let change = Change {
        action,
        subject_kind: "campaign",
        subject,
        before: before.as_ref(),
        after: Some(&after),
    };
    work.audit(&change).await
}
