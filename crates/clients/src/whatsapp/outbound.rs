//! Messages as Meta wants them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Characters of a text message.
pub const BODY_LIMIT: usize = 4_096;
/// Characters of an interactive message's body.
pub const INTERACTIVE_BODY_LIMIT: usize = 1_024;
/// Buttons of one message.
pub const BUTTONS_LIMIT: usize = 3;
/// Characters of a button's title.
pub const BUTTON_TITLE_LIMIT: usize = 20;
/// Rows of one list, over all its sections.
pub const ROWS_LIMIT: usize = 10;
/// Characters of a row's title.
pub const ROW_TITLE_LIMIT: usize = 24;
/// Characters of a row's description.
pub const ROW_DESCRIPTION_LIMIT: usize = 72;
/// Characters of the button that opens a list.
pub const LIST_BUTTON_LIMIT: usize = 20;

/// A reply button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Comes back when it is tapped; at most 256 characters.
    pub id: String,
    /// At most [`BUTTON_TITLE_LIMIT`] characters.
    pub title: String,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Comes back when it is tapped; at most 200 characters.
    pub id: String,
    /// At most [`ROW_TITLE_LIMIT`] characters.
    pub title: String,
    /// At most [`ROW_DESCRIPTION_LIMIT`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// What a button of a template is given. The index counts all buttons of the template from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ButtonParameter {
    /// The end of a button's address; of an authentication template, the code once more.
    Url {
        /// Which button.
        index: u8,
        /// Replaces `{{1}}` in the address.
        text: String,
    },
    /// What comes back when a quick reply is tapped.
    Payload {
        /// Which button.
        index: u8,
        /// At most 256 characters.
        payload: String,
    },
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Body {
    /// Plain text.
    Text {
        /// At most [`BODY_LIMIT`] characters.
        text: String,
    },
    /// An image by its public address.
    Image {
        /// https.
        link: String,
        /// At most 1,024 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caption: Option<String>,
    },
    /// Text with up to three buttons.
    Buttons {
        /// At most [`INTERACTIVE_BODY_LIMIT`] characters.
        text: String,
        /// One to [`BUTTONS_LIMIT`].
        buttons: Vec<Button>,
    },
    /// Text with a list to choose from.
    List {
        /// At most [`INTERACTIVE_BODY_LIMIT`] characters.
        text: String,
        /// Opens the list; at most [`LIST_BUTTON_LIMIT`] characters.
        button: String,
        /// One to [`ROWS_LIMIT`].
        rows: Vec<Row>,
    },
    /// An approved template.
    Template {
        /// Its name.
        name: String,
        /// Its language, like `en_US`.
        language: String,
        /// The text parameters of its body, in order.
        parameters: Vec<String>,
        /// What its buttons are given.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        buttons: Vec<ButtonParameter>,
    },
}

/// A message and whom it is for.
#[derive(Clone, Debug)]
pub struct Outbound<'a> {
    /// The recipient's WhatsApp id or user id.
    pub to: &'a str,
    /// What it says.
    pub body: &'a Body,
    /// Comes back with every status: our own id of the message.
    pub callback: &'a str,
}

impl Outbound<'_> {
    pub(super) fn to_json(&self) -> Value {
        let mut message = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": self.to,
            "biz_opaque_callback_data": self.callback,
        });
        let (kind, content) = match self.body {
            Body::Text { text } => ("text", json!({"body": text, "preview_url": false})),
            Body::Image { link, caption } => (
                "image",
                match caption {
                    Some(caption) => json!({"link": link, "caption": caption}),
                    None => json!({"link": link}),
                },
            ),
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
                buttons,
            } => {
                let mut template = json!({"name": name, "language": {"code": language}});
                let text = |text: &String| json!({"type": "text", "text": text});
                let mut components = Vec::new();
                if !parameters.is_empty() {
                    let parameters: Vec<Value> = parameters.iter().map(text).collect();
                    components.push(json!({"type": "body", "parameters": parameters}));
                }
                for button in buttons {
                    let (kind, index, parameter) = match button {
                        ButtonParameter::Url { index, text: end } => ("url", index, text(end)),
                        ButtonParameter::Payload { index, payload } => (
                            "quick_reply",
                            index,
                            json!({"type": "payload", "payload": payload}),
                        ),
                    };
                    components.push(json!({
                        "type": "button", "sub_type": kind, "index": index.to_string(), "parameters": [parameter],
                    }));
                }
                if !components.is_empty() {
                    template["components"] = components.into();
                }
                ("template", template)
            }
        };
        message["type"] = kind.into();
        message[kind] = content;
        message
    }
}
