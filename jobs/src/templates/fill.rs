//! Fills a template. It refuses what Meta would refuse, before that costs a request.

use kazi_clients::whatsapp::{
    Body, ButtonParameter, CardParameters, HeaderParameter, Location, TemplateText,
};

use super::{
    CardValues, HeaderValue, Template, Values, limits,
    shape::{Card, Header, Media, Own, Shape, Wanted, fill_in, tidy, word},
};

/// Why a template cannot be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// The number of parameters is wrong.
    #[error("the template wants {wanted} parameters and was given {given}")]
    Parameters {
        /// The number that the body has.
        wanted: usize,
        /// The number that the caller gave.
        given: usize,
    },
    /// A parameter is empty.
    #[error("parameter {0} is empty")]
    Empty(usize),
    /// The filled body is longer than Meta allows.
    #[error("filled in it has more than {0} characters")]
    TooLong(usize),
    /// The value for the header is missing or of another kind.
    #[error("the header wants {0}")]
    Header(&'static str),
    /// The value for a button is missing or of another kind.
    #[error("button {index} wants {wanted}")]
    Button {
        /// The index of the button, from 0.
        index: u8,
        wanted: &'static str,
    },
    /// The number of cards is wrong.
    #[error("the template has {wanted} cards and was given {given}")]
    Cards { wanted: usize, given: usize },
    /// A card cannot be filled.
    #[error("card {index}: {why}")]
    Card {
        /// The index of the card, from 0.
        index: usize,
        why: Box<Self>,
    },
    /// The end of the offer is missing, or the template shows none.
    #[error("the offer wants {0}")]
    Offer(&'static str),
    /// The template has a part that this program cannot fill.
    #[error("{0}")]
    Unfillable(String),
}

impl FillError {
    /// The field at fault, below the values of the template.
    pub fn pointer(&self) -> String {
        match self {
            Self::Parameters { .. } | Self::TooLong(_) => "/parameters".to_owned(),
            Self::Empty(number) => format!("/parameters/{}", number - 1),
            Self::Header(_) => "/header".to_owned(),
            Self::Button { .. } => "/buttons".to_owned(),
            Self::Cards { .. } => "/cards".to_owned(),
            Self::Card { index, why } => format!("/cards/{index}{}", why.pointer()),
            Self::Offer(_) => "/offer_ends_at".to_owned(),
            Self::Unfillable(_) => "/name".to_owned(),
        }
    }
}

impl Template {
    /// Returns the parts that a message must fill.
    pub fn shape(&self) -> Shape {
        Shape::of(&self.body, &self.components)
    }

    /// The address of a button of the template or of a card, with the mark of its variable.
    pub fn address_of_button(&self, card: Option<usize>, index: u8) -> Option<&str> {
        let mut parts = self.components.as_array()?;
        if let Some(card) = card {
            let cards = parts.iter().find_map(|part| part["cards"].as_array());
            parts = cards?.get(card)?["components"].as_array()?;
        }
        let mut buttons = parts.iter().filter_map(|part| part["buttons"].as_array());
        buttons.next()?.get(usize::from(index))?["url"].as_str()
    }

    /// Fills the template. Line breaks and runs of spaces become single spaces, because Meta refuses them in a
    /// parameter.
    pub fn fill(&self, values: Values<'_>) -> Result<Body, FillError> {
        let shape = self.shape();
        if let Some(why) = shape.unfillable {
            return Err(FillError::Unfillable(why));
        }
        let (parameters, body) = texts(&shape, &self.body, values.parameters, limits::BODY)?;
        let header = self.header(&shape, values.header)?;
        let buttons = buttons_of(&shape, values.buttons)?;
        let (wanted, given) = (shape.cards.len(), values.cards.len());
        if wanted != given {
            return Err(FillError::Cards { wanted, given });
        }
        let cards = shape.cards.iter().zip(values.cards).enumerate();
        let cards = cards.map(|(index, (card, values))| {
            let why = |why| FillError::Card {
                index,
                why: Box::new(why),
            };
            card.fill(values).map_err(why)
        });
        let cards = cards.collect::<Result<_, _>>()?;
        let offer_ends = match (shape.offer_ends, values.offer_ends_at) {
            (true, None) => return Err(FillError::Offer("the time when it ends")),
            (false, Some(_)) => return Err(FillError::Offer("no end")),
            (_, ends) => ends.map(|ends| ends.timestamp_millis()),
        };
        let shown = Some(self.shown(body, header.as_ref()));
        Ok(Body::Template {
            name: self.name.clone(),
            language: self.language.clone(),
            parameters,
            names: if shape.named { shape.body } else { Vec::new() },
            header,
            buttons,
            cards,
            offer_ends,
            shown,
        })
    }

    /// The parts as the phone shows them, around the filled body.
    fn shown(&self, body: String, header: Option<&HeaderParameter>) -> TemplateText {
        let parts = || self.components.as_array().into_iter().flatten();
        let part = |kind: &str| parts().find(|part| word(&part["type"]) == kind);
        let text = |kind: &str| {
            let text = part(kind)?["text"].as_str()?;
            (!text.is_empty()).then_some(text)
        };
        let title = match header {
            Some(HeaderParameter::Text { text, .. }) => Some(text.as_str()),
            _ => None,
        };
        let buttons = part("BUTTONS").and_then(|part| part["buttons"].as_array());
        let words = |button: &serde_json::Value| {
            let words = button["text"].as_str().unwrap_or_default();
            (!words.is_empty()).then(|| words.to_owned())
        };
        TemplateText {
            header: text("HEADER").map(|text| fill_in(text, |_| title)),
            body,
            footer: text("FOOTER").map(str::to_owned),
            buttons: buttons.into_iter().flatten().filter_map(words).collect(),
        }
    }

    fn header(
        &self,
        shape: &Shape,
        given: Option<&HeaderValue>,
    ) -> Result<Option<HeaderParameter>, FillError> {
        let parameter = match (&shape.header, given) {
            (Header::Nothing, None) => return Ok(None),
            (Header::Nothing, Some(_)) => return Err(FillError::Header("nothing")),
            (Header::Text(variable), Some(HeaderValue::Text(text))) => {
                let text = tidy(text);
                if text.is_empty() {
                    return Err(FillError::Header("a text"));
                }
                let top = self.components.as_array().into_iter().flatten();
                let mut top =
                    top.filter_map(|part| Some((part["format"].as_str()?, part["text"].as_str()?)));
                let whole = top.next().map_or(0, |(_, whole)| {
                    fill_in(whole, |_| Some(&text)).chars().count()
                });
                if whole > limits::HEADER_FOOTER {
                    return Err(FillError::Header("at most 60 characters, filled in"));
                }
                let name = variable.parse::<u32>().is_err().then(|| variable.clone());
                HeaderParameter::Text { text, name }
            }
            (Header::Text(_), _) => return Err(FillError::Header("a text")),
            (Header::Media(media), Some(HeaderValue::Link(link))) => media.parameter(link),
            (Header::Media(media), _) => return Err(FillError::Header(media.name())),
            (Header::Location, Some(HeaderValue::Location(place))) => {
                let place = place.clone();
                HeaderParameter::Location(Box::new(Location {
                    latitude: place.latitude,
                    longitude: place.longitude,
                    name: place.name,
                    address: place.address,
                }))
            }
            (Header::Location, _) => return Err(FillError::Header("a place")),
        };
        Ok(Some(parameter))
    }

    /// Returns the parameters that the template has a button for. Some templates have fewer buttons than a notice offers.
    pub fn taken(&self, buttons: &[ButtonParameter]) -> Vec<ButtonParameter> {
        let shape = self.shape();
        let taken = buttons.iter().filter(|button| takes(&shape, button));
        taken.cloned().collect()
    }
}

impl Media {
    fn parameter(self, link: &str) -> HeaderParameter {
        let link = link.to_owned();
        match self {
            Self::Image => HeaderParameter::Image { link },
            Self::Video => HeaderParameter::Video { link },
            Self::Document => HeaderParameter::Document { link },
        }
    }
}

impl Card {
    fn fill(&self, values: &CardValues) -> Result<CardParameters, FillError> {
        let shape = &self.shape;
        let (parameters, _) = texts(shape, &self.text, &values.parameters, limits::CARD_BODY)?;
        let Header::Media(media) = &shape.header else {
            return Err(FillError::Header("a file"));
        };
        Ok(CardParameters {
            header: media.parameter(&values.link),
            parameters,
            names: match shape.named {
                true => shape.body.clone(),
                false => Vec::new(),
            },
            buttons: buttons_of(shape, values.buttons.clone())?,
        })
    }
}

/// Returns the clean parameters of a body, and the filled body.
fn texts(
    shape: &Shape,
    body: &str,
    parameters: &[String],
    most: usize,
) -> Result<(Vec<String>, String), FillError> {
    let (wanted, given) = (shape.body.len(), parameters.len());
    if wanted != given {
        return Err(FillError::Parameters { wanted, given });
    }
    let mut filled = Vec::with_capacity(given);
    for (parameter, number) in parameters.iter().zip(1..) {
        let text = tidy(parameter);
        if text.is_empty() {
            return Err(FillError::Empty(number));
        }
        filled.push(text);
    }
    let value = |name: &str| {
        let at = shape.body.iter().position(|known| known == name)?;
        filled.get(at).map(String::as_str)
    };
    let text = fill_in(body, value);
    if text.chars().count() > most {
        return Err(FillError::TooLong(most));
    }
    Ok((filled, text))
}

/// Returns true when the template has such a button at this place.
fn takes(shape: &Shape, button: &ButtonParameter) -> bool {
    let wants = |wanted| {
        let mut all = shape.buttons.iter();
        all.any(|(index, kind, _)| *index == button.index() && *kind == wanted)
    };
    match button {
        ButtonParameter::Url { .. } => wants(Wanted::Url),
        ButtonParameter::Code { .. } => wants(Wanted::Code),
        ButtonParameter::Payload { index, .. } => shape.replies.contains(index),
        ButtonParameter::Flow { index } => shape.own.contains(&(*index, Own::Flow)),
        ButtonParameter::Catalog { index } => shape.own.contains(&(*index, Own::Catalog)),
    }
}

/// Checks and cleans the parameters of the buttons. Each button that needs one must have one, and no other may.
fn buttons_of(
    shape: &Shape,
    given: Vec<ButtonParameter>,
) -> Result<Vec<ButtonParameter>, FillError> {
    for (index, wanted, _) in &shape.buttons {
        let mut all = given.iter();
        if !all.any(|button| button.index() == *index && takes(shape, button)) {
            return Err(FillError::Button {
                index: *index,
                wanted: wanted.name(),
            });
        }
    }
    let given = given.into_iter().map(|button| {
        let fault = |wanted| FillError::Button {
            index: button.index(),
            wanted,
        };
        if !takes(shape, &button) {
            return Err(fault("nothing like that"));
        }
        let tidied = |text: &str, most: usize| match tidy(text) {
            text if text.is_empty() => Err(fault("a text")),
            text if text.chars().count() > most => Err(fault("a shorter text")),
            text => Ok(text),
        };
        Ok(match &button {
            ButtonParameter::Url { index, text } => ButtonParameter::Url {
                index: *index,
                text: tidied(text, limits::URL)?,
            },
            ButtonParameter::Code { index, text } => ButtonParameter::Code {
                index: *index,
                text: tidied(text, limits::COUPON)?,
            },
            ButtonParameter::Payload { index, payload } => ButtonParameter::Payload {
                index: *index,
                payload: tidied(payload, limits::PAYLOAD)?,
            },
            // Below, for every message.
            ButtonParameter::Flow { .. } | ButtonParameter::Catalog { .. } => {
                return Err(fault("nothing from the sender"));
            }
        })
    });
    let own = shape.own.iter().map(|&(index, kind)| match kind {
        Own::Flow => ButtonParameter::Flow { index },
        Own::Catalog => ButtonParameter::Catalog { index },
    });
    given.chain(own.map(Ok)).collect()
}

#[cfg(test)]
mod tests;
