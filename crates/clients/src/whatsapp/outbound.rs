//! Messages in Meta's form. All limits are in characters, except where they count buttons or rows.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::filling::{
    ButtonParameter, CardParameters, HeaderParameter, TemplateText, body_part, offer_part,
};

/// The longest text message, in characters.
pub const BODY_LIMIT: usize = 4_096;
/// The longest body of an interactive message, in characters.
pub const INTERACTIVE_BODY_LIMIT: usize = 1_024;
/// The longest text below a file, in characters.
pub const CAPTION_LIMIT: usize = 1_024;
/// The most buttons of one message.
pub const BUTTONS_LIMIT: usize = 3;
/// The longest title of a button, in characters.
pub const BUTTON_TITLE_LIMIT: usize = 20;
/// The most rows of one list, in all its sections together.
pub const ROWS_LIMIT: usize = 10;
/// The longest title of a row, in characters.
pub const ROW_TITLE_LIMIT: usize = 24;
/// The longest description of a row, in characters.
pub const ROW_DESCRIPTION_LIMIT: usize = 72;
/// The longest text on the button that opens a list, in characters.
pub const LIST_BUTTON_LIMIT: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// A tap returns this id. At most 256 characters.
    pub id: String,
    /// At most [`BUTTON_TITLE_LIMIT`] characters.
    pub title: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRow {
    /// A tap returns this id. At most 200 characters.
    pub id: String,
    /// At most [`ROW_TITLE_LIMIT`] characters.
    pub title: String,
    /// At most [`ROW_DESCRIPTION_LIMIT`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// The kind of a file in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    Image,
    Video,
    Audio,
    Document,
    Sticker,
}

impl FileKind {
    /// The name in Meta's messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Sticker => "sticker",
        }
    }

    /// Returns true when a text may stand below the file.
    pub const fn has_caption(self) -> bool {
        matches!(self, Self::Image | Self::Video | Self::Document)
    }
}

/// The content of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Body {
    Text {
        /// At most [`BODY_LIMIT`] characters.
        text: String,
    },
    /// An image with a public URL.
    Image {
        /// An https URL.
        link: String,
        /// At most 1,024 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caption: Option<String>,
    },
    /// A file, by its public URL or out of this program's files.
    File {
        file: FileKind,
        /// An https URL. Without one the file is one of this program's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<String>,
        /// This program's id of the file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media: Option<String>,
        /// Meta's id of the file. It is found just before sending, because it lives for 30 days only.
        #[serde(skip)]
        uploaded: Option<String>,
        /// At most [`CAPTION_LIMIT`] characters. See [`FileKind::has_caption`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caption: Option<String>,
        /// The name of a document, as the customer sees it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// A text with up to three buttons.
    Buttons {
        /// At most [`INTERACTIVE_BODY_LIMIT`] characters.
        text: String,
        /// From one to [`BUTTONS_LIMIT`] buttons.
        buttons: Vec<Button>,
    },
    /// A text with a list of choices.
    List {
        /// At most [`INTERACTIVE_BODY_LIMIT`] characters.
        text: String,
        /// The text on the button that opens the list. At most [`LIST_BUTTON_LIMIT`] characters.
        button: String,
        /// From one to [`ROWS_LIMIT`] rows.
        rows: Vec<ListRow>,
    },
    Template {
        name: String,
        /// A code like `en_US`.
        language: String,
        /// The text parameters of the body, in order.
        parameters: Vec<String>,
        /// The names of these parameters, where the template names its variables; else empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        names: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        header: Option<HeaderParameter>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        buttons: Vec<ButtonParameter>,
        /// The cards of a carousel, in their order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        cards: Vec<CardParameters>,
        /// The end of a limited-time offer, in Unix milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offer_ends: Option<i64>,
        /// What the customer reads. Meta does not get it: it fills its own copy of the template. Messages of older
        /// programs lack it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown: Option<TemplateText>,
    },
}

impl Body {
    /// This program's id of the file that the message brings, if it is one of this program's.
    pub fn media(&self) -> Option<&str> {
        match self {
            Self::File { media, .. } => media.as_deref(),
            _ => None,
        }
    }

    /// Returns true when the message has a limited-time offer that ends by this time.
    pub fn is_over(&self, now: chrono::DateTime<chrono::Utc>) -> bool {
        match self {
            Self::Template { offer_ends, .. } => {
                offer_ends.is_some_and(|ends| ends <= now.timestamp_millis())
            }
            _ => false,
        }
    }
}

/// A message and its recipient.
#[derive(Clone, Debug)]
pub struct Outbound<'a> {
    /// The recipient's WhatsApp id or user id.
    pub to: &'a str,
    pub body: &'a Body,
    /// This program's id of the message. Meta returns it with each status.
    pub callback: &'a str,
}

impl Outbound<'_> {
    pub(super) fn to_json(&self) -> Value {
        let mut message = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "biz_opaque_callback_data": self.callback,
        });
        // Meta reads a user id in `to` as a phone number, accepts the message and delivers it to nobody.
        let is_number = self.to.bytes().all(|b| b.is_ascii_digit());
        message[if is_number { "to" } else { "recipient" }] = self.to.into();
        let (kind, content) = match self.body {
            Body::Text { text } => ("text", json!({"body": text, "preview_url": false})),
            Body::Image { link, caption } => (
                "image",
                match caption {
                    Some(caption) => json!({"link": link, "caption": caption}),
                    None => json!({"link": link}),
                },
            ),
            Body::File {
                file,
                link,
                uploaded,
                caption,
                name,
                ..
            } => {
                // Meta refuses fields that are null.
                let given = [
                    ("link", link),
                    ("id", uploaded),
                    ("caption", caption),
                    ("filename", name),
                ];
                let given = given.into_iter();
                let fields: serde_json::Map<String, Value> = given
                    .filter_map(|(key, value)| Some((key.to_owned(), value.clone()?.into())))
                    .collect();
                (file.name(), fields.into())
            }
            Body::Buttons { text, buttons } => (
                "interactive",
                json!({
                    "type": "button",
                    "body": {"text": text},
                    "action": {"buttons": buttons.iter()
                        .map(|button| json!({"type": "reply", "reply": button}))
                        .collect::<Vec<_>>()},
                }),
            ),
            Body::List { text, button, rows } => (
                "interactive",
                json!({
                    "type": "list",
                    "body": {"text": text},
                    "action": {"button": button, "sections": [{"rows": rows}]},
                }),
            ),
            Body::Template {
                name,
                language,
                parameters,
                names,
                header,
                buttons,
                cards,
                offer_ends,
                shown: _,
            } => {
                let mut template = json!({"name": name, "language": {"code": language}});
                let mut parts = Vec::new();
                parts.extend(header.as_ref().map(HeaderParameter::part));
                parts.extend(body_part(parameters, names));
                parts.extend(offer_ends.map(offer_part));
                let of_button = |button: &ButtonParameter| button.part(self.callback);
                parts.extend(buttons.iter().map(of_button));
                if !cards.is_empty() {
                    let cards = (0..)
                        .zip(cards)
                        .map(|(n, card)| card.part(n, self.callback));
                    let cards: Vec<Value> = cards.collect();
                    parts.push(json!({"type": "carousel", "cards": cards}));
                }
                if !parts.is_empty() {
                    template["components"] = parts.into();
                }
                ("template", template)
            }
        };
        message["type"] = kind.into();
        message[kind] = content;
        message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_to_and_a_user_id_is_a_recipient() {
        let body = Body::Text { text: "Hi".into() };
        let json = |to| {
            let (body, callback) = (&body, "msg_1");
            Outbound { to, body, callback }.to_json()
        };
        let number = json("254711000001");
        assert_eq!(number["to"], "254711000001");
        assert!(number.get("recipient").is_none());
        let hidden = json("KE.7712300455");
        assert_eq!(hidden["recipient"], "KE.7712300455");
        assert!(hidden.get("to").is_none());
    }
}
