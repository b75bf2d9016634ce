//! Compares a content with its template before anybody gets it.

use kazi_platform::invalid::{FieldError, Invalid};

use super::{
    ButtonSource, Campaign, CampaignError, Content, HeaderSource, Parameter,
    create::{check_links, check_offer},
    links::links_of,
};
use crate::{
    Work,
    channels::{self, ChannelId},
    templates::{self, Category, Header, Shape, Template},
    violations::Violations,
    workspaces,
};

/// Like [`check`], for the content of a campaign, or for those of all arms of its test.
pub(super) async fn check_all(
    work: &mut Work,
    campaign: &Campaign,
    base: &str,
) -> Result<(), CampaignError> {
    let mut faults = Vec::new();
    for (arm, content, _) in campaign.variants() {
        match check(work, campaign.channel_id, content, base).await {
            Err(CampaignError::Invalid(invalid)) => faults.extend(of_arm(invalid, arm).0),
            other => other?,
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Invalid(faults).into()),
    }
}

/// The faults of an arm's content, at the arm. The first arm has the campaign's content.
pub(super) fn of_arm(Invalid(faults): Invalid, arm: Option<i16>) -> Invalid {
    let moved = faults.into_iter().map(|fault| match arm {
        Some(arm) if arm > 0 && fault.pointer.starts_with("/content") => FieldError {
            pointer: format!("/experiment/arms/{arm}{}", fault.pointer),
            ..fault
        },
        _ => fault,
    });
    Invalid(moved.collect())
}

/// Refuses a content that does not fit its template in any language of the workspace. A template that does not exist is
/// no error here, because the planning reports it. `base` is Kazi's address on the internet, where tracked links lead.
pub(super) async fn check(
    work: &mut Work,
    channel: ChannelId,
    content: &Content,
    base: &str,
) -> Result<(), CampaignError> {
    let mut violations = Violations::default();
    check_links(&mut violations, content);
    check_offer(work.now(), &mut violations, content);
    violations.end()?;
    let Content::Template { name, .. } = content else {
        return Ok(());
    };
    let sender = channels::sender(work, channel).await?;
    let account = sender.and_then(|sender| sender.account).unwrap_or_default();
    let business = workspaces::get(work).await?;
    let mut first = None;
    let spoken = business.languages.iter();
    for language in std::iter::once(&business.default_language).chain(spoken) {
        let found = templates::usable(work, &account, name, &[language.as_str()]).await?;
        let Some(template) = found else {
            continue;
        };
        match misfits(&template, content, base).end() {
            Ok(()) => return Ok(()),
            Err(invalid) => first = first.or(Some(invalid)),
        }
    }
    match first {
        Some(invalid) => Err(invalid.into()),
        None => Ok(()),
    }
}

/// Returns true when the campaign has all that the template needs, and nothing else.
pub(super) fn fits(template: &Template, content: &Content, base: &str) -> bool {
    misfits(template, content, base).end().is_ok()
}

fn misfits(template: &Template, content: &Content, base: &str) -> Violations {
    let mut violations = Violations::default();
    let Content::Template {
        parameters,
        header,
        buttons,
        cards,
        offer_ends_at,
        ..
    } = content
    else {
        return violations;
    };
    if template.category == Category::Authentication {
        let rule = "a template of one-time codes is no campaign: name one of marketing or utility";
        violations.add("/content/name", ("authentication", rule.to_owned()));
        return violations;
    }
    let shape = template.shape();
    if let Some(why) = shape.unfillable {
        let rule = format!("this template cannot be sent by a campaign: {why}");
        violations.add("/content/name", ("unfillable", rule));
        return violations;
    }
    let wanted = shape.body.len();
    let which = match (wanted, shape.named) {
        (0, _) => "the body has no variables".to_owned(),
        (_, true) => shape.body.join(", "),
        (_, false) => "one for each variable of the body".to_owned(),
    };
    let rule = format!("must be {wanted}: {which}");
    let pointer = "/content/parameters";
    violations.unless(wanted == parameters.len(), pointer, "count", rule);
    let rule = match &shape.header {
        Header::Nothing => "must be left out: the header has no variable and no file".to_owned(),
        Header::Text(variable) => {
            format!("must be a text: the header has the variable {variable}")
        }
        Header::Media(media) => {
            let media = media.name();
            format!("must be a link: the template has {media} on top, and wants its https address")
        }
        Header::Location => "must be a location: the template has a map on top".to_owned(),
    };
    let given = matches!(
        (&shape.header, header),
        (Header::Nothing, None)
            | (Header::Text(_), Some(HeaderSource::Text(_)))
            | (Header::Media(_), Some(HeaderSource::Link(_)))
            | (Header::Location, Some(HeaderSource::Location(_)))
    );
    violations.unless(given, "/content/header", "header", rule);
    let rule = match shape.offer_ends {
        true => "must be the time when the offer ends: the template shows it",
        false => "must be left out: the template shows no end of an offer",
    };
    let given = shape.offer_ends == offer_ends_at.is_some();
    violations.unless(given, "/content/offer_ends_at", "offer", rule);
    let link = format!("{}{{{{1}}}}", links_of(base));
    let mut at = Buttons {
        template,
        link: &link,
        violations: &mut violations,
    };
    at.check("/content", None, &shape, buttons);
    for (n, (card, own)) in cards.iter().zip(&shape.cards).enumerate() {
        let pointer = format!("/content/cards/{n}");
        let wanted = own.shape.body.len();
        let rule = format!("must be {wanted}: one for each variable of the card's body");
        let fits = card.parameters.len() == wanted;
        let parameters = format!("{pointer}/parameters");
        at.violations.unless(fits, parameters, "count", rule);
        at.check(&pointer, Some(n), &own.shape, &card.buttons);
    }
    let wanted = shape.cards.len();
    let rule = match wanted {
        0 => "must be left out: the template has no cards".to_owned(),
        _ => format!("must be {wanted}: the template has so many cards"),
    };
    violations.unless(wanted == cards.len(), "/content/cards", "count", rule);
    violations
}

/// Compares the buttons with those of the template or of a card.
struct Buttons<'a> {
    template: &'a Template,
    /// The address to which a button of a tracked link must lead: Meta puts the value behind it.
    link: &'a str,
    violations: &'a mut Violations,
}

impl Buttons<'_> {
    /// Each button that wants a value has one, and no other has.
    fn check(
        &mut self,
        pointer: &str,
        card: Option<usize>,
        shape: &Shape,
        buttons: &[ButtonSource],
    ) {
        for (index, wanted, title) in &shape.buttons {
            let given = buttons
                .iter()
                .any(|button| button.index() == *index && button.wanted() == Some(*wanted));
            let rule = format!(
                "must have one of index {index}: {title} wants {}",
                wanted.name()
            );
            let pointer = format!("{pointer}/buttons");
            self.violations.unless(given, pointer, "button", rule);
        }
        for (n, button) in buttons.iter().enumerate() {
            let (pointer, index) = (format!("{pointer}/buttons/{n}"), button.index());
            let taken = match button.wanted() {
                Some(wanted) => {
                    let mut all = shape.buttons.iter();
                    all.any(|(at, kind, _)| *at == index && *kind == wanted)
                }
                None => shape.replies.contains(&index),
            };
            let rule = format!("the template takes nothing like that for its button {index}");
            self.violations.unless(taken, &pointer, "button", rule);
            let twice = buttons[..n].iter().any(|other| other.index() == index);
            let rule = format!("there is a value for button {index} already");
            self.violations.unless(!twice, &pointer, "button", rule);
            if matches!(button.value(), Parameter::Link { .. }) {
                let (wanted, found) = (self.link, self.template.address_of_button(card, index));
                let rule = format!(
                    "the template's button {index} must lead to {wanted}: a tracked link stands on Kazi's own address"
                );
                let (leads, pointer) = (found == Some(wanted), format!("{pointer}/link"));
                self.violations.unless(leads, pointer, "link_base", rule);
            }
        }
    }
}
