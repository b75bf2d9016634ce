//! What other domains change in the bot's state: they give a conversation back to it, have a scene wait for the customer's
//! next text, and offer choices.

use serde_json::Value;

use super::{
    BotStep, Chat, ConversationId, Offer, State,
    model::Held,
    store::{self, inbox},
};
use crate::{Work, audit::Change};

/// What the audit log calls a conversation.
pub(crate) const KIND: &str = "conversation";

/// Gives a locked conversation that is not closed back to the bot. Nobody sees to it then.
pub(crate) async fn hand_back(work: &mut Work, before: Chat) -> Result<(), sqlx::Error> {
    let after = Chat {
        handed_over: false,
        quiet_until: None,
        assignee_id: None,
        waiting_since: None,
        snoozed_until: None,
        ..before.clone()
    };
    // The customer has forgotten what the bot last asked: the next words are new ones.
    let state = store::state(work, before.id).await?;
    let fresh = State {
        step: match state.step {
            BotStep::Search => BotStep::Ready,
            step => step,
        },
        options: Vec::new(),
        scene: None,
        ..state.clone()
    };
    if fresh != state {
        store::set_state(work, before.id, &fresh).await?;
    }
    if after != before {
        inbox::save_chat(work, &after).await?;
        let change = Change::updated("inbox.hand_back", (KIND, before.id), &before, &after);
        work.audit(&change).await?;
    }
    Ok(())
}

/// Makes a scene wait for the next text in a locked conversation, unless another scene does. `at` is what it remembers.
pub(crate) async fn hold(
    work: &mut Work,
    id: ConversationId,
    scene: &str,
    at: Value,
) -> Result<(), sqlx::Error> {
    let mut state = store::state(work, id).await?;
    if state.scene.as_ref().is_some_and(|held| held.name != scene) {
        return Ok(());
    }
    state.scene = Some(Held {
        name: scene.to_owned(),
        at,
    });
    store::set_state(work, id, &state).await
}

/// Makes numbers stand for choices that a domain has just offered by itself in a locked conversation.
pub(crate) async fn offer(
    work: &mut Work,
    id: ConversationId,
    options: Vec<Offer>,
) -> Result<(), sqlx::Error> {
    let state = store::state(work, id).await?;
    store::set_state(work, id, &State { options, ..state }).await
}
