//! The interface of scenes. A scene is a part of the chat that a domain leads.
//!
//! Such a domain has a `chat.rs` with a function `hear`, and offers a [`Scene`] in its `DOMAIN`. A menu item with the
//! scene's name opens it, and so does a keyword or a tap whose id begins with the name. A scene holds the conversation
//! as long as its replies have a [next](Reply::next) value. All its changes are in the transaction of the message.

use kazi_clients::whatsapp::ListRow;
use kazi_platform::Timestamp;
use kazi_queue::JobError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use super::{Conversation, MessageId};
use crate::{Work, channels::ChannelId, contacts::Contact, domain::Future, workspaces::Workspace};

type Hear = for<'a> fn(
    &'a mut Work,
    &'a Talk<'a>,
    Option<&'a Value>,
    Heard<'a>,
) -> Future<'a, Result<Option<Reply>, JobError>>;

/// A domain's scene.
#[derive(Clone, Copy)]
pub(crate) struct Scene {
    /// The prefix of its taps and the key of its menu item. It is stored with the conversation, so it never changes.
    pub name: &'static str,
    /// Answers in the transaction of the message. Returns `None` when the message is not for the scene. The value is
    /// what the scene remembers, if it holds the conversation.
    pub hear: Hear,
}

/// The participants of a conversation.
#[derive(Debug)]
pub struct Talk<'a> {
    pub workspace: &'a Workspace,
    pub contact: &'a Contact,
    pub channel: ChannelId,
    pub conversation: &'a Conversation,
    /// The customer's language.
    pub language: &'a str,
    /// The customer's message. Ids of new rows are derived from it, so that a second run makes no second row.
    pub message: MessageId,
    pub now: Timestamp,
}

/// The message for a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard<'a> {
    /// The menu or a keyword opened the scene.
    Opened,
    /// A tap on one of its choices: the id without the scene's name.
    Tap(&'a str),
    /// A text, while the scene holds the conversation. A file may have come with it.
    Text(&'a str),
    /// A file without a text, while the scene holds the conversation.
    File {
        /// Words for people, like `[image]`.
        words: &'a str,
        /// It follows another file, which was answered a moment ago.
        is_of_an_album: bool,
    },
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    pub says: Vec<Say>,
    /// What the scene remembers until the next text. `None` ends the scene.
    pub next: Option<Value>,
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Say {
    Text(String),
    /// A text with up to ten choices. Their ids begin with the scene's name.
    Choice {
        text: String,
        /// Titles have up to 24 characters and descriptions 72. Longer ones are cut.
        rows: Vec<ListRow>,
    },
    /// A picture by its address.
    Image {
        link: String,
        /// Up to 1,024 characters.
        caption: Option<String>,
    },
}

/// Shortens a text to a provider's limit. It never cuts within a character as readers see it.
pub(crate) fn fit(text: &str, limit: usize) -> String {
    let text = text.trim();
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut left = limit.saturating_sub(1);
    let kept = text.graphemes(true).take_while(|grapheme| {
        let size = grapheme.chars().count();
        let fits = size <= left;
        left = if fits { left - size } else { 0 };
        fits
    });
    format!("{}…", kept.collect::<String>().trim_end())
}
