//! SQL of the prompts.

use crate::{
    Work,
    ai::prompts::{Prompt, PromptId, PromptRevision},
    channels::ChannelId,
};

/// The prompts, newest first, after the given one.
pub async fn prompts(
    work: &mut Work,
    after: Option<PromptId>,
    limit: i64,
) -> Result<Vec<Prompt>, sqlx::Error> {
    sqlx::query_as!(
        Prompt,
        r#"SELECT id AS "id: PromptId", name, channel_id AS "channel_id: ChannelId", body, models, temperature, max_tokens,
                  tools, active, revision, created_at, updated_at, version
           FROM prompts WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"#,
        work.workspace().uuid(),
        after.map(PromptId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn find_prompt(work: &mut Work, id: PromptId) -> Result<Option<Prompt>, sqlx::Error> {
    sqlx::query_as!(
        Prompt,
        r#"SELECT id AS "id: PromptId", name, channel_id AS "channel_id: ChannelId", body, models, temperature, max_tokens,
                  tools, active, revision, created_at, updated_at, version
           FROM prompts WHERE workspace_id = $1 AND id = $2"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// Locks the prompt until the transaction ends.
pub async fn lock_prompt(work: &mut Work, id: PromptId) -> Result<Option<Prompt>, sqlx::Error> {
    sqlx::query_as!(
        Prompt,
        r#"SELECT id AS "id: PromptId", name, channel_id AS "channel_id: ChannelId", body, models, temperature, max_tokens,
                  tools, active, revision, created_at, updated_at, version
           FROM prompts WHERE workspace_id = $1 AND id = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await
}

/// The active prompt of a channel: its own, or else the one without a channel.
pub async fn active_prompt(
    work: &mut Work,
    channel: Option<ChannelId>,
) -> Result<Option<Prompt>, sqlx::Error> {
    sqlx::query_as!(
        Prompt,
        r#"SELECT id AS "id: PromptId", name, channel_id AS "channel_id: ChannelId", body, models, temperature, max_tokens,
                  tools, active, revision, created_at, updated_at, version
           FROM prompts WHERE workspace_id = $1 AND active AND (channel_id IS NULL OR channel_id = $2)
           ORDER BY channel_id NULLS LAST LIMIT 1"#,
        work.workspace().uuid(),
        channel.map(ChannelId::uuid)
    )
    .fetch_optional(work.conn())
    .await
}

pub(in crate::ai) async fn insert(work: &mut Work, prompt: &Prompt) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO prompts (workspace_id, id, name, channel_id, body, models, temperature, max_tokens, tools, active,
                              revision, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $12, $9, $10, $11, $11)",
        work.workspace().uuid(),
        prompt.id.uuid(),
        prompt.name,
        prompt.channel_id.map(ChannelId::uuid),
        prompt.body,
        &prompt.models,
        prompt.temperature,
        prompt.max_tokens,
        prompt.active,
        prompt.revision,
        prompt.created_at,
        prompt.tools
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub(in crate::ai) async fn prompt(work: &mut Work, id: PromptId) -> Result<Prompt, sqlx::Error> {
    let prompt = find_prompt(work, id).await?;
    prompt.ok_or(sqlx::Error::RowNotFound)
}

/// Writes the fields that may change, and returns the row.
pub(in crate::ai) async fn update(work: &mut Work, prompt: &Prompt) -> Result<Prompt, sqlx::Error> {
    sqlx::query_as!(
        Prompt,
        r#"UPDATE prompts SET name = $3, body = $4, models = $5, temperature = $6, max_tokens = $7, active = $8,
                  revision = $9, updated_at = $10, tools = $11
           WHERE workspace_id = $1 AND id = $2
           RETURNING id AS "id: PromptId", name, channel_id AS "channel_id: ChannelId", body, models, temperature, max_tokens,
                     tools, active, revision, created_at, updated_at, version"#,
        work.workspace().uuid(),
        prompt.id.uuid(),
        prompt.name,
        prompt.body,
        &prompt.models,
        prompt.temperature,
        prompt.max_tokens,
        prompt.active,
        prompt.revision,
        work.now(),
        prompt.tools
    )
    .fetch_one(work.conn())
    .await
}

/// From here on, one transaction at a time activates prompts of this workspace.
pub(in crate::ai) async fn lock_active(work: &mut Work) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('prompts' || $1::text, 0))",
        work.workspace().uuid().to_string()
    )
    .fetch_one(work.conn())
    .await?;
    Ok(())
}

/// Locks the active prompt of exactly this channel, or the one without a channel.
pub(in crate::ai) async fn active_for(
    work: &mut Work,
    channel: Option<ChannelId>,
) -> Result<Option<Prompt>, sqlx::Error> {
    sqlx::query_as!(
        Prompt,
        r#"SELECT id AS "id: PromptId", name, channel_id AS "channel_id: ChannelId", body, models, temperature, max_tokens,
                  tools, active, revision, created_at, updated_at, version
           FROM prompts WHERE workspace_id = $1 AND active AND channel_id IS NOT DISTINCT FROM $2 FOR UPDATE"#,
        work.workspace().uuid(),
        channel.map(ChannelId::uuid)
    )
    .fetch_optional(work.conn())
    .await
}

pub(in crate::ai) async fn delete(work: &mut Work, id: PromptId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM prompts WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Keeps the text and the settings under the number of the revision.
pub(in crate::ai) async fn keep(work: &mut Work, prompt: &Prompt) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO prompt_revisions (workspace_id, prompt_id, revision, body, models, temperature, max_tokens, created_at,
                                       tools)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        work.workspace().uuid(),
        prompt.id.uuid(),
        prompt.revision,
        prompt.body,
        &prompt.models,
        prompt.temperature,
        prompt.max_tokens,
        work.now(),
        prompt.tools
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// The revisions of a prompt, newest first.
pub async fn prompt_revisions(
    work: &mut Work,
    id: PromptId,
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<PromptRevision>, sqlx::Error> {
    sqlx::query_as!(
        PromptRevision,
        "SELECT revision, body, models, temperature, max_tokens, tools, created_at FROM prompt_revisions
         WHERE workspace_id = $1 AND prompt_id = $2 AND ($3::integer IS NULL OR revision < $3)
         ORDER BY revision DESC LIMIT $4",
        work.workspace().uuid(),
        id.uuid(),
        before,
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub(in crate::ai) async fn revision(
    work: &mut Work,
    id: PromptId,
    revision: i32,
) -> Result<Option<PromptRevision>, sqlx::Error> {
    sqlx::query_as!(
        PromptRevision,
        "SELECT revision, body, models, temperature, max_tokens, tools, created_at FROM prompt_revisions
         WHERE workspace_id = $1 AND prompt_id = $2 AND revision = $3",
        work.workspace().uuid(),
        id.uuid(),
        revision
    )
    .fetch_optional(work.conn())
    .await
}
