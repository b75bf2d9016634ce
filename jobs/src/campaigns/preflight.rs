//! Compares a content with its template before anybody gets it.

use super::{
    ButtonSource, CampaignError, Content, HeaderSource, create::check_links, links::links_of,
    model::Parameter,
};
use crate::{
    Work,
    channels::{self, ChannelId},
    templates::{self, Category, Header, Template},
    violations::Violations,
    workspaces,
};

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
    if !shape.cards.is_empty() || shape.offer_ends {
        let rule = "a campaign cannot give the cards of a carousel, or the end of an offer";
        violations.add("/content/name", ("unfillable", rule.into()));
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
    for (index, wanted, title) in &shape.buttons {
        let given = buttons
            .iter()
            .any(|button| button.index() == *index && button.wanted() == Some(*wanted));
        let rule = format!(
            "must have one of index {index}: {title} wants {}",
            wanted.name()
        );
        violations.unless(given, "/content/buttons", "button", rule);
    }
    for (n, button) in buttons.iter().enumerate() {
        let index = button.index();
        let taken = match button.wanted() {
            Some(wanted) => {
                let mut all = shape.buttons.iter();
                all.any(|(at, kind, _)| *at == index && *kind == wanted)
            }
            None => shape.replies.contains(&index),
        };
        let rule = format!("the template takes nothing like that for its button {index}");
        violations.unless(taken, format!("/content/buttons/{n}"), "button", rule);
        if let ButtonSource::Url { value, .. } = button
            && matches!(value, Parameter::Link { .. })
        {
            // Meta puts the value behind the address that it has approved.
            let wanted = format!("{}{{{{1}}}}", links_of(base));
            let leads = template.address_of_button(index) == Some(wanted.as_str());
            let rule = format!(
                "the template's button {index} must lead to {wanted}: a tracked link stands on Kazi's own address"
            );
            let pointer = format!("/content/buttons/{n}/link");
            violations.unless(leads, pointer, "link_base", rule);
        }
    }
    violations
}
