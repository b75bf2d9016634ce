//! Decides in the planning whether a contact is a recipient, and with which values. Pure.

use std::collections::BTreeMap;

use kazi_platform::{Phone, phone::is_country};
use serde_json::Value;

use super::{Content, Parameter, experiment::Words, links::Links};
use crate::{
    channels::ChannelKind,
    contacts::Addressee,
    templates::{Category, takes_no_marketing, tidy},
};

kazi_platform::texts! {
    /// Why a contact is left out. It is stored and shown.
    pub(super) enum Why {
        OptedOut = "opted_out",
        Blocked = "blocked",
        NoPhone = "no_phone",
        InvalidPhone = "invalid_phone",
        UsMarketing = "us_marketing",
        MissingParameter = "missing_parameter",
        NoTemplate = "no_template",
        TooLong = "too_long",
    }
}

/// What the decision depends on, besides the contact.
#[derive(Debug)]
pub(super) struct Rules<'a> {
    pub content: &'a Content,
    pub kind: ChannelKind,
    /// `None`: the content is not a template.
    pub category: Option<Category>,
    /// The template's language for each contact language that came up. Empty for a text.
    pub languages: &'a BTreeMap<String, Option<String>>,
}

/// A contact that is a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    /// `None`: the channel knows only a user id.
    pub phone: Option<Phone>,
    pub country: Option<String>,
    pub language: Option<String>,
    pub parameters: Vec<String>,
    /// The key of the tracked links, if there are any.
    pub link_key: Option<i64>,
    /// The time zone and the hour, when the campaign goes out by the recipients' clocks.
    pub zone: Option<String>,
    pub hour: Option<i16>,
    /// The arm and the words for each arm, when the campaign has a test. Those without an arm get the winner.
    pub arm: Option<i16>,
    pub alternatives: Option<Vec<Words>>,
}

/// The key for contacts without a language.
pub(super) const UNKNOWN: &str = "";

impl Rules<'_> {
    /// Says whether the contact gets the message. With several reasons against it, the first counts: the contact's own
    /// wishes come before our missing data.
    ///
    /// `hidden` is the user id by which the channel knows a contact without a phone. Meta takes it for all templates but
    /// those of one-time codes. `links` makes the contact's tracked links.
    pub fn judge(
        &self,
        contact: &Addressee,
        hidden: Option<&str>,
        links: Option<Links<'_>>,
    ) -> Result<Fit, Why> {
        let marketing = self.category.is_none_or(|c| c == Category::Marketing);
        if contact.blocked_at.is_some() {
            return Err(Why::Blocked);
        }
        if marketing && contact.marketing == Some(false) {
            return Err(Why::OptedOut);
        }
        let hidden = hidden.filter(|_| self.category != Some(Category::Authentication));
        let address = contact.phone.as_deref().or(hidden).ok_or(Why::NoPhone)?;
        // It was checked when it was noted, or WhatsApp has named it: then no plan of numbers need know it.
        let phone = contact.phone.as_deref().map(Phone::from_stored);
        let phone = phone.map(|phone| phone.ok_or(Why::InvalidPhone));
        let phone = phone.transpose()?;
        if marketing && takes_no_marketing(self.kind, address) {
            return Err(Why::UsMarketing);
        }
        let language = match self.content {
            Content::Text { .. } => None,
            Content::Template { .. } => {
                let theirs = contact.language.as_deref().unwrap_or(UNKNOWN);
                let found = self.languages.get(theirs).cloned().flatten();
                Some(found.ok_or(Why::NoTemplate)?)
            }
        };
        let parameters: Option<Vec<String>> = values(self.content, contact, links).collect();
        let parameters = parameters.ok_or(Why::MissingParameter)?;
        // A text may be longer than a template's body, but no variable needs a thousand characters.
        if self.content.overflows(&parameters) {
            return Err(Why::TooLong);
        }
        Ok(Fit {
            country: match &phone {
                Some(phone) => phone.country().or_else(|| contact.country.clone()),
                None => contact.country.clone().or_else(|| country_of(address)),
            },
            phone,
            language,
            parameters,
            link_key: links.map(|links| links.key),
            zone: None,
            hour: None,
            arm: None,
            alternatives: None,
        })
    }
}

/// The country that a user id like `KE.1349…` begins with.
fn country_of(user: &str) -> Option<String> {
    let (country, _) = user.split_once('.')?;
    is_country(country).then(|| country.to_owned())
}

/// The values of all variables for a contact. `None`: the contact has none.
pub(super) fn values(
    content: &Content,
    contact: &Addressee,
    links: Option<Links<'_>>,
) -> impl Iterator<Item = Option<String>> {
    let in_body = content.body_parameters();
    let sources = content.sources().into_iter().enumerate();
    sources.map(move |(nth, source)| match source {
        Parameter::Link { .. } => {
            let index = u8::try_from(nth).ok()?;
            Some(links?.value(index, nth >= in_body))
        }
        source => value(source, contact),
    })
}

/// The value for a contact, without line breaks and runs of spaces, which Meta refuses. A value without a visible
/// character is missing.
fn value(source: &Parameter, contact: &Addressee) -> Option<String> {
    let visible = |text: &str| Some(tidy(text)).filter(|text| !text.is_empty());
    let said =
        match source {
            Parameter::Text(text) => return visible(text),
            // The links of the recipient make it.
            Parameter::Link { .. } => return None,
            Parameter::Field { name, .. } => match name.as_str() {
                "name" => contact.name.clone(),
                "first_name" => contact
                    .name
                    .as_deref()
                    .map(tidy)
                    .and_then(|name| name.split_whitespace().next().map(str::to_owned)),
                "phone" => contact.phone.clone(),
                "email" => contact.email.clone(),
                "language" => contact.language.clone(),
                "country" => contact.country.clone(),
                other => other.strip_prefix("attributes.").and_then(|key| {
                    match &contact.attributes[key] {
                        Value::Null => None,
                        Value::String(text) => Some(text.clone()),
                        other => Some(other.to_string()),
                    }
                }),
            },
        };
    let said = said.and_then(|text| visible(&text));
    said.or_else(|| match source {
        Parameter::Field {
            fallback: Some(fallback),
            ..
        } => visible(fallback),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{campaigns::ButtonSource, contacts::ContactId};

    fn amina() -> Addressee {
        Addressee {
            id: ContactId::new(),
            name: Some("Amina  Otieno".into()),
            phone: Some("+254712345678".into()),
            email: None,
            language: Some("en".into()),
            country: None,
            attributes: serde_json::json!({"city": "Nairobi\nWest", "points": 7, "empty": "\u{3164}", "note": "Line 1\nLine\t2      {{2}}"}),
            marketing: None,
            blocked_at: None,
        }
    }

    fn field(name: &str, fallback: Option<&str>) -> Parameter {
        Parameter::Field {
            name: name.into(),
            fallback: fallback.map(str::to_owned),
        }
    }

    #[test]
    fn a_parameter_is_of_the_contact_or_its_fallback_or_missing() {
        let amina = amina();
        for (source, said) in [
            (Parameter::Text("20 %\n off".into()), Some("20 % off")),
            (field("name", None), Some("Amina Otieno")),
            (field("first_name", None), Some("Amina")),
            (field("attributes.city", None), Some("Nairobi West")),
            (field("attributes.points", None), Some("7")),
            (field("email", Some("you")), Some("you")),
            (field("email", None), None),
            (field("attributes.none", None), None),
            (field("shoe_size", None), None),
            (field("attributes.empty", Some("friend")), Some("friend")),
            (field("attributes.empty", None), None),
            (Parameter::Text("\u{200b}".into()), None),
            (field("attributes.note", None), Some("Line 1 Line 2 {{2}}")),
        ] {
            assert_eq!(value(&source, &amina).as_deref(), said, "{source:?}");
        }
    }

    #[test]
    fn who_is_left_out_is_told_why() {
        let content = Content::Template {
            name: "offer".into(),
            parameters: vec![field("first_name", None)],
            header: None,
            buttons: Vec::new(),
            cards: Vec::new(),
            offer_ends_at: None,
        };
        let languages = BTreeMap::from([
            ("en".to_owned(), Some("en_US".to_owned())),
            ("fr".to_owned(), None),
        ]);
        let rules = |category| Rules {
            content: &content,
            kind: ChannelKind::WhatsApp,
            category: Some(category),
            languages: &languages,
        };
        let marketing = rules(Category::Marketing);
        let fit = marketing.judge(&amina(), None, None).unwrap();
        assert_eq!(fit.country.as_deref(), Some("KE"));
        assert_eq!(fit.language.as_deref(), Some("en_US"));
        assert_eq!(fit.parameters, ["Amina"]);
        // WhatsApp has named it, and no plan of numbers knows it.
        let mut odd = amina();
        odd.phone = Some("+999123456".into());
        let phone = marketing.judge(&odd, None, None).unwrap().phone.unwrap();
        assert_eq!(phone.wa_id(), "999123456");
        type Change = fn(&mut Addressee);
        let cases: [(Change, Why); 7] = [
            (|c| c.marketing = Some(false), Why::OptedOut),
            (|c| c.blocked_at = Some(Default::default()), Why::Blocked),
            (|c| c.phone = None, Why::NoPhone),
            (|c| c.phone = Some("+254".into()), Why::InvalidPhone),
            (|c| c.phone = Some("+12125550123".into()), Why::UsMarketing),
            (|c| c.name = None, Why::MissingParameter),
            (|c| c.language = Some("fr".into()), Why::NoTemplate),
        ];
        for (change, why) in cases {
            let mut contact = amina();
            change(&mut contact);
            assert_eq!(marketing.judge(&contact, None, None), Err(why));
        }
        // What they have asked for goes to those who want no offers, and to the United States.
        let utility = rules(Category::Utility);
        let mut contact = amina();
        contact.marketing = Some(false);
        contact.phone = Some("+12125550123".into());
        assert!(utility.judge(&contact, None, None).is_ok());
    }

    #[test]
    fn a_user_id_will_do_where_meta_takes_it() {
        let content = Content::Template {
            name: "offer".into(),
            parameters: Vec::new(),
            header: None,
            buttons: Vec::new(),
            cards: Vec::new(),
            offer_ends_at: None,
        };
        let languages = BTreeMap::from([("en".to_owned(), Some("en_US".to_owned()))]);
        let mut hidden = amina();
        hidden.phone = None;
        for (category, user, said) in [
            (Category::Marketing, "KE.1", Ok(Some("KE"))),
            (Category::Marketing, "98765@lid", Ok(None)),
            (Category::Marketing, "US.1", Err(Why::UsMarketing)),
            (Category::Utility, "US.1", Ok(Some("US"))),
            (Category::Authentication, "KE.1", Err(Why::NoPhone)),
        ] {
            let rules = Rules {
                content: &content,
                kind: ChannelKind::WhatsApp,
                category: Some(category),
                languages: &languages,
            };
            let fit = rules.judge(&hidden, Some(user), None);
            let country = fit.map(|fit| {
                assert_eq!(fit.phone, None);
                fit.country
            });
            let said = said.map(|country| country.map(str::to_owned));
            assert_eq!(country, said, "{category:?} {user}");
        }
    }

    #[test]
    fn a_link_is_whole_in_the_body_and_a_code_at_the_end_of_a_button() {
        let link = || Parameter::Link {
            url: "https://zuri.example/tea".into(),
        };
        let content = Content::Template {
            name: "offer".into(),
            parameters: vec![field("first_name", None), link()],
            header: None,
            buttons: vec![ButtonSource::Url {
                index: 0,
                value: link(),
            }],
            cards: Vec::new(),
            offer_ends_at: None,
        };
        let links = Links {
            base: "https://kazi.test",
            key: 61,
        };
        let said: Vec<_> = values(&content, &amina(), Some(links)).flatten().collect();
        let wanted = ["Amina", "https://kazi.test/l/0000000000z1", "0000000000z2"];
        assert_eq!(said, wanted);
        // An automation makes none.
        assert_eq!(values(&content, &amina(), None).flatten().count(), 1);
    }
}
