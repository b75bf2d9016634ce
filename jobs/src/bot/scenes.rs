//! Finds the scene that a message is for.

use kazi_queue::JobError;
use serde_json::Value;

use super::decide::{Facts, Said};
use crate::{
    Work,
    conversations::{Heard, Scene, State, Talk, TalkReply as Reply},
    domain::offers,
    locale::{self, Keyword},
};

/// Before the key of a service of the menu.
const SERVICE: &str = "svc:";

/// What is for a scene.
pub(super) struct Turn<'a> {
    scene: &'static Scene,
    at: Option<&'a Value>,
    heard: Heard<'a>,
}

/// The scene that something is for, if any. A tap finds its scene at any time, also by somebody who has never been greeted:
/// a reminder has asked them. Words find one only where the bot is the one who listens.
pub(super) fn turn<'a>(facts: &Facts<'_>, state: &'a State, said: &'a Said) -> Option<Turn<'a>> {
    let held = |name: &str| state.scene.as_ref().filter(|held| held.name == name);
    let tap = |id: &'a str| {
        let (name, heard) = match id.strip_prefix(SERVICE) {
            Some(name) => (name, Heard::Opened),
            None => id
                .split_once(':')
                .map(|(name, rest)| (name, Heard::Tap(rest)))?,
        };
        let scene = named(name)?;
        let at = held(name).map(|held| &held.at);
        Some(Turn { scene, at, heard })
    };
    let listens = facts.registered && !facts.handed_over && !facts.owner_talks;
    match said {
        Said::Tap { id, .. } if id.starts_with(SERVICE) && !listens => None,
        Said::Tap { id, .. } => tap(id),
        Said::Text(text) if listens => match locale::keyword(text) {
            Some((Keyword::Scene(id), _)) => tap(id),
            Some(_) => None,
            None if locale::number(text) == Some(0) => None,
            None => {
                let held = state.scene.as_ref()?;
                let scene = named(&held.name)?;
                let (at, heard) = (Some(&held.at), Heard::Text(text));
                Some(Turn { scene, at, heard })
            }
        },
        _ => None,
    }
}

fn named(name: &str) -> Option<&'static Scene> {
    offers::<Scene>().find(|scene| scene.name == name)
}

impl Turn<'_> {
    /// The scene's name.
    pub fn name(&self) -> &'static str {
        self.scene.name
    }

    /// Lets the scene answer; `None` when it is not for it after all.
    pub async fn hear(&self, work: &mut Work, talk: &Talk<'_>) -> Result<Option<Reply>, JobError> {
        (self.scene.hear)(work, talk, self.at, self.heard).await
    }
}
