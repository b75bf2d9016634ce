//! The bot: it reads a customer's message and answers, by itself or with a model.
//!
//! [`Receive`] stores an inbound message, lets the bot [decide], and queues the answers, all in one transaction. A
//! scene of another domain may answer instead. [`Reply`] lets a model answer. Both jobs are in the customer's sequence.
//! So one customer's messages are handled in the order of their arrival, and each answer leaves before the next message
//! is read. Before a model is asked, [`Gather`] waits for more lines of the same question.
//!
//! [`rehearse`] tries a prompt without a customer.

mod compose;
mod decide;
mod early;
mod echo;
mod forget;
mod gather;
mod pages;
mod question;
mod read;
mod receive;
mod rehearse;
mod reply;
mod scenes;
mod store;
mod tools;
mod user_ids;

use kazi_queue::{Registry, cron::Schedule};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Context,
    channels::ChannelId,
    contacts,
    conversations::Scene,
    domain::{Domain, offers},
};
pub use echo::Echo;
pub use forget::Forget;
pub use gather::Gather;
pub use receive::Receive;
pub use rehearse::{
    Author, Heard, Rehearsal, RehearsalError, RehearsalTurn, Rehearsed, Rehearsing, rehearse,
};
pub use reply::Reply;
pub use user_ids::ApplyUserIds;
pub(crate) use user_ids::sequence_of as sequence_of_user_ids;

pub(crate) const DOMAIN: Domain = Domain {
    name: "bot",
    floor: 8,
    jobs,
    tables: &["tool_rounds"],
    offers: &[
        &tools::SEARCH_PRODUCTS,
        &tools::HAND_OVER,
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(store::change_contact(work, from, into)),
            erase: |work, id| Box::pin(store::erase(work, id)),
            ..contacts::Hooks::NONE
        },
    ],
};

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let daily = Schedule::new("bot.forget", "41 3 * * *");
    registry
        .register::<Receive>()
        .register::<Echo>()
        .register::<Gather>()
        .register::<Reply>()
        .register::<ApplyUserIds>()
        .register::<Forget>()
        .schedule(daily, &Forget {})
}

/// A key of a menu item that opens a part of the chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MenuAction {
    #[schema(value_type = String, example = "shop")]
    pub key: &'static str,
}

/// The keys of menu items that open a part of the chat: the bot's own, then the scenes of the domains.
pub fn menu_actions() -> Vec<MenuAction> {
    let scenes = offers::<Scene>().map(|scene| scene.name);
    let own = decide::MENU_KEYS.into_iter();
    own.chain(scenes).map(|key| MenuAction { key }).collect()
}

/// The sequence of a customer on a channel. When the message does not name its sender, the contact in the payload does,
/// so that two customers do not wait for each other.
pub(crate) fn sequence_of(channel: ChannelId, sender: &str, payload: &str) -> String {
    let sender = match sender {
        "" => read::writer(payload).unwrap_or_default(),
        sender => sender.to_owned(),
    };
    format!("in:{channel}:{sender}")
}
