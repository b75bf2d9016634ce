//! The values of a template's message, in Meta's form.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The parameter of a template's button. The index counts all buttons of the template, or of the card, from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ButtonParameter {
    /// The end of a button's URL. For an authentication template it is the code again.
    Url {
        index: u8,
        /// Replaces `{{1}}` in the URL.
        text: String,
    },
    /// The text that a tap on a quick reply returns.
    Payload {
        index: u8,
        /// At most 256 characters.
        payload: String,
    },
    /// The coupon that a tap copies.
    Code {
        index: u8,
        /// At most 15 characters.
        text: String,
    },
    /// A button that opens a form. The form's answers come back with a token: the callback of the message.
    Flow { index: u8 },
    /// A button that opens the catalogue. Meta chooses the picture.
    Catalog { index: u8 },
}

impl ButtonParameter {
    pub const fn index(&self) -> u8 {
        match self {
            Self::Url { index, .. }
            | Self::Payload { index, .. }
            | Self::Code { index, .. }
            | Self::Flow { index }
            | Self::Catalog { index } => *index,
        }
    }

    /// `token` comes back with the answers of a form.
    pub(super) fn part(&self, token: &str) -> Value {
        let (kind, parameter) = match self {
            Self::Url { text, .. } => ("url", Some(text_parameter(text, None))),
            Self::Code { text, .. } => (
                "copy_code",
                Some(json!({"type": "coupon_code", "coupon_code": text})),
            ),
            Self::Payload { payload, .. } => (
                "quick_reply",
                Some(json!({"type": "payload", "payload": payload})),
            ),
            Self::Flow { .. } => (
                "flow",
                Some(json!({"type": "action", "action": {"flow_token": token}})),
            ),
            Self::Catalog { .. } => ("catalog", None),
        };
        let index = self.index().to_string();
        let mut part = json!({"type": "button", "sub_type": kind, "index": index});
        if let Some(parameter) = parameter {
            part["parameters"] = json!([parameter]);
        }
        part
    }
}

/// The parameter of a template's header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HeaderParameter {
    Text {
        text: String,
        /// The variable, where the template names its variables.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    Image {
        /// An https URL.
        link: String,
    },
    Video {
        /// An https URL.
        link: String,
    },
    Document {
        /// An https URL.
        link: String,
    },
    Location(Box<Location>),
}

/// A place on a map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// A decimal number.
    pub latitude: String,
    /// A decimal number.
    pub longitude: String,
    pub name: String,
    pub address: String,
}

impl HeaderParameter {
    pub(super) fn part(&self) -> Value {
        json!({"type": "header", "parameters": [self.to_json()]})
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Text { text, name } => text_parameter(text, name.as_deref()),
            Self::Image { link } => json!({"type": "image", "image": {"link": link}}),
            Self::Video { link } => json!({"type": "video", "video": {"link": link}}),
            Self::Document { link } => json!({"type": "document", "document": {"link": link}}),
            Self::Location(place) => json!({"type": "location", "location": place}),
        }
    }
}

/// The values of one card of a carousel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardParameters {
    pub header: HeaderParameter,
    /// The text parameters of the card's body, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<String>,
    /// The names of these parameters, where the template names its variables; else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<ButtonParameter>,
}

impl CardParameters {
    pub(super) fn part(&self, index: usize, token: &str) -> Value {
        let mut parts = vec![self.header.part()];
        parts.extend(body_part(&self.parameters, &self.names));
        parts.extend(self.buttons.iter().map(|button| button.part(token)));
        json!({"card_index": index, "components": parts})
    }
}

/// The texts of a body. A body without variables has no part.
pub(super) fn body_part(parameters: &[String], names: &[String]) -> Option<Value> {
    if parameters.is_empty() {
        return None;
    }
    let names = names.iter().map(|name| Some(name.as_str()));
    let named = parameters.iter().zip(names.chain(std::iter::repeat(None)));
    let parameters: Vec<Value> = named
        .map(|(text, name)| text_parameter(text, name))
        .collect();
    Some(json!({"type": "body", "parameters": parameters}))
}

/// The end of a limited-time offer, in Unix milliseconds.
pub(super) fn offer_part(ends: i64) -> Value {
    let offer = json!({"expiration_time_ms": ends});
    json!({"type": "limited_time_offer",
           "parameters": [{"type": "limited_time_offer", "limited_time_offer": offer}]})
}

fn text_parameter(text: &str, name: Option<&str>) -> Value {
    match name {
        Some(name) => json!({"type": "text", "parameter_name": name, "text": text}),
        None => json!({"type": "text", "text": text}),
    }
}

/// A template with its values, as the phone shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateText {
    /// The text above the body. A file is in the header's parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    /// The words on the buttons, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Body, Outbound},
        *,
    };

    fn template(change: impl FnOnce(&mut Body)) -> Value {
        let mut body = Body::Template {
            name: "survey".into(),
            language: "en".into(),
            parameters: Vec::new(),
            names: Vec::new(),
            header: None,
            buttons: Vec::new(),
            cards: Vec::new(),
            offer_ends: None,
            shown: None,
        };
        change(&mut body);
        let (to, body, callback) = ("254711000001", &body, "msg_7");
        Outbound { to, body, callback }.to_json()["template"]["components"].clone()
    }

    #[test]
    fn a_form_and_a_catalogue_have_their_components() {
        let flow = ButtonParameter::Flow { index: 0 };
        let catalogue = ButtonParameter::Catalog { index: 2 };
        let json = template(|body| {
            if let Body::Template { buttons, .. } = body {
                *buttons = vec![flow, catalogue];
            }
        });
        assert_eq!(
            json,
            json!([
                {"type": "button", "sub_type": "flow", "index": "0",
                 "parameters": [{"type": "action", "action": {"flow_token": "msg_7"}}]},
                {"type": "button", "sub_type": "catalog", "index": "2"},
            ])
        );
    }

    #[test]
    fn a_place_an_offer_and_cards_have_their_components() {
        let place = HeaderParameter::Location(Box::new(Location {
            latitude: "-1.28".into(),
            longitude: "36.82".into(),
            name: "Zuri".into(),
            address: "Kimathi Street".into(),
        }));
        let card = CardParameters {
            header: HeaderParameter::Image {
                link: "https://x.test/a.png".into(),
            },
            parameters: vec!["Tea".into()],
            names: Vec::new(),
            buttons: vec![ButtonParameter::Url {
                index: 0,
                text: "tea".into(),
            }],
        };
        let json = template(|body| {
            if let Body::Template {
                header,
                cards,
                offer_ends,
                ..
            } = body
            {
                *header = Some(place);
                *cards = vec![card];
                *offer_ends = Some(1_700_000_000_000);
            }
        });
        assert_eq!(
            json,
            json!([
                {"type": "header", "parameters": [{"type": "location", "location": {
                    "latitude": "-1.28", "longitude": "36.82", "name": "Zuri", "address": "Kimathi Street"}}]},
                {"type": "limited_time_offer", "parameters": [{"type": "limited_time_offer",
                 "limited_time_offer": {"expiration_time_ms": 1_700_000_000_000_i64}}]},
                {"type": "carousel", "cards": [{"card_index": 0, "components": [
                    {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://x.test/a.png"}}]},
                    {"type": "body", "parameters": [{"type": "text", "text": "Tea"}]},
                    {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "tea"}]},
                ]}]},
            ])
        );
    }
}
