//! The log of calls to models, and their sums by day. The row of a call, its share of the sums, and the answer that it
//! paid for are written in one transaction.

use std::time::Duration;

use chrono::NaiveDate;
use kazi_clients::openrouter::{Completion, Embedded, Unanswered, Usage as Paid};
use kazi_platform::{ConversationId, Timestamp, id, invalid::Invalid, texts};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Passage, PromptId, budget, class,
    store::{calls as store, passages},
};
use crate::{Work, violations::Violations, workspaces};

id!(
    /// A call of a model.
    pub struct AiCallId, "aic_"
);

/// A call that costs less, in millionths of a US dollar, is cheap: a tenth of a cent.
const MEDIUM_FROM_MICRO: i64 = 1_000;
/// A call that costs as much or more is expensive: a cent.
const HIGH_FROM_MICRO: i64 = 10_000;
/// The most days of one report.
const REPORT_DAYS: i64 = 92;

texts! {
    /// What one call cost: `low` is less than 1,000 millionths of a US dollar, `high` is 10,000 or more.
    pub enum CostBucket as "AiCostBucket" {
        Low = "low",
        Medium = "medium",
        High = "high",
    }
}

impl CostBucket {
    const fn of(cost_micro: i64) -> Self {
        match cost_micro {
            ..MEDIUM_FROM_MICRO => Self::Low,
            MEDIUM_FROM_MICRO..HIGH_FROM_MICRO => Self::Medium,
            _ => Self::High,
        }
    }
}

/// A call of a model, for the log of costs.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The conversation, if there is one.
    pub conversation: Option<ConversationId>,
    pub purpose: &'a str,
    pub model_asked: &'a str,
    pub model_served: Option<&'a str>,
    pub prompt_tokens: u32,
    pub completion_tokens: u32,
    /// Millionths of a US dollar.
    pub cost_micro: i64,
    pub latency_ms: i32,
    /// `ok`, or the class of the error.
    pub outcome: &'static str,
    /// What the model was given, the best first.
    pub passages: &'a [Passage],
    /// The prompt and its revision.
    pub prompt: Option<(PromptId, i32)>,
    /// The messages that the call is behind. A call of tools is behind the message that follows it.
    pub answers: Vec<Uuid>,
}

/// The outcome of a question that nothing in the knowledge answers. No model was asked.
pub(super) const NOTHING_KNOWN: &str = "nothing_known";

impl<'a> Call<'a> {
    /// What a call took, and what it cost: an answer that nobody can use is paid for too. The rest is the caller's.
    pub(crate) fn of(completed: &'a Result<Completion, Unanswered>, took: Duration) -> Self {
        let done = |done: &'a Completion| (Some(done.model.as_str()), done.usage);
        Self::ended(completed.as_ref().map(done), took)
    }

    /// The same for a call that made vectors.
    pub(super) fn of_embedding(embedded: &'a Result<Embedded, Unanswered>, took: Duration) -> Self {
        let done = |done: &'a Embedded| (done.model.as_deref(), done.usage);
        Self::ended(embedded.as_ref().map(done), took)
    }

    fn ended(end: Result<(Option<&'a str>, Paid), &'a Unanswered>, took: Duration) -> Self {
        let (model, usage, outcome) = match end {
            Ok((model, usage)) => (model, usage, "ok"),
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
            passages: &[],
            prompt: None,
            answers: Vec::new(),
        }
    }

    /// A question that no model was asked, because nothing that was found answers it.
    pub(crate) fn nothing_known(model: &'a str, passages: &'a [Passage]) -> Self {
        Self {
            conversation: None,
            purpose: "",
            model_asked: model,
            model_served: None,
            prompt_tokens: 0,
            completion_tokens: 0,
            cost_micro: 0,
            latency_ms: 0,
            outcome: NOTHING_KNOWN,
            passages,
            prompt: None,
            answers: Vec::new(),
        }
    }
}

/// A call as members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AiCall)]
pub struct CallView {
    pub id: AiCallId,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The conversation, if there is one.
    pub conversation_id: Option<ConversationId>,
    /// What the call was for.
    #[schema(example = "reply")]
    pub purpose: String,
    #[schema(example = "openai/gpt-4o-mini")]
    pub model_asked: String,
    /// The model that answered: a substitute, when the first was not available.
    #[schema(example = "openai/gpt-4o-mini")]
    pub model_served: Option<String>,
    pub prompt_tokens: i32,
    pub completion_tokens: i32,
    /// Millionths of a US dollar.
    pub cost_micro: i64,
    pub latency_ms: i32,
    /// `ok`, or the class of the error. `nothing_known`: no passage answers the question, so no model was asked.
    #[schema(example = "ok")]
    pub outcome: String,
    /// The prompt, if it was kept with the call.
    pub prompt_id: Option<PromptId>,
    /// The revision that the prompt had.
    #[schema(example = 3)]
    pub prompt_revision: Option<i32>,
}

/// A call with what the model was given.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AiCallDetail)]
pub struct CallDetail {
    #[serde(flatten)]
    pub call: CallView,
    /// The passages of the documents and the products, the best first.
    pub passages: Vec<Passage>,
}

/// Which calls to list. A call must fit every field that is given.
#[derive(Clone, Debug, Default)]
pub struct CallFilter {
    /// The model that answered, or else the one that was asked.
    pub model: Option<String>,
    pub purpose: Option<String>,
    pub outcome: Option<String>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// The calls of one day with the same purpose, model and cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AiUsage)]
pub struct Usage {
    /// In the workspace's time zone.
    #[schema(value_type = String, format = Date)]
    pub day: NaiveDate,
    #[schema(example = "reply")]
    pub purpose: String,
    /// The model that answered, or else the one that was asked.
    #[schema(example = "openai/gpt-4o-mini")]
    pub model: String,
    pub bucket: CostBucket,
    pub calls: i64,
    /// Those of the calls without an answer.
    pub failed: i64,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    /// Millionths of a US dollar.
    pub cost_micro: i64,
}

/// Sums of calls over some days.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AiUsageReport)]
pub struct UsageReport {
    /// The first day, in the workspace's time zone.
    #[schema(value_type = String, format = Date)]
    pub from: NaiveDate,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub until: NaiveDate,
    pub calls: i64,
    /// Millionths of a US dollar.
    pub cost_micro: i64,
    /// The newest day first.
    pub items: Vec<Usage>,
}

/// The days of a report. Without a first day it is this month; without a last day it ends today.
#[derive(Clone, Copy, Debug, Default)]
pub struct Days {
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Counts a call that has ended, with or without cost. A question that no model was asked has neither cost nor duration.
pub(crate) fn count(call: &Call<'_>) {
    let purpose = call.purpose.to_owned();
    metrics::counter!("kazi_ai_calls_total", "purpose" => purpose.clone(), "outcome" => call.outcome).increment(1);
    if call.outcome == NOTHING_KNOWN {
        return;
    }
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

/// Logs a call with its passages, adds it to the sums, and tells admins when it reaches the budget. The sums are of calls
/// that a model got.
pub async fn log_call(work: &mut Work, call: &Call<'_>) -> Result<(), sqlx::Error> {
    let id = store::insert(work, call).await?;
    passages::insert(work, id, call.passages).await?;
    store::insert_answers(work, id, &call.answers).await?;
    if call.outcome == NOTHING_KNOWN {
        return Ok(());
    }
    let today = workspaces::today(work).await?;
    store::add(work, today, CostBucket::of(call.cost_micro), call).await?;
    budget::spend(work, today, call.cost_micro).await
}

/// A call with what the model was given.
pub async fn call(work: &mut Work, id: AiCallId) -> Result<Option<CallDetail>, sqlx::Error> {
    let Some(call) = store::call(work, id).await? else {
        return Ok(None);
    };
    let passages = passages::of_call(work, id).await?;
    Ok(Some(CallDetail { call, passages }))
}

/// Sums the calls of some days. It reads a row for each day, purpose, model and bucket, and no call.
pub async fn usage(work: &mut Work, days: Days) -> Result<UsageReport, UsageError> {
    let today = workspaces::today(work).await?;
    let until = days.until.unwrap_or(today);
    let from = days.from.unwrap_or_else(|| budget::month_of(until));
    let mut violations = Violations::default();
    violations.unless(
        from <= until && (until - from).num_days() < REPORT_DAYS,
        "/from",
        "out_of_range",
        format!("must be at most {REPORT_DAYS} days up to `until`"),
    );
    violations.end()?;
    let items = store::usage(work, from, until).await?;
    Ok(UsageReport {
        from,
        until,
        calls: items.iter().map(|row| row.calls).sum(),
        cost_micro: items.iter().map(|row| row.cost_micro).sum(),
        items,
    })
}

/// What the calls of a day cost.
#[derive(Clone, Copy, Debug)]
pub struct DayCost {
    pub day: NaiveDate,
    pub calls: i64,
    /// Millionths of a US dollar.
    pub cost_micro: i64,
}

#[cfg(test)]
mod tests {
    use super::{
        CostBucket::{High, Low, Medium},
        *,
    };

    #[test]
    fn a_call_is_low_medium_or_high_by_its_cost() {
        let buckets = [0, 999, 1_000, 9_999, 10_000, 2_000_000].map(CostBucket::of);
        assert_eq!(buckets, [Low, Low, Medium, Medium, High, High]);
    }
}
