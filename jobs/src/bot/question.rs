//! What a model is asked: the prompt, what it may know of the business, and the last turns of the conversation.

use std::time::{Duration, Instant};

use kazi_clients::openrouter::{
    ChatTurn, Completion, Error, OpenRouter, Privacy, Request, Unanswered,
};

use crate::{
    Work,
    ai::{self, Passage, Prompt},
    conversations::fit,
    locale,
};

/// Characters of one turn.
const TURN_LIMIT: usize = 1_000;
/// Tokens of knowledge that the model gets.
const KNOWLEDGE: usize = 1_500;
/// Passages that the model gets when the request was too long for it.
const FEW_PASSAGES: usize = 3;

/// One turn of a conversation.
pub(super) struct Turn {
    /// Whether the customer wrote it.
    pub inbound: bool,
    /// Whether it is a line of the question.
    pub asks: bool,
    pub text: String,
}

pub(super) struct Question {
    prompt: Prompt,
    language: String,
    known: Vec<Passage>,
    /// Oldest first. The last turns are the question.
    turns: Vec<Turn>,
}

impl Question {
    /// Looks up what the model may know for a question in this language.
    pub async fn prepare(
        work: &mut Work,
        prompt: Prompt,
        (language, fallback): (&str, &str),
        turns: Vec<Turn>,
    ) -> Result<Self, sqlx::Error> {
        let lines = turns.iter().filter(|turn| turn.asks);
        let lines: Vec<&str> = lines.map(|turn| turn.text.as_str()).collect();
        let asked = lines.join("\n");
        Ok(Self {
            known: ai::retrieve(work, language, fallback, &asked, KNOWLEDGE).await?,
            prompt,
            language: language.to_owned(),
            turns,
        })
    }

    pub fn model(&self) -> &str {
        self.prompt.models.first().map_or("", String::as_str)
    }

    pub fn known(&self) -> &[Passage] {
        &self.known
    }

    /// Asks the model. When the request is too long for it, asks once more without what was said before the question.
    pub async fn ask(&mut self, client: &OpenRouter) -> (Result<Completion, Unanswered>, Duration) {
        let started = Instant::now();
        let mut completed = client.complete(&self.request()).await;
        let too_long = |unanswered: &Unanswered| matches!(unanswered.error, Error::BadRequest(_));
        if completed.as_ref().is_err_and(too_long) && self.turns.iter().any(|turn| !turn.asks) {
            self.turns.retain(|turn| turn.asks);
            self.known.truncate(FEW_PASSAGES);
            completed = client.complete(&self.request()).await;
        }
        (completed, started.elapsed())
    }

    fn request(&self) -> Request {
        let mut system = self.prompt.body.clone();
        system.push_str("\n\nUse only what is written below about the business. If it does not answer the question, say so and offer the menu or a person.\n");
        for passage in &self.known {
            system.push_str(&format!("\n- {}", passage.text));
        }
        let language = locale::text(&self.language, "language-name", &[]);
        system.push_str(&format!(
            "\n\nAnswer in {language}, in at most five short sentences, without Markdown headings."
        ));
        let turn = |role: &str, content| ChatTurn {
            role: role.to_owned(),
            content,
        };
        let said = self.turns.iter().map(|said| {
            let role = if said.inbound { "user" } else { "assistant" };
            turn(role, fit(&said.text, TURN_LIMIT))
        });
        Request {
            models: self.prompt.models.clone(),
            messages: std::iter::once(turn("system", system))
                .chain(said)
                .collect(),
            max_tokens: u32::try_from(self.prompt.max_tokens).unwrap_or(500),
            temperature: self.prompt.temperature,
            provider: Privacy::default(),
        }
    }
}
