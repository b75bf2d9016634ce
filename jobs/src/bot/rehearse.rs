//! Tries a prompt on a written conversation. The model is asked as for a customer, and nobody gets the answer.
//!
//! [`Rehearsal::check`] comes first. [`rehearse`] reads the database, [`Rehearsing::ask`] asks the model, and
//! [`Heard::log`] writes the cost. So no connection is held while the model works.

use std::time::Duration;

use kazi_clients::{
    openrouter::{Completion, Unanswered},
    whatsapp::BODY_LIMIT,
};
use kazi_platform::{invalid::Invalid, texts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    pages::pages,
    question::{Question, Turn},
};
use crate::{
    Context, Work,
    ai::{self, Call, Meaning, Prompt},
    violations::Violations,
    workspaces,
};

const TURNS: usize = 10;
const TURN_CHARS: usize = 4_096;

texts! {
    pub enum Author as "RehearsalAuthor" {
        Customer = "customer",
        Business = "business",
    }
}

/// A written conversation.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rehearsal {
    /// The customer's language: `en`, `fr`, `es`, `pt`, `ar` or `hi`. Without it, the workspace's.
    #[schema(example = "en")]
    pub language: Option<String>,
    /// The turns, oldest first. The customer wrote the last one.
    #[schema(min_items = 1, max_items = 10)]
    pub turns: Vec<RehearsalTurn>,
}

impl Rehearsal {
    /// What the customer asks.
    pub fn question(&self) -> &str {
        self.turns.last().map_or("", |turn| turn.text.as_str())
    }

    /// Checks what a caller wrote.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Violations::default();
        if let Some(language) = &self.language {
            violations.language("/language", language);
        }
        violations.unless(
            (1..=TURNS).contains(&self.turns.len()),
            "/turns",
            "length",
            format!("must have 1 to {TURNS} turns"),
        );
        for (number, turn) in self.turns.iter().enumerate() {
            violations.text(&format!("/turns/{number}/text"), &turn.text, 1, TURN_CHARS);
        }
        if let Some(last) = self.turns.len().checked_sub(1) {
            violations.unless(
                self.turns[last].author == Author::Customer,
                format!("/turns/{last}/author"),
                "not_the_customer",
                "must be customer in the last turn",
            );
        }
        violations.end()
    }
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RehearsalTurn {
    pub author: Author,
    #[schema(example = "When do you open?", min_length = 1, max_length = 4096)]
    pub text: String,
}

/// The answer that a customer would get.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Rehearsed {
    /// One text for each message.
    #[schema(example = json!(["We open at 8:00."]))]
    pub messages: Vec<String>,
    /// The passages of the catalogue and the knowledge that the model got.
    #[schema(example = json!(["Opening hours: We open at 8:00."]))]
    pub passages: Vec<String>,
    /// The model that answered.
    #[schema(example = "openai/gpt-5-mini")]
    pub model: String,
    pub prompt_tokens: u32,
    pub completion_tokens: u32,
    /// Millionths of a US dollar.
    pub cost_micro: i64,
    pub latency_ms: i32,
}

#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// The program has no key for OpenRouter.
    #[error("this Kazi has no key for OpenRouter")]
    NoKey,
    /// The customer would get the menu.
    #[error("nothing in the knowledge or the catalogue answers the question")]
    NothingKnown,
    #[error("this month's budget for models is spent")]
    OverBudget,
    /// The class of the model's error.
    #[error("the call ended with {0}")]
    Unanswered(&'static str),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A question that is ready for the model.
pub struct Rehearsing(Question);

/// Prepares the question that a checked conversation ends with.
///
/// # Errors
/// [`RehearsalError::OverBudget`], [`RehearsalError::NothingKnown`]
pub async fn rehearse(
    work: &mut Work,
    prompt: Prompt,
    rehearsal: Rehearsal,
    meaning: Option<&Meaning>,
) -> Result<Rehearsing, RehearsalError> {
    let prompt = ai::affordable(work, prompt).await?;
    let mut prompt = prompt.ok_or(RehearsalError::OverBudget)?;
    // There is no customer for whom a tool could act.
    prompt.tools = false;
    let fallback = workspaces::get(work).await?.default_language;
    let language = rehearsal.language.unwrap_or_else(|| fallback.clone());
    let mut turns: Vec<Turn> = rehearsal
        .turns
        .into_iter()
        .map(|turn| Turn {
            inbound: turn.author == Author::Customer,
            asks: false,
            text: turn.text,
        })
        .collect();
    if let Some(last) = turns.last_mut() {
        last.asks = true;
    }
    let languages = (language.as_str(), fallback.as_str());
    let question = Question::prepare(work, prompt, languages, turns, meaning).await?;
    match question.unknown() {
        Some(_) => Err(RehearsalError::NothingKnown),
        None => Ok(Rehearsing(question)),
    }
}

/// What became of the question.
pub struct Heard {
    question: Question,
    completed: Result<Completion, Unanswered>,
    took: Duration,
}

impl Rehearsing {
    /// Asks the model.
    ///
    /// # Errors
    /// [`RehearsalError::NoKey`]
    pub async fn ask(self, ctx: &Context) -> Result<Heard, RehearsalError> {
        let Self(mut question) = self;
        let client = ctx.openrouter().ok_or(RehearsalError::NoKey)?;
        let (completed, took) = question.ask(&client).await;
        let heard = Heard {
            question,
            completed,
            took,
        };
        ai::count(&heard.call());
        Ok(heard)
    }
}

impl Heard {
    fn call(&self) -> Call<'_> {
        Call {
            purpose: "test",
            model_asked: self.question.model(),
            passages: self.question.known(),
            prompt: Some(self.question.asked_by()),
            ..Call::of(&self.completed, self.took)
        }
    }

    /// Logs the call and its cost, answered or not.
    pub async fn log(&self, work: &mut Work) -> Result<(), sqlx::Error> {
        ai::log_call(work, &self.call()).await
    }

    /// # Errors
    /// [`RehearsalError::Unanswered`]
    pub fn answer(&self) -> Result<Rehearsed, RehearsalError> {
        let call = self.call();
        let completion = self
            .completed
            .as_ref()
            .map_err(|_| RehearsalError::Unanswered(call.outcome))?;
        // A customer would get the menu instead.
        let text =
            ai::chat_text(&completion.text).ok_or(RehearsalError::Unanswered("model_no_text"))?;
        Ok(Rehearsed {
            messages: pages(&text, BODY_LIMIT),
            passages: self
                .question
                .known()
                .iter()
                .map(|passage| passage.text.clone())
                .collect(),
            model: completion.model.clone(),
            prompt_tokens: call.prompt_tokens,
            completion_tokens: call.completion_tokens,
            cost_micro: call.cost_micro,
            latency_ms: call.latency_ms,
        })
    }
}
