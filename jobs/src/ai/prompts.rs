//! Prompts: the instructions of a business for its model. A channel has at most one active prompt of its own. Another
//! active prompt, without a channel, serves all other channels.
//!
//! A change of the text or of the model's settings is a new revision. Kazi keeps all revisions, so that a business can go
//! back to a text that worked.

use kazi_platform::{Timestamp, id, invalid::Invalid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::prompts as store;
use crate::{
    Work,
    audit::Change,
    channels::{self, ChannelId},
    violations::{Violations, invalid},
};

id!(
    /// A prompt.
    pub struct PromptId, "prm_"
);

const KIND: &str = "prompt";
const NAME_CHARS: usize = 100;
/// About 5,000 tokens. The model reads, and the business pays for, the whole body with each question.
const BODY_CHARS: usize = 20_000;
const MODELS: usize = 5;
const MODEL_CHARS: usize = 100;
const MAX_TOKENS: i32 = 8_000;

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Prompt {
    pub id: PromptId,
    #[schema(example = "Assistant")]
    pub name: String,
    /// The channel that the prompt is for. Without it: all channels without an active prompt of their own.
    pub channel_id: Option<ChannelId>,
    #[schema(example = "You are the assistant of Baraka Tea. Be brief and friendly.")]
    pub body: String,
    /// The model, and its substitutes when it is not available, by their names at OpenRouter.
    #[schema(example = json!(["openai/gpt-5-mini", "google/gemini-3-flash"]))]
    pub models: Vec<String>,
    /// 0 to 2. A higher temperature makes answers more various.
    pub temperature: f32,
    /// The longest answer, in tokens.
    pub max_tokens: i32,
    /// Whether the model may call tools for the customer: search the catalogue, fill the cart, look up orders,
    /// subscriptions, opening hours and free times, and hand over to a person. Orders and bookings need the customer's
    /// own tap.
    pub tools: bool,
    /// Whether the bot uses the prompt.
    pub active: bool,
    /// Rises with each change of `body`, `models`, `temperature`, `max_tokens` or `tools`.
    pub revision: i32,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
}

/// The text and the settings that a prompt had.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PromptRevision {
    pub revision: i32,
    pub body: String,
    pub models: Vec<String>,
    pub temperature: f32,
    pub max_tokens: i32,
    pub tools: bool,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A prompt is not active until it is activated.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrompt {
    #[schema(example = "Assistant", min_length = 1, max_length = 100)]
    pub name: String,
    /// The channel that the prompt is for. Without it: all channels without an active prompt of their own.
    pub channel_id: Option<ChannelId>,
    #[schema(
        example = "You are the assistant of Baraka Tea. Be brief and friendly.",
        min_length = 1,
        max_length = 20000
    )]
    pub body: String,
    /// The model, and its substitutes when it is not available, by their names at OpenRouter.
    #[schema(example = json!(["openai/gpt-5-mini"]), min_items = 1, max_items = 5)]
    pub models: Vec<String>,
    /// A higher temperature makes answers more various.
    #[serde(default = "temperature")]
    #[schema(minimum = 0, maximum = 2, default = 0.3)]
    pub temperature: f32,
    /// The longest answer, in tokens.
    #[serde(default = "max_tokens")]
    #[schema(minimum = 1, maximum = 8000, default = 500)]
    pub max_tokens: i32,
    /// Whether the model may call tools for the customer. Each round of calls costs another call of the model.
    #[serde(default = "with_tools")]
    #[schema(default = true)]
    pub tools: bool,
}

const fn temperature() -> f32 {
    0.3
}

const fn max_tokens() -> i32 {
    500
}

const fn with_tools() -> bool {
    true
}

/// Fields that are left out stay.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PromptPatch {
    #[schema(min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[schema(min_length = 1, max_length = 20000)]
    pub body: Option<String>,
    #[schema(min_items = 1, max_items = 5)]
    pub models: Option<Vec<String>>,
    #[schema(minimum = 0, maximum = 2)]
    pub temperature: Option<f32>,
    #[schema(minimum = 1, maximum = 8000)]
    pub max_tokens: Option<i32>,
    pub tools: Option<bool>,
}

#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("the prompt has no such revision")]
    NoRevision,
    /// An active prompt cannot be deleted.
    #[error("the prompt is active")]
    Active,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Whether a text can be the name of a model at OpenRouter.
pub(super) fn is_model(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._:/-~@".contains(c);
    (1..=MODEL_CHARS).contains(&name.len()) && name.contains('/') && name.chars().all(plain)
}

fn check(prompt: &Prompt) -> Result<(), Invalid> {
    let mut violations = Violations::default();
    violations.text("/name", &prompt.name, 1, NAME_CHARS);
    violations.unless(
        !prompt.body.trim().is_empty() && prompt.body.chars().count() <= BODY_CHARS,
        "/body",
        "length",
        format!("must have 1 to {BODY_CHARS} characters"),
    );
    violations.unless(
        (1..=MODELS).contains(&prompt.models.len()),
        "/models",
        "length",
        format!("must name 1 to {MODELS} models"),
    );
    for (number, model) in prompt.models.iter().enumerate() {
        violations.unless(
            is_model(model),
            format!("/models/{number}"),
            "invalid",
            "must be the name of a model at OpenRouter, like openai/gpt-5-mini",
        );
    }
    violations.unless(
        (0.0..=2.0).contains(&prompt.temperature),
        "/temperature",
        "out_of_range",
        "must be 0 to 2",
    );
    violations.unless(
        (1..=MAX_TOKENS).contains(&prompt.max_tokens),
        "/max_tokens",
        "out_of_range",
        format!("must be 1 to {MAX_TOKENS}"),
    );
    violations.end()
}

pub async fn create_prompt(work: &mut Work, new: &NewPrompt) -> Result<Prompt, PromptError> {
    let now = work.now();
    let prompt = Prompt {
        id: PromptId::new(),
        name: new.name.trim().to_owned(),
        channel_id: new.channel_id,
        body: new.body.clone(),
        models: new.models.clone(),
        temperature: new.temperature,
        max_tokens: new.max_tokens,
        tools: new.tools,
        active: false,
        revision: 1,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    check(&prompt)?;
    if let Some(channel) = prompt.channel_id
        && channels::sender(work, channel).await?.is_none()
    {
        let rule = "the workspace has no such channel".to_owned();
        return Err(invalid("/channel_id", ("unknown", rule)).into());
    }
    store::insert(work, &prompt).await?;
    store::keep(work, &prompt).await?;
    let prompt = store::prompt(work, prompt.id).await?;
    let (action, subject) = ("ai.create_prompt", (KIND, prompt.id));
    work.audit(&Change::created(action, subject, &prompt))
        .await?;
    Ok(prompt)
}

/// Changes a prompt that [`lock_prompt`](super::lock_prompt) has locked.
pub async fn update_prompt(
    work: &mut Work,
    before: &Prompt,
    patch: PromptPatch,
) -> Result<Prompt, PromptError> {
    let name = patch.name.map(|name| name.trim().to_owned());
    let mut wanted = Prompt {
        name: name.unwrap_or_else(|| before.name.clone()),
        body: patch.body.unwrap_or_else(|| before.body.clone()),
        models: patch.models.unwrap_or_else(|| before.models.clone()),
        temperature: patch.temperature.unwrap_or(before.temperature),
        max_tokens: patch.max_tokens.unwrap_or(before.max_tokens),
        tools: patch.tools.unwrap_or(before.tools),
        ..before.clone()
    };
    check(&wanted)?;
    if wanted == *before {
        return Ok(wanted);
    }
    let renamed = Prompt {
        name: wanted.name.clone(),
        ..before.clone()
    };
    if wanted != renamed {
        wanted.revision += 1;
        store::keep(work, &wanted).await?;
    }
    let after = store::update(work, &wanted).await?;
    let (action, subject) = ("ai.update_prompt", (KIND, after.id));
    work.audit(&Change::updated(action, subject, before, &after))
        .await?;
    Ok(after)
}

/// Goes back to an earlier revision of a locked prompt. This makes a new revision.
///
/// # Errors
/// [`PromptError::NoRevision`]
pub async fn restore_prompt(
    work: &mut Work,
    before: &Prompt,
    revision: i32,
) -> Result<Prompt, PromptError> {
    let kept = store::revision(work, before.id, revision).await?;
    let kept = kept.ok_or(PromptError::NoRevision)?;
    let patch = PromptPatch {
        name: None,
        body: Some(kept.body),
        models: Some(kept.models),
        temperature: Some(kept.temperature),
        max_tokens: Some(kept.max_tokens),
        tools: Some(kept.tools),
    };
    update_prompt(work, before, patch).await
}

/// Lets the bot use a locked prompt, in place of the prompt that is active for the same channel.
pub async fn activate_prompt(work: &mut Work, before: &Prompt) -> Result<Prompt, sqlx::Error> {
    if before.active {
        return Ok(before.clone());
    }
    // Without this lock, two calls could both replace the same prompt, and the second one would break the index.
    store::lock_active(work).await?;
    if let Some(replaced) = store::active_for(work, before.channel_id).await? {
        set_active(work, &replaced, false).await?;
    }
    set_active(work, before, true).await
}

/// Without another active prompt, the bot answers with the menu.
pub async fn deactivate_prompt(work: &mut Work, before: &Prompt) -> Result<Prompt, sqlx::Error> {
    if !before.active {
        return Ok(before.clone());
    }
    set_active(work, before, false).await
}

async fn set_active(work: &mut Work, before: &Prompt, active: bool) -> Result<Prompt, sqlx::Error> {
    let wanted = Prompt {
        active,
        ..before.clone()
    };
    let after = store::update(work, &wanted).await?;
    let action = if active {
        "ai.activate_prompt"
    } else {
        "ai.deactivate_prompt"
    };
    work.audit(&Change::updated(action, (KIND, after.id), before, &after))
        .await?;
    Ok(after)
}

/// Deletes a locked prompt with its revisions.
///
/// # Errors
/// [`PromptError::Active`]
pub async fn delete_prompt(work: &mut Work, before: &Prompt) -> Result<(), PromptError> {
    if before.active {
        return Err(PromptError::Active);
    }
    store::delete(work, before.id).await?;
    let (action, subject) = ("ai.delete_prompt", (KIND, before.id));
    work.audit(&Change::deleted(action, subject, before))
        .await?;
    Ok(())
}
