//! Finds the scene that a message is for.

use kazi_queue::JobError;
use serde_json::Value;

use super::decide::{Facts, Input};
use crate::{
    Work,
    conversations::{Heard, Scene, State, Talk, TalkReply as Reply},
    domain::offers,
    locale::{self, Keyword},
};

/// Prefix of the ids of menu items.
const MENU_ITEM: &str = "svc:";

/// A message that is for a scene.
pub(super) struct SceneTurn<'a> {
    scene: &'static Scene,
    at: Option<&'a Value>,
    heard: Heard<'a>,
}

/// Finds the scenes for a message: one after the other is asked, until one answers. A tap finds its scene at any time, even for a contact whom the bot has never greeted,
/// because a reminder has buttons too. Except for some keywords, a text finds a scene only while the bot listens.
pub(super) fn turns<'a>(
    facts: &Facts<'a>,
    state: &'a State,
    said: &'a Input,
) -> impl Iterator<Item = SceneTurn<'a>> {
    let held = |name: &str| state.scene.as_ref().filter(|held| held.name == name);
    let tap = |id: &'a str| {
        let (name, heard) = match id.strip_prefix(MENU_ITEM) {
            Some(name) => (name, Heard::Opened),
            None => id
                .split_once(':')
                .map(|(name, rest)| (name, Heard::Tap(rest)))?,
        };
        let scene = named(name)?;
        let at = held(name).map(|held| &held.at);
        Some(SceneTurn { scene, at, heard })
    };
    let listens = facts.registered && !facts.handed_over && !facts.owner_talks;
    let waiting = |heard| {
        let held = state.scene.as_ref()?;
        let scene = named(&held.name)?;
        let at = Some(&held.at);
        Some(SceneTurn { scene, at, heard })
    };
    let (first, second) = match said {
        Input::Tap { id, .. } if id.starts_with(MENU_ITEM) && !listens => (None, None),
        Input::Tap { id, .. } => (tap(id), None),
        Input::Text(text) => match locale::keyword(text) {
            // A word that opens no menu item asks for little, such as the state of a ticket. It finds its scene at any time.
            // The business may not have that service: then the word is one of the conversation.
            Some((Keyword::Scene(id), _)) if listens || !id.starts_with(MENU_ITEM) => {
                let waits = waiting(Heard::Text(text));
                (tap(id), waits.filter(|_| listens))
            }
            _ if !listens => (None, None),
            Some(_) => (None, None),
            None if locale::number(text) == Some(0) => (None, None),
            None => (waiting(Heard::Text(text)), None),
        },
        Input::Unreadable if listens => {
            let file = facts.file.map(|words| Heard::File {
                words,
                is_of_an_album: facts.of_an_album,
            });
            (file.and_then(waiting), None)
        }
        _ => (None, None),
    };
    first.into_iter().chain(second)
}

fn named(name: &str) -> Option<&'static Scene> {
    offers::<Scene>().find(|scene| scene.name == name)
}

impl SceneTurn<'_> {
    pub fn name(&self) -> &'static str {
        self.scene.name
    }

    /// Lets the scene answer. Returns `None` when the message is not for it.
    pub async fn hear(&self, work: &mut Work, talk: &Talk<'_>) -> Result<Option<Reply>, JobError> {
        (self.scene.hear)(work, talk, self.at, self.heard).await
    }
}
