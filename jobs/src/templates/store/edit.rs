//! SQL of the changes of templates that Meta has.

use kazi_platform::without_nul;
use sqlx::types::Json;

use crate::{
    Work,
    templates::{Category, EditState, NewDraft, TemplateId},
};

/// Writes a change beside what Meta has.
pub async fn write(work: &mut Work, id: TemplateId, new: &NewDraft) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE templates SET draft = $3, edit = 'written', updated_at = now() WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        Json(new) as _
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// `reason` says why Meta did not take the change.
pub async fn set(
    work: &mut Work,
    id: TemplateId,
    state: EditState,
    reason: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE templates SET edit = $3, reason = coalesce($4, reason), updated_at = now()
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        state.name(),
        reason.map(without_nul)
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores that Meta has the change and reviews it.
pub async fn taken(work: &mut Work, id: TemplateId, new: &NewDraft) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE templates SET body = $3, components = $4, category = $5, edit = NULL, status = 'submitted', reason = NULL,
                              paused_until = NULL, next_category = nullif(next_category, $5), updated_at = $6
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        new.text(),
        new.components(),
        new.category.name(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Stores that Meta has the change already: the answer to it was lost.
pub async fn done(work: &mut Work, id: TemplateId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE templates SET edit = NULL, updated_at = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Counts a change of an approved template towards Meta's limit, and forgets those that no longer count.
pub async fn count(work: &mut Work, id: TemplateId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE templates SET edited_at = array_append(
             array(SELECT one FROM unnest(edited_at) AS one WHERE one > $3::timestamptz - interval '30 days'), $3)
         WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        work.now()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Forgets the draft: somebody has changed the template at Meta.
pub async fn forget(work: &mut Work, id: TemplateId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE templates SET draft = NULL WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}

/// Notes the category that Meta has announced.
pub async fn announce(
    work: &mut Work,
    id: TemplateId,
    category: Category,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE templates SET next_category = $3, updated_at = now() WHERE workspace_id = $1 AND id = $2",
        work.workspace().uuid(),
        id.uuid(),
        category.name()
    )
    .execute(work.conn())
    .await?;
    Ok(())
}
