//! Corrections and deletions that overtake their message: WhatsApp promises no order.

use crate::{
    Work,
    conversations::{self, Conversation, Early, MessageId, State},
    messages,
};

/// Applies a correction or a deletion to its message, of the customer (`inbound`) or of the business. When the message has
/// not come yet, the change waits for it. Returns the message, if it is there.
pub(super) async fn rewrite_or_expect(
    work: &mut Work,
    conversation: &Conversation,
    state: &mut State,
    (of, inbound): (&str, bool),
    text: Option<&str>,
) -> Result<Option<MessageId>, sqlx::Error> {
    let changed = messages::rewrite(work, conversation, (of, inbound), text).await?;
    if changed.is_none() {
        state.expect(Early {
            of: of.to_owned(),
            inbound,
            text: text.map(str::to_owned),
        });
        conversations::set_state(work, conversation.id, state).await?;
    }
    Ok(changed)
}

/// Applies the change that has waited for this message, if there is one, and returns it.
pub(super) async fn apply_early(
    work: &mut Work,
    conversation: &Conversation,
    state: &mut State,
    (of, inbound): (&str, bool),
) -> Result<Option<Early>, sqlx::Error> {
    let Some(early) = state.take_early(of, inbound) else {
        return Ok(None);
    };
    messages::rewrite(work, conversation, (of, inbound), early.text.as_deref()).await?;
    conversations::set_state(work, conversation.id, state).await?;
    Ok(Some(early))
}
