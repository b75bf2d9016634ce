//! Reads the content of a provider's message. The result has the same form for both providers, and for messages of a
//! customer and of the business. Every kind of message is stored with a text that a person can read. The bot can act on
//! a few kinds.

mod greenapi;
mod whatsapp;

use serde_json::{Value, json};

use crate::{
    conversations::fit,
    media::{MediaKind, Named, Source},
};
pub(crate) use greenapi::heard as greenapi;
pub(crate) use whatsapp::heard as whatsapp;

/// Characters of one value of a form. A photo in a form is text too.
const VALUE_LIMIT: usize = 1_000;
/// Characters of a file's name and type.
const NAME_LIMIT: usize = 255;

/// What a customer sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Text(String),
    /// A tap on an offered choice.
    Tap {
        id: String,
        title: String,
    },
    /// The customer has opened the chat and written nothing yet.
    Opened,
    /// A message that the bot cannot read, such as a voice message or a picture.
    Unreadable,
    /// A readable message that asks nothing, such as a location, a contact card or a poll.
    Kept,
    /// The answers of a form.
    Form,
    /// A text with buttons or a list. Only programs send these, and an answer would go to a program.
    Offered,
    /// A cart of the catalogue at Meta.
    Order,
    /// A new text for an earlier message.
    Corrected {
        /// The provider's id of the earlier message.
        of: String,
        text: String,
    },
    /// The customer has deleted an earlier message.
    Deleted {
        /// The provider's id of the earlier message.
        of: String,
    },
    /// A message that needs no answer.
    Nothing,
}

impl Input {
    /// Returns true when the sender expects the other side to listen.
    pub(crate) const fn is_talk(&self) -> bool {
        !matches!(
            self,
            Self::Corrected { .. } | Self::Deleted { .. } | Self::Nothing
        )
    }
}

/// A message as it is stored.
#[derive(Debug)]
pub(crate) struct Heard {
    /// `text`, `image`, `interactive` …
    pub kind: String,
    /// The text that a person reads.
    pub body: String,
    /// The tapped choice, or the attachment.
    pub content: Value,
    pub said: Input,
    /// Several of these may come at once. Each picture of an album is a message of its own.
    pub attached: bool,
    /// The file that the provider has.
    pub file: Option<Attached>,
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attached {
    pub named: Named,
    pub at: AttachedAt,
}

/// Where a provider has the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AttachedAt {
    WhatsApp { id: String, sha256: Option<String> },
    GreenApi { url: Option<String> },
}

impl Attached {
    fn new(kind: &str, mime: Option<&str>, name: Option<&str>, at: AttachedAt) -> Self {
        let named = Named {
            kind: MediaKind::of(kind),
            mime: mime.map(|mime| fit(mime, NAME_LIMIT)),
            name: name.map(|name| fit(name, NAME_LIMIT)),
        };
        Self { named, at }
    }

    /// The place of the file, for a message of this chat.
    pub(super) fn source(&self, chat: &str, message: &str) -> Source {
        match self.at.clone() {
            AttachedAt::WhatsApp { id, sha256 } => Source::WhatsApp { id, sha256 },
            AttachedAt::GreenApi { url } => Source::GreenApi {
                url,
                chat: chat.to_owned(),
                message: message.to_owned(),
            },
        }
    }
}

impl Heard {
    fn new(kind: &str, body: String, content: Value, said: Input) -> Self {
        Self {
            kind: kind.to_owned(),
            body,
            content,
            said,
            attached: false,
            file: None,
        }
    }

    fn text(text: String) -> Self {
        Self::new("text", text.clone(), Value::Null, Input::Text(text))
    }

    fn tap(kind: &str, id: String, title: String) -> Self {
        let content = json!({"id": id, "title": title});
        Self::new(kind, title.clone(), content, Input::Tap { id, title })
    }

    /// A file. The caption is its text. Without a caption the body names the file. WhatsApp sets the name of a document
    /// as its caption, which says nothing.
    fn file(
        kind: &str,
        name: &str,
        caption: Option<String>,
        content: Value,
        file: Option<Attached>,
    ) -> Self {
        let filename = content["filename"].as_str().unwrap_or_default();
        let caption =
            caption.filter(|caption| !caption.trim().is_empty() && !is_name_of(caption, filename));
        let (body, said) = match caption {
            Some(caption) => (caption.clone(), Input::Text(caption)),
            None => (name.to_owned(), Input::Unreadable),
        };
        Self {
            attached: true,
            file,
            ..Self::new(kind, body, content, said)
        }
    }

    fn place(place: &Place<'_>) -> Self {
        let named = [place.name, place.address].into_iter().flatten();
        let named: Vec<&str> = named.filter(|text| !text.trim().is_empty()).collect();
        let at = match (place.latitude, place.longitude) {
            (Some(latitude), Some(longitude)) => Some(format!("{latitude}, {longitude}")),
            _ => None,
        };
        let parts: Vec<String> = [named.join(", ")]
            .into_iter()
            .chain(at)
            .filter(|part| !part.is_empty())
            .collect();
        let body = format!("📍 {}", parts.join("\n")).trim_end().to_owned();
        let content = json!({
            "name": place.name, "address": place.address, "latitude": place.latitude, "longitude": place.longitude,
        });
        Self {
            // A live location comes again and again.
            attached: true,
            ..Self::new("location", body, content, Input::Kept)
        }
    }

    /// Contact cards: the name on each, and the ways to reach who it names.
    fn cards(cards: &[(Option<String>, Vec<String>)]) -> Self {
        let lines = cards.iter().map(|(name, ways)| {
            let name = name.iter().map(String::as_str);
            let all: Vec<&str> = name.chain(ways.iter().map(String::as_str)).collect();
            match all.is_empty() {
                true => "👤 [contact card]".to_owned(),
                false => format!("👤 {}", all.join(", ")),
            }
        });
        let body = lines.collect::<Vec<_>>().join("\n");
        let content = json!({"contacts": cards.iter()
            .map(|(name, ways)| json!({"name": name, "ways": ways})).collect::<Vec<_>>()});
        Self {
            attached: true,
            ..Self::new("contacts", body, content, Input::Kept)
        }
    }

    fn reaction(sign: &str, of: Option<&str>) -> Self {
        let body = match sign {
            "" => "[reaction taken back]",
            sign => sign,
        };
        let content = json!({"emoji": sign, "of": of});
        Self::new("reaction", fit(body, 40), content, Input::Nothing)
    }

    /// An edit of a text, or of the caption of a file.
    fn edit(of: Option<String>, text: Option<String>) -> Self {
        let text = text.filter(|text| !text.trim().is_empty());
        let body = match &text {
            Some(text) => format!("✏️ {text}"),
            None => "[edited a message]".to_owned(),
        };
        let content = json!({"of": of});
        let said = match (of, text) {
            (Some(of), Some(text)) => Input::Corrected { of, text },
            _ => Input::Nothing,
        };
        Self::new("edit", body, content, said)
    }

    fn deleted(of: Option<String>) -> Self {
        let content = json!({"of": of});
        let said = of.map_or(Input::Nothing, |of| Input::Deleted { of });
        let body = "[deleted a message]".to_owned();
        Self::new("revoke", body, content, said)
    }

    /// A kind of message that this program does not know.
    fn unknown(kind: &str, why: Option<&str>) -> Self {
        let kind = if kind.is_empty() { "unknown" } else { kind };
        let body = match why {
            Some(why) => format!("[{kind}: {}]", fit(why, 200)),
            None => format!("[{kind}]"),
        };
        Self {
            attached: true,
            ..Self::new(kind, body, Value::Null, Input::Unreadable)
        }
    }

    /// Adds a line for people, and a value for programs.
    fn with(mut self, name: &str, line: Option<String>, value: Value) -> Self {
        if let Some(line) = line {
            if !self.body.is_empty() {
                self.body.push('\n');
            }
            self.body.push_str(&line);
        }
        if let Value::Null = self.content {
            self.content = json!({});
        }
        if let Value::Object(content) = &mut self.content {
            content.insert(name.to_owned(), value);
        }
        self
    }
}

/// Whether a text is the name of a file, with or without its ending, however its words are parted.
fn is_name_of(text: &str, file: &str) -> bool {
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    let whole = plain(text);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    // "price list?" may be a question about the list.
    let asks = text.contains(['?', '؟']);
    !whole.is_empty() && (whole == plain(file) || (whole == plain(stem) && !asks))
}

/// A location, in the same form for both providers.
struct Place<'a> {
    name: Option<&'a str>,
    address: Option<&'a str>,
    latitude: Option<&'a str>,
    longitude: Option<&'a str>,
}

impl<'a> Place<'a> {
    fn of(location: &'a kazi_clients::whatsapp::webhook::Location) -> Self {
        Self {
            name: location.name.as_deref(),
            address: location.address.as_deref(),
            latitude: location.latitude.as_deref(),
            longitude: location.longitude.as_deref(),
        }
    }
}

/// Appends the values of a form as lines. Each line begins with the path of names to the value.
fn lines(name: &str, value: &Value, into: &mut Vec<String>) {
    let below = |key: &str| match name {
        "" => key.to_owned(),
        name => format!("{name} {key}"),
    };
    match value {
        Value::Null => {}
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, value)| lines(&below(key), value, into)),
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            items
                .iter()
                .zip(1..)
                .for_each(|(item, number)| lines(&below(&number.to_string()), item, into));
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            into.push(line(name, &items.join(", ")));
        }
        value => into.push(line(name, &plain(value))),
    }
}

fn line(name: &str, value: &str) -> String {
    let value = fit(value, VALUE_LIMIT);
    match name {
        "" => value,
        name => format!("{name}: {value}"),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
