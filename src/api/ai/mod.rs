//! The instructions of a business for its model, what the model may know, and what it costs.

mod calls;
mod embeddings;
mod knowledge;
mod prompts;

use axum::http::StatusCode;
use kazi_jobs::{
    ai::{DocumentError, PromptError, UsageError},
    bot::RehearsalError,
};

use crate::api::{errors::conflict, routes::Routes};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        prompts::routes(),
        knowledge::routes(),
        embeddings::routes(),
        calls::routes(),
    ]
}

impl From<PromptError> for Problem {
    fn from(error: PromptError) -> Self {
        match error {
            PromptError::Invalid(invalid) => invalid.into(),
            PromptError::NoRevision => NOT_FOUND,
            PromptError::Active => conflict(
                "prompt_active",
                "The prompt is active: activate another one, or deactivate this one.",
            ),
            PromptError::Database(error) => error.into(),
        }
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Invalid(invalid) => invalid.into(),
            DocumentError::NoPage => conflict(
                "no_page",
                "The document is no page of the web: replace it instead.",
            ),
            DocumentError::Enqueue(error) => error.into(),
            DocumentError::Database(error) => error.into(),
        }
    }
}

impl From<RehearsalError> for Problem {
    fn from(error: RehearsalError) -> Self {
        match error {
            RehearsalError::NothingKnown => conflict(
                "nothing_known",
                "Nothing in the knowledge or the catalogue answers this question: a customer gets the menu.",
            ),
            RehearsalError::NoKey | RehearsalError::OverBudget | RehearsalError::Unanswered(_) => {
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "model_unavailable",
                    "No model answered.",
                )
                .detail(error.to_string())
            }
            RehearsalError::Database(error) => error.into(),
        }
    }
}

impl From<UsageError> for Problem {
    fn from(error: UsageError) -> Self {
        match error {
            UsageError::Invalid(invalid) => invalid.into(),
            UsageError::Database(error) => error.into(),
        }
    }
}
