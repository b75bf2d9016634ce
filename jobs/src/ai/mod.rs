//! AI: the workspace's prompts, its knowledge and the search in it, and the log of costs.

mod chat_text;
mod chunk;
mod documents;
mod prompts;
mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub(crate) use chat_text::chat_text;
pub use documents::{
    Document, DocumentError, DocumentId, DocumentText, Format, NewDocument, create_document,
    delete_document, replace_document,
};
use kazi_clients::{
    http::Failure,
    openrouter::{Completion, Error, Unanswered},
};
pub use prompts::{
    NewPrompt, Prompt, PromptError, PromptId, PromptPatch, PromptRevision, activate_prompt,
    create_prompt, deactivate_prompt, delete_prompt, restore_prompt, update_prompt,
};
pub use store::{
    Call,
    documents::{document_text, documents, lock_document},
    log_call,
    prompts::{active_prompt, find_prompt, lock_prompt, prompt_revisions, prompts},
};

use crate::{
    Work, catalog,
    domain::{Domain, Figures},
    permission::permissions,
};

pub(crate) const DOMAIN: Domain = Domain {
    name: "ai",
    floor: 4,
    tables: &[
        "ai_calls",
        "knowledge",
        "knowledge_documents",
        "prompt_revisions",
        "prompts",
    ],
    offers: &[&PERMISSIONS, &Figures(include_str!("figures.txt"))],
    ..Domain::NONE
};

permissions! {
    /// Prompts and knowledge.
    PROMPTS_READ = "prompts.read", Viewer;
    /// Changes them.
    PROMPTS_WRITE = "prompts.write", Admin;
}

/// A piece of knowledge for the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    pub text: String,
    /// How well it fits the question.
    pub rank: f32,
}

/// An estimate: in our languages a token has about four bytes of UTF-8. Arabic and Hindi have fewer, so the estimate is
/// high for them, which is safe.
fn tokens(text: &str) -> usize {
    text.len().div_ceil(4)
}

/// Finds passages of the catalogue and the knowledge for a question, best first, within a limit of tokens.
pub async fn retrieve(
    work: &mut Work,
    language: &str,
    fallback: &str,
    question: &str,
    budget: usize,
) -> Result<Vec<Passage>, sqlx::Error> {
    let mut passages = store::knowledge(work, language, fallback, question, 8).await?;
    let products = catalog::search(work, language, fallback, question, 8).await?;
    passages.extend(products.into_iter().map(|(product, rank)| {
        let stock = if product.stock > 0 {
            "in stock"
        } else {
            "out of stock"
        };
        Passage {
            text: format!(
                "{} ({}), {}: {}",
                product.name, product.price, stock, product.description
            ),
            rank,
        }
    }));
    // A stable sort, so that equal passages stay in the order of their ids.
    passages.sort_by(|a, b| b.rank.total_cmp(&a.rank));
    let mut left = budget;
    passages.retain(|passage| {
        let fits = tokens(&passage.text) <= left;
        left -= if fits { tokens(&passage.text) } else { 0 };
        fits
    });
    Ok(passages)
}

impl<'a> Call<'a> {
    /// What a call took, and what it cost: an answer that nobody can use is paid for too. The rest is the caller's.
    pub(crate) fn of(completed: &'a Result<Completion, Unanswered>, took: Duration) -> Self {
        let (model, usage, outcome) = match completed {
            Ok(done) => (Some(done.model.as_str()), done.usage, "ok"),
            Err(failed) => (failed.model.as_deref(), failed.usage, class(&failed.error)),
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a cost in millionths of a dollar fits by far; `as` saturates"
        )]
        let cost_micro = (usage.cost * 1e6).round() as i64;
        Self {
            conversation: None,
            purpose: "",
            model_asked: "",
            model_served: model.filter(|model| !model.is_empty()),
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
            cost_micro,
            latency_ms: i32::try_from(took.as_millis()).unwrap_or(i32::MAX),
            outcome,
        }
    }
}

/// Counts a call that has ended, with or without cost.
pub(crate) fn count(call: &Call<'_>) {
    let purpose = call.purpose.to_owned();
    metrics::counter!("kazi_ai_calls_total", "purpose" => purpose.clone(), "outcome" => call.outcome).increment(1);
    let tokens = [("in", call.prompt_tokens), ("out", call.completion_tokens)];
    for (direction, tokens) in tokens {
        metrics::counter!("kazi_ai_tokens_total", "purpose" => purpose.clone(), "direction" => direction)
            .increment(tokens.into());
    }
    metrics::counter!("kazi_ai_cost_microdollars_total", "purpose" => purpose.clone())
        .increment(u64::try_from(call.cost_micro).unwrap_or_default());
    metrics::histogram!("kazi_ai_call_seconds", "purpose" => purpose)
        .record(f64::from(call.latency_ms) / 1e3);
}

/// The class of an error, for the log and for jobs.
pub(crate) const fn class(error: &Error) -> &'static str {
    match error {
        Error::BadRequest(_) => "model_refused",
        Error::Credential => "model_key",
        Error::NoCredit => "model_credit",
        Error::Moderated => "model_moderation",
        Error::Busy { .. } => "model_busy",
        Error::Unavailable(_) => "model_unavailable",
        Error::Empty => "model_empty",
        Error::Cut => "model_cut",
        Error::Failed(Failure::NotSent(_)) => "model_unreachable",
        Error::Failed(Failure::Ambiguous(_)) => "model_no_answer",
    }
}
