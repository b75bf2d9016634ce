//! A model's calls of tools. A round is the calls of one answer of the model; their results are its next question.
//!
//! The transaction that runs the tools of a round also stores the round and logs what the model cost. A job that runs
//! again begins behind the stored rounds. So a tool never acts twice for one call, wherever a process dies.

use kazi_clients::openrouter::ToolCall;
use kazi_platform::actor::Actor;
use kazi_queue::JobError;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Asked, Reply};
use crate::{
    Context, Work,
    ai::{self, Call, Prompt},
    bot::{
        question::{CALLS, Question},
        receive::hand_over,
        store, tools,
    },
    conversations::{self, Say, Talk, ToolReply},
    inbox, locale,
    messages::Cause,
    pools, support,
};

/// The calls of one answer of the model.
pub type Round = Vec<Done>;

/// A call that was carried out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    pub call: ToolCall,
    /// JSON, for the model.
    pub result: String,
    /// For the customer, after the answer.
    pub says: Vec<Say>,
}

/// What follows a round.
pub(super) enum AfterCalls {
    /// The model is asked again, after all rounds, with the models that the budget still allows.
    Again(Vec<Round>, Prompt),
    /// The month's budget is spent.
    Unaffordable(Vec<Round>),
    /// A person answers.
    Over,
}

impl Reply {
    /// Runs the tools that the model has called.
    pub(super) async fn carry_out(
        &self,
        ctx: &Context,
        asked: &Asked,
        question: &Question,
        calls: &[ToolCall],
        call: &Call<'_>,
    ) -> Result<AfterCalls, JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let now = ctx.clock.now();
        // The lock keeps out a member who takes the conversation over, and another run of this job.
        let chat = conversations::lock_chat(&mut work, self.conversation).await?;
        if chat.is_none_or(|chat| chat.is_without_bot(now)) {
            ai::log_call(&mut work, call).await?;
            work.commit().await?;
            return Ok(AfterCalls::Over);
        }
        let mut rounds = store::rounds(&mut work, self.message).await?;
        let mut hands_over = false;
        let talk = Talk {
            workspace: &asked.workspace,
            contact: &asked.contact,
            channel: asked.conversation.channel,
            conversation: &asked.conversation,
            language: asked.language(),
            message: self.message,
            now,
        };
        // Another run may have been faster. Its round counts.
        if rounds.len() == question.rounds.len() {
            // The audit log names the customer for what a tool changes.
            work.on_behalf_of(Actor::customer(asked.contact.id.uuid()));
            let (number, left) = (rounds.len(), CALLS.saturating_sub(question.calls()));
            let mut round = Round::new();
            for (place, call) in calls.iter().enumerate() {
                let reply = match place < left {
                    true => tools::run(&mut work, &talk, call).await?,
                    false => ToolReply::refused("no more tools may be called: answer now"),
                };
                hands_over |= reply.hands_over;
                round.push(Done {
                    call: call.clone(),
                    result: reply.result.to_string(),
                    says: reply.says,
                });
            }
            store::add_round(&mut work, self.message, number, asked.contact.id, &round).await?;
            rounds.push(round);
        }
        if hands_over {
            self.hand_over(&mut work, asked, question, &talk, &rounds)
                .await?;
        }
        // Last: it locks the sums of the workspace, for which the other answers of the business wait.
        ai::log_call(&mut work, call).await?;
        let prompt = ai::affordable(&mut work, question.prompt().clone()).await?;
        work.commit().await?;
        if hands_over {
            kazi_queue::ring(pools::WHATSAPP);
            return Ok(AfterCalls::Over);
        }
        Ok(match prompt {
            Some(prompt) => AfterCalls::Again(rounds, prompt),
            None => AfterCalls::Unaffordable(rounds),
        })
    }

    /// Hands the conversation to a person, as when the customer asks for one by the menu.
    async fn hand_over(
        &self,
        work: &mut Work,
        asked: &Asked,
        question: &Question,
        talk: &Talk<'_>,
        rounds: &[Round],
    ) -> Result<(), JobError> {
        hand_over(work, self.conversation).await?;
        let now = work.now();
        // Read again: it may have another assignee since the model was asked.
        let conversation = conversations::get(work, self.conversation).await?;
        let conversation = conversation.unwrap_or_else(|| asked.conversation.clone());
        let since = conversation.waiting_since.unwrap_or(now);
        if !inbox::tell_assignee(work, &conversation, since).await? {
            support::chat::for_a_person(work, talk, &question.words()).await?;
        }
        let mut says = shown(rounds);
        let told = locale::text(talk.language, "handed-over", &[]);
        says.push(Say::Text(told));
        let closed = support::closed_notice(work, talk.conversation, talk.language).await?;
        says.extend(closed.map(Say::Text));
        let said = asked.speaker().say(&says);
        self.say(work, now, asked, &said, Cause::Bot).await
    }
}

/// What the tools show the customer. Of two that show the same kind of thing, such as the cart, the later one counts.
pub(super) fn shown(rounds: &[Round]) -> Vec<Say> {
    let kind = |say: &Say| match say {
        Say::Choice { rows, .. } => {
            let id = rows.first().map(|row| row.id.as_str()).unwrap_or_default();
            id.split(':').next().unwrap_or_default().to_owned()
        }
        other => json!(other).to_string(),
    };
    let mut says: Vec<&Say> = Vec::new();
    for say in rounds.iter().flatten().flat_map(|done| &done.says) {
        says.retain(|earlier| kind(earlier) != kind(say));
        says.push(say);
    }
    says.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests;
