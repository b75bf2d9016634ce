//! A model answers the customer. It gets the workspace's prompt, the business's knowledge and the last turns, and it may
//! call tools before it answers ([`rounds`]). When no model can answer, nothing in the knowledge answers, or
//! the month's budget is spent, the customer gets the menu and the way to a person.

mod instead;
mod patience;
mod rounds;

use std::time::Duration;

use kazi_clients::{
    openrouter::{Completion, Error, Unanswered},
    whatsapp::BODY_LIMIT,
};
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Pool, Retry, Running};
use serde::{Deserialize, Serialize};

pub(super) use self::rounds::Round;
use self::{
    patience::gives_up,
    rounds::{AfterCalls, shown},
};
use super::{
    compose::{Composed, Speaker},
    pages::pages,
    question::{Question, Turn, words},
    store,
};
use crate::{
    Context, Work,
    ai::{self, Call},
    channels::ChannelKind,
    contacts::{self, Contact},
    conversations::{self, Conversation, ConversationId, MessageId, Say, State},
    messages::{self, Cause, NewOutbound},
    pools, usage,
    workspaces::{self, Workspace},
};

#[derive(Debug, Serialize, Deserialize)]
pub struct Reply {
    pub workspace: WorkspaceId,
    pub conversation: ConversationId,
    /// The question, or its last line.
    pub message: MessageId,
    /// The lines before it.
    #[serde(default)]
    pub earlier: Vec<MessageId>,
}

/// Turns that the model gets.
const TURNS: i64 = 10;
/// First number of the derived ids. The bot's own answers use lower numbers.
const FIRST_ID: u16 = 100;
/// The pauses between tries to store an answer that is paid for.
const HICCUPS: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(1)];

impl Job for Reply {
    type Context = Context;
    const NAME: &'static str = "conversations.reply";
    const POOL: Pool = pools::AI;
    /// A customer waits: the menu soon is better than an answer late.
    const RETRY: Retry =
        Retry::exponential(Duration::from_millis(500), Duration::from_secs(4)).attempts(3);
    const TIMEOUT: Duration = Duration::from_secs(120);

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        let Some(mut asked) = self.prepare(ctx).await? else {
            tracing::warn!(message.id = %self.message, "nothing to reply to");
            return Ok(());
        };
        let (Some(client), Some(mut question)) = (ctx.openrouter(), asked.question.take()) else {
            let menu = self.menu(ctx, &asked).await?;
            return self.write(ctx, &asked, &menu, Cause::Bot, None).await;
        };
        if let Some(call) = question.unknown() {
            return self.refuse(ctx, &asked, call).await;
        }
        // Each turn ends the job or adds a round of calls, of which there are few.
        loop {
            let (completed, took) = question.ask(&client).await;
            let call = self.call(&question, &completed, took);
            ai::count(&call);
            let calls = completed.as_ref().map_or(&[][..], |said| &said.calls[..]);
            if calls.is_empty() {
                let ended = (&completed, &call);
                return self.conclude(ctx, job, &asked, &question, ended).await;
            }
            match self.carry_out(ctx, &asked, &question, calls, &call).await? {
                AfterCalls::Again(rounds, prompt) => {
                    question.rounds = rounds;
                    question.ask_instead(prompt);
                }
                AfterCalls::Unaffordable(rounds) => {
                    question.rounds = rounds;
                    let answer = self.without_a_model(ctx, &asked, &question).await?;
                    return self.write(ctx, &asked, &answer, Cause::Bot, None).await;
                }
                AfterCalls::Over => return Ok(()),
            }
        }
    }
}

/// The parts of a request.
struct Asked {
    workspace: Workspace,
    contact: Contact,
    conversation: Conversation,
    kind: ChannelKind,
    /// `None` when no prompt is active, or the budget is spent.
    question: Option<Question>,
}

impl Asked {
    fn language(&self) -> &str {
        language_of(&self.contact, &self.workspace)
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker {
            workspace: &self.workspace,
            kind: self.kind,
            language: self.language().to_owned(),
            name: self.contact.name.clone(),
        }
    }
}

fn language_of<'a>(contact: &'a Contact, workspace: &'a Workspace) -> &'a str {
    let own = contact.language.as_deref();
    own.unwrap_or(&workspace.default_language)
}

impl Reply {
    /// Writes what the model has said, or what the customer gets instead.
    async fn conclude(
        &self,
        ctx: &Context,
        job: &Running,
        asked: &Asked,
        question: &Question,
        (completed, call): (&Result<Completion, Unanswered>, &Call<'_>),
    ) -> Result<(), JobError> {
        match completed {
            Ok(completion) => {
                let Some(text) = ai::chat_text(&completion.text) else {
                    tracing::warn!(
                        "a model answered nothing for a person: the customer gets the menu"
                    );
                    let answer = self.without_a_model(ctx, asked, question).await?;
                    return self
                        .write(ctx, asked, &answer, Cause::Bot, Some(call))
                        .await;
                };
                let pages = pages(&text, BODY_LIMIT).into_iter().map(Say::Text);
                let says: Vec<Say> = pages.chain(shown(&question.rounds)).collect();
                let answer = asked.speaker().say(&says);
                self.write_paid(ctx, asked, &answer, call).await
            }
            Err(unanswered) if gives_up(unanswered, job) => {
                tracing::warn!(error = %unanswered, "no model answered: the customer gets the menu");
                let answer = self.without_a_model(ctx, asked, question).await?;
                self.write(ctx, asked, &answer, Cause::Bot, Some(call))
                    .await
            }
            Err(unanswered) => {
                let mut work = Work::of(ctx, self.workspace).await?;
                ai::log_call(&mut work, call).await?;
                work.commit().await?;
                Err(match &unanswered.error {
                    Error::Busy { retry_after, .. } => JobError::retry_after(
                        retry_after.unwrap_or_default(),
                        "model_busy",
                        "the model is busy",
                    ),
                    error => JobError::retry(ai::class(error), error),
                })
            }
        }
    }

    /// Enqueues the answer ahead of the customer's next message, which may be about it.
    pub(super) async fn enqueue_first(
        &self,
        work: &mut Work,
        sequence: Option<&str>,
    ) -> Result<(), JobError> {
        let mut options = self.options().tenant(self.workspace);
        if let Some(sequence) = sequence {
            options = options.sequence(sequence).first_in_sequence();
        }
        self.enqueue_with(work.conn(), options).await?;
        Ok(())
    }

    async fn prepare(&self, ctx: &Context) -> Result<Option<Asked>, JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(conversation) = conversations::get(&mut work, self.conversation).await? else {
            return Ok(None);
        };
        if messages::body_of(&mut work, self.answer(FIRST_ID))
            .await?
            .is_some()
        {
            // An earlier run has answered. Another one would pay again.
            return Ok(None);
        }
        let count = TURNS + i64::try_from(self.earlier.len()).unwrap_or_default();
        let turns = messages::turns(&mut work, self.conversation, self.message, count).await?;
        let turns: Vec<Turn> = turns
            .into_iter()
            .map(|turn| Turn {
                inbound: turn.inbound,
                asks: turn.id == self.message || self.earlier.contains(&turn.id),
                text: turn.body,
            })
            .collect();
        // The customer has deleted the question.
        if !turns.iter().any(|turn| turn.asks) {
            return Ok(None);
        }
        // The customer has asked for a person meanwhile, or somebody of the business has begun to talk.
        if conversation.is_with_a_person(ctx.clock.now()) {
            return Ok(None);
        }
        let workspace = workspaces::get(&mut work).await?;
        if workspace.suspended {
            return Ok(None);
        }
        let contact = contacts::get(&mut work, conversation.contact).await?;
        let prompt = ai::active_prompt(&mut work, Some(conversation.channel)).await?;
        let prompt = match prompt {
            Some(prompt) => ai::affordable(&mut work, prompt).await?,
            None => None,
        };
        let (asked, language) = (words(&turns), language_of(&contact, &workspace));
        // Without telling words nothing is searched, so the meaning would be paid for in vain.
        let tells = prompt.is_some() && ai::telling(&mut work, &asked, language).await? > 0;
        let embedder = match tells {
            true => ai::embedder(&mut work).await?,
            false => None,
        };
        // The directory needs a connection of its own. A job that holds one connection and waits for a second can wait
        // for ever.
        drop(work);
        let channel = ctx
            .channels()
            .by_id(conversation.channel)
            .await
            .map_err(|error| JobError::retry("channel", error))?;
        let Some(channel) = channel else {
            return Ok(None);
        };
        let meaning = ai::meaning_of(ctx, self.workspace, embedder, &asked).await;
        let question = match prompt {
            Some(prompt) => {
                let mut work = Work::of(ctx, self.workspace).await?;
                let languages = (language, workspace.default_language.as_str());
                let mut question =
                    Question::prepare(&mut work, prompt, languages, turns, meaning.as_ref())
                        .await?;
                question.rounds = store::rounds(&mut work, self.message).await?;
                Some(question)
            }
            None => None,
        };
        Ok(Some(Asked {
            workspace,
            contact,
            conversation,
            kind: channel.kind,
            question,
        }))
    }

    /// Stores an answer that is paid for. A second run of the job would ask and pay again, so this tries several times
    /// when the database fails briefly.
    async fn write_paid(
        &self,
        ctx: &Context,
        asked: &Asked,
        answer: &Composed,
        call: &Call<'_>,
    ) -> Result<(), JobError> {
        for pause in HICCUPS {
            match self.write(ctx, asked, answer, Cause::Ai, Some(call)).await {
                Ok(()) => return Ok(()),
                Err(error) => {
                    tracing::warn!(?error, "a model's answer could not be written: once more");
                    tokio::time::sleep(pause).await;
                }
            }
        }
        self.write(ctx, asked, answer, Cause::Ai, Some(call)).await
    }

    /// Stores the answer and its cost in one transaction.
    async fn write(
        &self,
        ctx: &Context,
        asked: &Asked,
        answer: &Composed,
        cause: Cause,
        call: Option<&Call<'_>>,
    ) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        // Somebody of the business has written while the model worked. Two answers would confuse the customer. The lock
        // keeps out a member who answers now.
        let chat = conversations::lock_chat(&mut work, self.conversation).await?;
        let answers = chat.is_some_and(|chat| !chat.is_without_bot(ctx.clock.now()));
        if answers {
            self.say(&mut work, ctx.clock.now(), asked, answer, cause)
                .await?;
            if cause == Cause::Ai {
                usage::note_question(&mut work, self.message.uuid()).await?;
            }
        }
        // Last: it locks the sums of the workspace, for which the other answers of the business wait.
        if let Some(call) = call {
            let numbers = FIRST_ID..;
            let written = answer.bodies.iter().zip(numbers).filter(|_| answers);
            let call = Call {
                answers: written.map(|(_, n)| self.answer(n).uuid()).collect(),
                ..call.clone()
            };
            ai::log_call(&mut work, &call).await?;
        }
        work.commit().await?;
        if answers {
            kazi_queue::ring(pools::WHATSAPP);
        }
        Ok(())
    }

    /// The id of a message of the answer. It is always the same, so a second run writes nothing.
    fn answer(&self, number: u16) -> MessageId {
        MessageId::derived(self.message.uuid(), number)
    }

    /// Stores the messages of the answer, and what the customer can choose from.
    async fn say(
        &self,
        work: &mut Work,
        now: Timestamp,
        asked: &Asked,
        answer: &Composed,
        cause: Cause,
    ) -> Result<(), JobError> {
        for (body, number) in answer.bodies.iter().zip(FIRST_ID..) {
            let new = NewOutbound {
                id: self.answer(number),
                conversation: &asked.conversation,
                body,
                cause,
                at: now,
            };
            messages::queue_out(work, &new).await?;
        }
        let before = conversations::state(work, self.conversation).await?;
        let state = State {
            // A number chooses only from the last answer.
            options: answer.options.clone().unwrap_or_default(),
            ..before.clone()
        };
        if state != before {
            conversations::set_state(work, self.conversation, &state).await?;
        }
        Ok(())
    }

    /// Describes a call for the log.
    fn call<'a>(
        &self,
        question: &'a Question,
        completed: &'a Result<Completion, Unanswered>,
        took: Duration,
    ) -> Call<'a> {
        Call {
            conversation: Some(self.conversation),
            purpose: "reply",
            model_asked: question.model(),
            passages: question.known(),
            prompt: Some(question.asked_by()),
            answers: vec![self.answer(FIRST_ID).uuid()],
            ..Call::of(completed, took)
        }
    }
}

#[cfg(test)]
mod tests;
