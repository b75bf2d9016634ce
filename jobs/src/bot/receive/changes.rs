//! What a message changes: an earlier message, the contact, the conversation.

use kazi_queue::JobError;

use super::Exchange;
use crate::{
    Work,
    bot::{
        decide::{Effect, Input},
        early::rewrite_or_expect,
    },
    contacts,
    conversations::{self, ConversationId},
    support,
};

impl Exchange<'_> {
    /// Applies a correction or a deletion to the earlier message, so that the bot and a model no longer see the old text.
    /// Returns true when a ticket has that message: its reader sees the change there.
    pub(super) async fn change(&mut self, work: &mut Work) -> Result<bool, JobError> {
        let (of, text) = match &self.said {
            Input::Corrected { of, text } => (of, Some(text.as_str())),
            Input::Deleted { of } => (of, None),
            _ => return Ok(false),
        };
        let of = (of.as_str(), true);
        let changed =
            rewrite_or_expect(work, &self.conversation, &mut self.state, of, text).await?;
        if text.is_none() && changed.is_some() && self.state.question == changed {
            // The question waited for the end of the greeting, and the customer has deleted it.
            self.state.question = None;
            conversations::set_state(work, self.conversation.id, &self.state).await?;
        }
        match changed {
            Some(said) => support::chat::changed(work, said, text).await,
            None => Ok(false),
        }
    }

    pub(super) async fn apply(
        &mut self,
        work: &mut Work,
        effect: &Effect,
    ) -> Result<(), sqlx::Error> {
        let contact = self.contact.id;
        match effect {
            Effect::Name(name) => {
                self.contact.name = Some(name.clone());
                contacts::set_name(work, contact, name).await
            }
            Effect::Language(language) => {
                self.contact.language = Some(language.clone());
                contacts::set_language(work, contact, language).await
            }
            Effect::Register => contacts::register(work, contact).await,
            Effect::Consent(granted) => {
                contacts::set_consent(work, contact, *granted, "keyword").await
            }
            Effect::HandOver(true) => hand_over(work, self.conversation.id).await,
            Effect::HandOver(false) => {
                conversations::set_handed_over(work, self.conversation.id, false).await
            }
        }
    }
}

/// Hands a conversation to a person.
pub(in crate::bot) async fn hand_over(
    work: &mut Work,
    conversation: ConversationId,
) -> Result<(), sqlx::Error> {
    metrics::counter!("kazi_conversations_handovers_total").increment(1);
    tracing::info!(conversation.id = %conversation, workspace.id = %work.workspace(), "a customer asks for a person");
    conversations::set_handed_over(work, conversation, true).await
}
