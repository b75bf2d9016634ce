//! SQL of what members and Meta do with templates.

use kazi_platform::{Timestamp, without_nul};
use sqlx::types::Json;

use super::read;
use crate::{
    Work,
    templates::{
        Category, NewDraft, ParameterFormat, Template, TemplateFilter, TemplateId, TemplateStatus,
        TemplateView, edit::advice, shape::variables,
    },
};

struct Row {
    id: TemplateId,
    account_id: String,
    name: String,
    language: String,
    category: String,
    status: String,
    quality: String,
    body: String,
    components: serde_json::Value,
    provider_id: Option<String>,
    reason: Option<String>,
    paused_until: Option<Timestamp>,
    draft: Option<Json<NewDraft>>,
    edit: Option<String>,
    edited_at: Vec<Timestamp>,
    next_category: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl TryFrom<Row> for TemplateView {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let status = read(&row.status)?;
        // A body without variables says nothing: the header or the cards may have named ones.
        let parameter_format = match (variables(&row.body), &row.draft) {
            ((names, true), _) if !names.is_empty() => ParameterFormat::Named,
            ((names, _), Some(draft)) if names.is_empty() => draft.parameter_format,
            _ => ParameterFormat::Positional,
        };
        Ok(Self {
            id: row.id,
            account_id: row.account_id,
            name: row.name,
            language: row.language,
            category: read(&row.category)?,
            status,
            quality: row.quality,
            body: row.body,
            components: row.components,
            external_id: row.provider_id,
            reason_detail: advice(status, row.reason.as_deref()),
            reason: row.reason,
            paused_until: row.paused_until,
            parameter_format,
            draft: row.draft,
            edit: row.edit.as_deref().map(read).transpose()?,
            edited_at: row.edited_at,
            next_category: row.next_category.as_deref().map(read).transpose()?,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

pub async fn list(
    work: &mut Work,
    filter: &TemplateFilter,
    after: Option<&(String, String, TemplateId)>,
    limit: i64,
) -> Result<Vec<TemplateView>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: TemplateId", account_id, name, language, category, status, quality, body,
                  components, provider_id, reason, paused_until, draft AS "draft: Json<NewDraft>", edit, edited_at,
                  next_category, created_at, updated_at, version
           FROM templates
           WHERE workspace_id = $1 AND ($2::text IS NULL OR name = $2) AND ($3::text IS NULL OR status = $3)
             AND ($4::text IS NULL OR (name COLLATE "C", language COLLATE "C", id) > ($4, $5, $6))
           ORDER BY name COLLATE "C", language COLLATE "C", id LIMIT $7"#,
        work.workspace().uuid(),
        filter.name,
        filter.status.map(TemplateStatus::name),
        after.map(|after| after.0.as_str()),
        after.map(|after| after.1.as_str()),
        after.map(|after| after.2.uuid()),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(TemplateView::try_from).collect()
}

/// Locks and reads the templates of an account, in the order of their ids.
pub async fn of_account(work: &mut Work, account: &str) -> Result<Vec<TemplateView>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: TemplateId", account_id, name, language, category, status, quality, body,
                  components, provider_id, reason, paused_until, draft AS "draft: Json<NewDraft>", edit, edited_at,
                  next_category, created_at, updated_at, version
           FROM templates WHERE workspace_id = $1 AND account_id = $2 ORDER BY id FOR UPDATE"#,
        work.workspace().uuid(),
        account
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(TemplateView::try_from).collect()
}

/// Locks and reads a template.
pub async fn get(work: &mut Work, id: TemplateId) -> Result<Option<TemplateView>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id AS "id: TemplateId", account_id, name, language, category, status, quality, body,
                  components, provider_id, reason, paused_until, draft AS "draft: Json<NewDraft>", edit, edited_at,
                  next_category, created_at, updated_at, version
           FROM templates WHERE workspace_id = $1 AND id = $2 FOR UPDATE"#,
        work.workspace().uuid(),
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(TemplateView::try_from).transpose()
}

/// Returns `false` when the name exists in this language.
pub async fn insert(
    work: &mut Work,
    id: TemplateId,
    account: &str,
    new: &NewDraft,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "INSERT INTO templates (workspace_id, id, account_id, name, language, category, body, components, draft)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        work.workspace().uuid(),
        id.uuid(),
        account,
        new.name,
        new.language,
        new.category.name(),
        new.text(),
        new.components(),
        Json(new) as _
    )
    .execute(work.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Rewrites a template that Meta does not have. It is a draft again, whatever became of it before.
pub async fn rewrite(
    work: &mut Work,
    id: TemplateId,
    account: &str,
    new: &NewDraft,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE templates SET account_id = $3, name = $4, language = $5, category = $6, body = $7, components = $8,
                              draft = $9, status = 'draft', reason = NULL, updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        account,
        new.name,
        new.language,
        new.category.name(),
        new.text(),
        new.components(),
        Json(new) as _
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn delete(work: &mut Work, id: TemplateId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "DELETE FROM templates WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn set_status(
    work: &mut Work,
    id: TemplateId,
    status: TemplateStatus,
    reason: Option<&str>,
    paused_until: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE templates SET status = $3, reason = $4, paused_until = $5, updated_at = $6
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        status.name(),
        reason.map(without_nul),
        paused_until,
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores that Meta has the template. A status that a webhook brought before this answer stays.
pub async fn set_submitted(
    work: &mut Work,
    id: TemplateId,
    provider_id: Option<&str>,
    status: TemplateStatus,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE templates SET provider_id = coalesce($3, provider_id, ''), updated_at = now(),
                              status = CASE WHEN status = 'submitted' THEN $4 ELSE status END
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        provider_id,
        status.name()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn set_quality(
    work: &mut Work,
    id: TemplateId,
    quality: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE templates SET quality = $3, updated_at = now() WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        quality
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

pub async fn set_category(
    work: &mut Work,
    id: TemplateId,
    category: Category,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE templates SET category = $3, next_category = NULL, updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        category.name()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Disables templates that Meta no longer has, and returns them. Templates that changed after the question to Meta
/// stay.
pub async fn gone(
    work: &mut Work,
    account: &str,
    there: &[String],
    asked_at: Timestamp,
) -> Result<Vec<Template>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"UPDATE templates SET status = 'disabled', reason = 'deleted at Meta', updated_at = now()
           WHERE workspace_id = $1 AND account_id = $2 AND provider_id IS NOT NULL AND provider_id <> ALL($3)
             AND status <> 'disabled' AND created_at < $4
           RETURNING id AS "id: TemplateId", account_id, name, language, category, status, body, components, paused_until"#,
        work.workspace().uuid(),
        account,
        there,
        asked_at
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Template {
                id: row.id,
                account: row.account_id,
                name: row.name,
                language: row.language,
                category: read(&row.category)?,
                status: read(&row.status)?,
                body: row.body,
                components: row.components,
                paused_until: row.paused_until,
            })
        })
        .collect()
}
