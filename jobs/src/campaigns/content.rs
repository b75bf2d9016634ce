//! The content of a campaign: a template with the values for its parts, or a text.

use kazi_clients::whatsapp::ButtonParameter;
use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::templates::{CardValues, Place, Wanted, limits};

/// The reason of recipients whose message did not leave before the offer's end.
pub(super) const OFFER_ENDED: &str = "offer_ended";

/// The value of a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Parameter {
    /// The same for all recipients.
    Text(String),
    /// A field of the contact: `name`, `first_name`, `phone`, `email`, `language`, `country`, or `attributes.` and the
    /// key of a custom field. A contact without the field gets the fallback. Without a fallback, the contact is left
    /// out.
    Field {
        #[schema(example = "first_name")]
        name: String,
        /// The value for contacts without the field.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fallback: Option<String>,
    },
    /// A tracked link to an address of the business. Each recipient gets a link of their own on Kazi's address, so that
    /// clicks are counted. It stands in the body, or at the end of a button's address. The template's button then leads to
    /// Kazi's address and `/l/{{1}}`.
    Link {
        /// https, on a public host, at most 2,000 characters.
        #[schema(example = "https://shop.example/spring")]
        url: String,
    },
}

/// The value of a template's button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ButtonSource {
    /// The end of the button's address.
    Url {
        /// The index of the button, from 0.
        index: u8,
        value: Parameter,
    },
    /// The text that comes back with a tap.
    Payload {
        /// The index of the button, from 0.
        index: u8,
        value: Parameter,
    },
    /// The coupon that a tap copies: at most 15 characters.
    Code {
        /// The index of the button, from 0.
        index: u8,
        value: Parameter,
    },
}

impl ButtonSource {
    pub const fn value(&self) -> &Parameter {
        match self {
            Self::Url { value, .. } | Self::Payload { value, .. } | Self::Code { value, .. } => {
                value
            }
        }
    }

    /// The index of the button, from 0.
    pub(super) const fn index(&self) -> u8 {
        match self {
            Self::Url { index, .. } | Self::Payload { index, .. } | Self::Code { index, .. } => {
                *index
            }
        }
    }

    /// The kind of button that takes the value. `None`: a quick reply.
    pub(super) const fn wanted(&self) -> Option<Wanted> {
        match self {
            Self::Url { .. } => Some(Wanted::Url),
            Self::Code { .. } => Some(Wanted::Code),
            Self::Payload { .. } => None,
        }
    }

    /// The most characters of the value (Meta).
    pub(super) const fn most(&self) -> usize {
        match self {
            Self::Url { .. } => limits::URL,
            Self::Payload { .. } => limits::PAYLOAD,
            Self::Code { .. } => limits::COUPON,
        }
    }

    /// The filled parameter for the client.
    pub(super) fn given(&self, text: String) -> ButtonParameter {
        match *self {
            Self::Url { index, .. } => ButtonParameter::Url { index, text },
            Self::Code { index, .. } => ButtonParameter::Code { index, text },
            Self::Payload { index, .. } => ButtonParameter::Payload {
                index,
                payload: text,
            },
        }
    }
}

/// The value of a template's header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = CampaignHeader)]
pub enum HeaderSource {
    /// The value of its variable.
    Text(Parameter),
    /// The https address of its image, video or document. It is the same for all recipients.
    Link(String),
    /// The place on its map. It is the same for all recipients.
    Location(Place),
}

/// The values of a card of a carousel. A tracked link stands only at the end of a button's address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CampaignCard)]
pub struct CardSource {
    /// The https address of its image or video. It is the same for all recipients.
    #[schema(example = "https://cdn.example/tea.png")]
    pub link: String,
    /// The variables of its body, in order.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    #[serde(default)]
    pub buttons: Vec<ButtonSource>,
}

impl CardSource {
    /// Its variables: first those of the text, then those of the buttons.
    fn sources(&self) -> impl Iterator<Item = &Parameter> {
        let buttons = self.buttons.iter().map(ButtonSource::value);
        self.parameters.iter().chain(buttons)
    }

    /// Takes the card's values from the front of the frozen ones.
    pub(super) fn filled(&self, frozen: &mut &[String]) -> Option<CardValues> {
        let texts = take(frozen, self.parameters.len())?;
        let ends = take(frozen, self.buttons.len())?;
        let buttons = self.buttons.iter().zip(ends);
        let buttons = buttons.map(|(button, end)| button.given(end.clone()));
        Some(CardValues {
            link: self.link.clone(),
            parameters: texts.to_vec(),
            buttons: buttons.collect(),
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
#[schema(as = CampaignContent)]
pub enum Content {
    /// A template. A contact gets it in their own language if the template has it.
    Template {
        #[schema(example = "spring_offer")]
        name: String,
        /// The variables of the body, in order: `{{1}}`, `{{2}}` … or, for variables with names, as they stand in the
        /// body.
        #[serde(default)]
        parameters: Vec<Parameter>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        header: Option<HeaderSource>,
        #[serde(default)]
        buttons: Vec<ButtonSource>,
        /// The cards of a carousel, in their order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 10)]
        cards: Vec<CardSource>,
        /// When a limited-time offer ends, for a template that shows it. What has not left by then is not sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        offer_ends_at: Option<Timestamp>,
    },
    /// A text with the variables `{{1}}`, `{{2}}` …, for Green API, which has no templates.
    Text {
        /// At most 4,096 characters.
        #[schema(example = "Hello {{1}}, we are open on Sunday.")]
        text: String,
        /// The variables, in order.
        #[serde(default)]
        parameters: Vec<Parameter>,
    },
}

impl Content {
    /// The number of variables in the text itself.
    pub const fn body_parameters(&self) -> usize {
        match self {
            Self::Template { parameters, .. } | Self::Text { parameters, .. } => parameters.len(),
        }
    }

    /// Returns true when a variable is a tracked link.
    pub fn is_tracked(&self) -> bool {
        !self.links().is_empty()
    }

    /// The tracked links, with their pointers.
    pub(super) fn links<'a>(&'a self) -> Vec<(String, &'a Parameter)> {
        let mut all = Vec::new();
        let mut see = |pointer: String, value: &'a Parameter| {
            if matches!(value, Parameter::Link { .. }) {
                all.push((pointer, value));
            }
        };
        let (Self::Template { parameters, .. } | Self::Text { parameters, .. }) = self;
        for (n, value) in parameters.iter().enumerate() {
            see(format!("/content/parameters/{n}"), value);
        }
        if let Self::Template { buttons, cards, .. } = self {
            for (n, button) in buttons.iter().enumerate() {
                see(format!("/content/buttons/{n}"), button.value());
            }
            for (n, card) in cards.iter().enumerate() {
                for (m, button) in card.buttons.iter().enumerate() {
                    see(format!("/content/cards/{n}/buttons/{m}"), button.value());
                }
            }
        }
        all
    }

    /// When a limited-time offer ends.
    pub const fn offer_ends_at(&self) -> Option<Timestamp> {
        match self {
            Self::Template { offer_ends_at, .. } => *offer_ends_at,
            Self::Text { .. } => None,
        }
    }

    /// Returns true when the limited-time offer is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.offer_ends_at().is_some_and(|ends| ends <= now)
    }

    /// Returns true when a part of the frozen values is longer than Meta allows, whatever words the template has.
    pub(super) fn overflows(&self, frozen: &[String]) -> bool {
        let over = |texts: &[String], most| {
            let length: usize = texts.iter().map(|text| text.chars().count()).sum();
            length > most
        };
        let mut rest = frozen;
        if take(&mut rest, self.body_parameters()).is_none_or(|body| over(body, limits::BODY)) {
            return true;
        }
        let Self::Template {
            buttons,
            header,
            cards,
            ..
        } = self
        else {
            return false;
        };
        let ends = |all: &[ButtonSource], rest: &mut &[String]| {
            let mut all = all.iter();
            all.any(|button| take(rest, 1).is_none_or(|end| over(end, button.most())))
        };
        let title = usize::from(matches!(header, Some(HeaderSource::Text(_))));
        ends(buttons, &mut rest)
            || take(&mut rest, title).is_none_or(|title| over(title, limits::HEADER_FOOTER))
            || cards.iter().any(|card| {
                let texts = take(&mut rest, card.parameters.len());
                texts.is_none_or(|texts| over(texts, limits::CARD_BODY))
                    || ends(&card.buttons, &mut rest)
            })
    }

    /// All variables: first those of the text, then those of the buttons, then that of the header, then those of the cards.
    pub fn sources(&self) -> Vec<&Parameter> {
        match self {
            Self::Template {
                parameters,
                header,
                buttons,
                cards,
                ..
            } => {
                let top = match header {
                    Some(HeaderSource::Text(value)) => Some(value),
                    _ => None,
                };
                let all = parameters
                    .iter()
                    .chain(buttons.iter().map(ButtonSource::value));
                let cards = cards.iter().flat_map(CardSource::sources);
                all.chain(top).chain(cards).collect()
            }
            Self::Text { parameters, .. } => parameters.iter().collect(),
        }
    }
}

/// Takes so many values from the front.
pub(super) fn take<'a>(values: &mut &'a [String], count: usize) -> Option<&'a [String]> {
    let (taken, rest) = values.split_at_checked(count)?;
    *values = rest;
    Some(taken)
}
