//! The scenes: what domains talk about in the chat.
//!
//! A domain that talks has a `chat.rs` with a function `hear`, and a line in [`SCENES`] and in [`Turn::hear`]. It is opened
//! by the menu's service of the scene's name, by a keyword, or by a tap whose id begins with the name; and it holds the
//! conversation for as long as it answers with what comes [next](Reply::next). Whatever it changes is in the transaction of
//! the message.

use kazi_clients::whatsapp::Row;
use kazi_platform::Timestamp;
use kazi_queue::JobError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

use super::{
    Conversation,
    bot::{self, Facts},
    model::State,
};
use crate::{
    appointments,
    channels::ChannelId,
    contacts::Contact,
    locale::{self, Keyword},
    messages::MessageId,
    news, orders, subscriptions, support,
    workspaces::Workspace,
};

/// The scenes by name.
const SCENES: [&str; 5] = ["book", "cart", "news", "plans", "support"];
/// Before the key of a service of the menu.
const SERVICE: &str = "svc:";

/// Who talks with whom.
#[derive(Debug)]
pub struct Talk<'a> {
    /// The business.
    pub workspace: &'a Workspace,
    /// The customer.
    pub contact: &'a Contact,
    /// Over which channel.
    pub channel: ChannelId,
    /// Where.
    pub conversation: &'a Conversation,
    /// What the customer reads.
    pub language: &'a str,
    /// The customer's message: what is made from it derives its id from here, so that it is made once.
    pub message: MessageId,
    /// The time.
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
    /// In order.
    pub says: Vec<Say>,
    /// What it wants to be given with the next words; `None` ends it.
    pub next: Option<Value>,
}

/// Something to be said.
#[derive(Clone, Debug, PartialEq)]
pub enum Say {
    /// Words.
    Text(String),
    /// Words with something to choose, up to ten; ids begin with the scene's name.
    Choice {
        /// What is asked.
        text: String,
        /// What can be chosen. Titles have up to 24 characters, descriptions 72: longer ones are cut.
        rows: Vec<Row>,
    },
    /// A picture by its address.
    Image {
        /// https.
        link: String,
        /// Up to 1,024 characters.
        caption: Option<String>,
    },
}

/// A scene that holds a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Scene {
    /// Which.
    pub name: String,
    /// What it wants to be given.
    pub at: Value,
}

/// What is for a scene.
pub(super) struct Turn<'a> {
    pub name: &'static str,
    at: Option<&'a Value>,
    heard: Heard<'a>,
}

/// The scene that something is for, if any. A tap finds its scene at any time, also by somebody who has never been greeted:
/// a reminder has asked them. Words find one only where the bot is the one who listens.
pub(super) fn turn<'a>(
    facts: &Facts<'_>,
    state: &'a State,
    said: &'a bot::Said,
) -> Option<Turn<'a>> {
    let held = |name: &str| state.scene.as_ref().filter(|scene| scene.name == name);
    let tap = |id: &'a str| {
        let (name, heard) = match id.strip_prefix(SERVICE) {
            Some(name) => (name, Heard::Opened),
            None => id
                .split_once(':')
                .map(|(name, rest)| (name, Heard::Tap(rest)))?,
        };
        let name = SCENES.into_iter().find(|scene| *scene == name)?;
        let at = held(name).map(|scene| &scene.at);
        Some(Turn { name, at, heard })
    };
    let listens = facts.registered && !facts.handed_over;
    match said {
        bot::Said::Tap { id, .. } if id.starts_with(SERVICE) && !listens => None,
        bot::Said::Tap { id, .. } => tap(id),
        bot::Said::Text(text) if listens => match locale::keyword(text) {
            Some((Keyword::Scene(id), _)) => tap(id),
            Some(_) => None,
            None if locale::number(text) == Some(0) => None,
            None => {
                let scene = state.scene.as_ref()?;
                let name = SCENES.into_iter().find(|name| *name == scene.name)?;
                let (at, heard) = (Some(&scene.at), Heard::Text(text));
                Some(Turn { name, at, heard })
            }
        },
        _ => None,
    }
}

impl Turn<'_> {
    /// Lets the scene answer; `None` when it is not for it after all.
    pub async fn hear(
        &self,
        conn: &mut PgConnection,
        talk: &Talk<'_>,
    ) -> Result<Option<Reply>, JobError> {
        let Self { name, at, heard } = *self;
        match name {
            "book" => appointments::chat::hear(conn, talk, at, heard).await,
            "cart" => orders::chat::hear(conn, talk, at, heard).await,
            "news" => news::chat::hear(conn, talk, at, heard).await,
            "plans" => subscriptions::chat::hear(conn, talk, at, heard).await,
            "support" => support::chat::hear(conn, talk, at, heard).await,
            _ => Ok(None),
        }
    }
}
