//! Embeddings: in a workspace that turns them on, a model turns each piece of the knowledge into a vector, and a question
//! also finds the pieces whose meaning is near.
//!
//! They only add to the search by words and letters. A question whose vector cannot be had is answered without it.

use std::time::{Duration, Instant};

use kazi_clients::openrouter::{Embedded, Embedding, Error, Privacy, Unanswered};
use kazi_platform::WorkspaceId;
use kazi_queue::{EnqueueError, Job};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    budget,
    calls::{self, Call},
    documents::DocumentError,
    embed::Embed,
    prompts::is_model,
    store::vectors as store,
};
use crate::{Context, Work, audit::Change, violations::Violations};

/// OpenAI's small model: two US cents for a million tokens.
const MODEL: &str = "openai/text-embedding-3-small";
/// A guess: it is not measured with a real model. A workspace can set another one.
const KNOWN_FROM: f32 = 0.45;
/// Numbers of a vector. With more, the comparison of a question with all pieces would take longer.
const DIMENSIONS: u32 = 256;
/// Pieces of a workspace that get a vector, the oldest first. A question is compared with each of them. The others are
/// found by words and letters alone.
pub(super) const MOST_PIECES: i64 = 2_000;
/// Characters of a question that count.
const QUESTION_CHARS: usize = 2_000;
/// The customer waits for this before the model even begins.
const PATIENCE: Duration = Duration::from_secs(3);
/// What these calls are for, in the log of calls.
const PURPOSE: &str = "embedding";

/// Whether the knowledge is also searched by meaning, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AiEmbeddings)]
pub struct Embeddings {
    pub enabled: bool,
    /// A model for embeddings at OpenRouter that takes `dimensions`.
    #[schema(example = "openai/text-embedding-3-small")]
    pub model: String,
    /// A passage whose cosine with the question is at least this answers it. Models differ.
    #[schema(example = 0.45, minimum = 0, maximum = 1)]
    pub known_from: f32,
}

/// The setting, and how far it is carried out.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AiEmbeddingsNow)]
pub struct EmbeddingsView {
    #[serde(flatten)]
    pub settings: Embeddings,
    /// The pieces of all documents.
    pub pieces: i64,
    /// Those of them that are searched by meaning. A job makes the missing ones, up to `most_pieces`.
    pub embedded: i64,
    pub most_pieces: i64,
}

async fn settings(work: &mut Work) -> Result<Embeddings, sqlx::Error> {
    Ok(store::settings(work).await?.unwrap_or_else(|| Embeddings {
        enabled: false,
        model: MODEL.to_owned(),
        known_from: KNOWN_FROM,
    }))
}

/// Shows the setting.
pub async fn embeddings(work: &mut Work) -> Result<EmbeddingsView, sqlx::Error> {
    let settings = settings(work).await?;
    let (pieces, embedded) = store::count(work, &settings.model).await?;
    Ok(EmbeddingsView {
        settings,
        pieces,
        embedded,
        most_pieces: MOST_PIECES,
    })
}

/// Sets it. A job makes the vectors that are missing.
pub async fn set_embeddings(
    work: &mut Work,
    new: &Embeddings,
) -> Result<EmbeddingsView, DocumentError> {
    let mut violations = Violations::default();
    violations.unless(
        is_model(&new.model),
        "/model",
        "invalid",
        "must be the name of a model at OpenRouter, like openai/text-embedding-3-small",
    );
    violations.unless(
        (0.0..=1.0).contains(&new.known_from),
        "/known_from",
        "out_of_range",
        "must be 0 to 1",
    );
    violations.end()?;
    let before = settings(work).await?;
    store::set(work, new).await?;
    let (action, subject) = (
        "ai.set_embeddings",
        ("ai_embeddings", work.workspace().uuid()),
    );
    work.audit(&Change::updated(action, subject, &before, new))
        .await?;
    wish(work).await?;
    Ok(embeddings(work).await?)
}

/// Lets a job make the vectors of new pieces.
pub(super) async fn wish(work: &mut Work) -> Result<(), EnqueueError> {
    if settings(work).await?.enabled {
        let workspace = work.workspace();
        Embed { workspace }.enqueue(work.conn()).await?;
    }
    Ok(())
}

/// Embeddings that are on and within the budget.
pub struct Embedder(Embeddings);

/// The embeddings of a workspace, unless they are off or the month's budget is spent.
pub async fn embedder(work: &mut Work) -> Result<Option<Embedder>, sqlx::Error> {
    let settings = settings(work).await?;
    let may = settings.enabled && !budget::is_spent(work).await?;
    Ok(may.then_some(Embedder(settings)))
}

/// What a question means, to a model.
pub struct Meaning {
    pub(super) model: String,
    pub(super) known_from: f32,
    pub(super) vector: Vec<f32>,
}

impl Embedder {
    pub(super) fn model(&self) -> &str {
        &self.0.model
    }

    pub(super) fn request(&self, input: Vec<String>) -> Embedding {
        Embedding {
            model: self.0.model.clone(),
            input,
            dimensions: DIMENSIONS,
            provider: Privacy::default(),
        }
    }

    /// Describes a call for the log.
    pub(super) fn call<'a>(
        &'a self,
        embedded: &'a Result<Embedded, Unanswered>,
        took: Duration,
    ) -> Call<'a> {
        Call {
            purpose: PURPOSE,
            model_asked: &self.0.model,
            ..Call::of_embedding(embedded, took)
        }
    }
}

/// Asks a model what a question means. Without an embedder, or without an answer in time, there is no meaning, and the
/// question is answered all the same.
pub async fn meaning_of(
    ctx: &Context,
    workspace: WorkspaceId,
    embedder: Option<Embedder>,
    question: &str,
) -> Option<Meaning> {
    let (embedder, client) = (embedder?, ctx.openrouter()?);
    let question: String = question.trim().chars().take(QUESTION_CHARS).collect();
    if question.is_empty() {
        return None;
    }
    let request = embedder.request(vec![question]);
    let started = Instant::now();
    let asked = tokio::time::timeout(PATIENCE, client.embed(&request)).await;
    let embedded = asked.unwrap_or_else(|_| Err(Error::Unavailable(TOO_LATE).into()));
    let call = embedder.call(&embedded, started.elapsed());
    calls::count(&call);
    if let Err(error) = log(ctx, workspace, &call).await {
        tracing::warn!(%error, "the call for a question's meaning is not in the log");
    }
    match embedded {
        Ok(mut done) => done.vectors.pop().map(|vector| Meaning {
            model: embedder.0.model,
            known_from: embedder.0.known_from,
            vector,
        }),
        Err(error) => {
            tracing::warn!(%error, "a question is searched by words and letters alone");
            None
        }
    }
}

/// The status of an answer that came too late.
const TOO_LATE: i64 = 408;

async fn log(ctx: &Context, workspace: WorkspaceId, call: &Call<'_>) -> Result<(), sqlx::Error> {
    let mut work = Work::of(ctx, workspace).await?;
    calls::log_call(&mut work, call).await?;
    work.commit().await
}
