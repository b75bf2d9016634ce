//! Embeddings: whether the knowledge is also searched by meaning.

use kazi_jobs::{
    Permission,
    ai::{self, Embeddings, EmbeddingsView},
};
use utoipa_axum::routes;

use crate::api::{Answer, caller::Caller, extract::Json, routes::Routes};

pub fn routes() -> Routes {
    Routes::new(
        "ai-embeddings",
        "Whether the knowledge is also searched by meaning.",
    )
    .add(Permission::PROMPTS_READ, routes!(embeddings))
    .add(Permission::PROMPTS_WRITE, routes!(set_embeddings))
}

/// Shows whether questions are also searched by meaning.
#[utoipa::path(get, path = "/api/v1/ai/embeddings",
    responses((status = 200, description = "As it is now.", body = EmbeddingsView)))]
async fn embeddings(caller: Caller) -> Answer<EmbeddingsView> {
    let mut work = caller.begin().await?;
    Ok(Json(ai::embeddings(&mut work).await?))
}

/// Sets whether questions are also searched by meaning.
///
/// A model at OpenRouter then gets the texts of all documents, and each question before it is answered. These calls are in the log
/// of calls with the purpose `embedding`, and end when the month's budget is spent. At most `most_pieces` pieces are searched by
/// meaning, the oldest first; all are searched by words and letters. A question whose meaning cannot be had is answered without it.
#[utoipa::path(put, path = "/api/v1/ai/embeddings", request_body = Embeddings,
    responses((status = 200, description = "As it is now.", body = EmbeddingsView)))]
async fn set_embeddings(caller: Caller, Json(new): Json<Embeddings>) -> Answer<EmbeddingsView> {
    let mut work = caller.begin().await?;
    let view = ai::set_embeddings(&mut work, &new).await?;
    work.commit().await?;
    Ok(Json(view))
}
