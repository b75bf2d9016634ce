//! What a scene is: a domain that talks with a customer in the chat.
//!
//! A domain that talks has a `chat.rs` with a function `hear`, and offers a [`Scene`] in its `DOMAIN`. The menu's service of
//! the scene's name opens it, or a keyword, or a tap whose id begins with the name. The scene holds the conversation for as
//! long as it answers with what comes [next](Reply::next). Whatever it changes is in the transaction of the message.

use kazi_clients::whatsapp::ListRow;
use kazi_platform::Timestamp;
use kazi_queue::JobError;
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

/// A scene as a domain offers it.
#[derive(Clone, Copy)]
pub(crate) struct Scene {
    /// Before the ids of its taps, and what the menu's service calls it. It is stored with the conversation.
    pub name: &'static str,
    /// Lets the scene answer in the transaction of the message; `None` when the message is not for it after all. The
    /// value is what it wanted to be given, if it holds the conversation.
    pub hear: Hear,
}

/// Who talks with whom.
#[derive(Debug)]
pub struct Talk<'a> {
    pub workspace: &'a Workspace,
    pub contact: &'a Contact,
    /// Over which channel.
    pub channel: ChannelId,
    pub conversation: &'a Conversation,
    /// What the customer reads.
    pub language: &'a str,
    /// The customer's message: what is made from it derives its id from here, so that it is made once.
    pub message: MessageId,
    pub now: Timestamp,
}

/// What a scene hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard<'a> {
    /// It was asked for by the menu or a keyword.
    Opened,
    /// A tap on something that it offered: the id without the scene's name.
    Tap(&'a str),
    /// Words, while it holds the conversation.
    Text(&'a str),
}

/// What a scene answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    pub says: Vec<Say>,
    /// What it wants to be given with the next words; `None` ends it.
    pub next: Option<Value>,
}

/// Something to be said.
#[derive(Clone, Debug, PartialEq)]
pub enum Say {
    Text(String),
    /// Words with something to choose, up to ten; ids begin with the scene's name.
    Choice {
        /// What is asked.
        text: String,
        /// What can be chosen. Titles have up to 24 characters, descriptions 72: longer ones are cut.
        rows: Vec<ListRow>,
    },
    /// A picture by its address.
    Image {
        link: String,
        /// Up to 1,024 characters.
        caption: Option<String>,
    },
}

/// Cuts a text to a provider's limit of characters, never inside of what a reader takes for one.
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
