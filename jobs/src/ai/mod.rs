//! AI: the workspace's prompts, its knowledge and the search in it, the log of costs, and the budget.

mod budget;
mod calls;
mod chat_text;
mod chunk;
mod documents;
mod embed;
mod embeddings;
mod fetch_page;
mod html;
mod imports;
mod page;
mod pdf;
mod prompts;
mod purge;
mod retrieve;
mod store;
#[cfg(test)]
mod tests;

pub use budget::{AtLimit, Budget, BudgetState, BudgetView, affordable, budget, set_budget};
pub(crate) use calls::count;
pub use calls::{
    AiCallId, Call, CallDetail, CallFilter, CallView, CostBucket, DayCost, Days, Usage, UsageError,
    UsageReport, call, log_call, usage,
};
pub(crate) use chat_text::chat_text;
pub use documents::{
    Document, DocumentError, DocumentId, DocumentSource, DocumentState, DocumentText, Format,
    KnowledgePassage, NewDocument, PassageId, create_document, delete_document, replace_document,
};
pub use embed::{Embed, EmbedAll};
pub use embeddings::{
    Embeddings, EmbeddingsView, Meaning, embedder, embeddings, meaning_of, set_embeddings,
};
pub use fetch_page::FetchPage;
pub use imports::{
    NewPage, NewPdf, Pdf, create_page, create_pdf, fetch_again, read_pdf, replace_pdf,
};
use kazi_clients::{http::Failure, openrouter::Error};
use kazi_queue::{Registry, cron::Schedule};
pub use pdf::MAX_PDF;
pub use prompts::{
    NewPrompt, Prompt, PromptError, PromptId, PromptPatch, PromptRevision, activate_prompt,
    create_prompt, deactivate_prompt, delete_prompt, restore_prompt, update_prompt,
};
pub use purge::Purge;
pub use retrieve::{Passage, Retrieved, Source, Verdict, retrieve, telling};
pub use store::{
    calls::{PurposeCost, calls, calls_behind, cost_by_day, cost_of_all},
    documents::{document_text, documents, lock_document, passages},
    prompts::{active_prompt, find_prompt, lock_prompt, prompt_revisions, prompts},
};

use crate::{
    Context,
    domain::{Domain, Figures},
    notifications::kinds,
    permission::permissions,
};

pub(crate) const DOMAIN: Domain = Domain {
    name: "ai",
    floor: 4,
    jobs,
    tables: &[
        "ai_usage",
        "ai_months",
        "ai_budgets",
        "ai_passages",
        "ai_answers",
        "ai_calls",
        "ai_embedders",
        "knowledge_vectors",
        "knowledge",
        "knowledge_documents",
        "prompt_revisions",
        "prompts",
    ],
    offers: &[
        &PERMISSIONS,
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
    ],
};

permissions! {
    /// Prompts and knowledge.
    PROMPTS_READ = "prompts.read", Viewer;
    /// Changes them.
    PROMPTS_WRITE = "prompts.write", Admin;
    /// Calls of models, and what they cost.
    AI_COSTS_READ = "ai_costs.read", Admin;
    /// Sets what they may cost.
    AI_BUDGET_WRITE = "ai_budget.write", Admin;
}

kinds! {
    /// 80 % of the month's budget for models is spent.
    AI_BUDGET_WARNED = "ai_budget_warned";
    /// The month's budget for models is spent.
    AI_BUDGET_REACHED = "ai_budget_reached";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let hourly = Schedule::new("ai.embed_all", "23 * * * *");
    let nightly = Schedule::new("ai.purge", "37 3 * * *");
    registry
        .register::<FetchPage>()
        .register::<Embed>()
        .register::<EmbedAll>()
        .register::<Purge>()
        .schedule(hourly, &EmbedAll {})
        .schedule(nightly, &Purge {})
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
