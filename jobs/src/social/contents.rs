//! What is to be posted: made, changed, deleted.

use kazi_platform::{Timestamp, WorkspaceId, actor::Actor};
use serde_json::json;
use sqlx::{PgConnection, types::Json};

use super::{Content, ContentId, ContentPatch, NewContent, SocialError, store::contents as store};
use crate::audit::{self, Change};

/// Makes a content.
///
/// # Errors
/// See [`SocialError`].
pub async fn create_content(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    new: NewContent,
    now: Timestamp,
) -> Result<Content, SocialError> {
    let content = Content {
        id: ContentId::at(now),
        text: new.text,
        media: Json(new.media),
        variants: Json(new.variants),
        created_at: now,
        updated_at: now,
    };
    content.check()?;
    store::save(&mut *conn, workspace, &content).await?;
    let change = ("social.create_content", None, Some(&content));
    record(&mut *conn, workspace, actor, change).await?;
    let content = store::content(conn, workspace, content.id).await?;
    content.ok_or(SocialError::NotFound("content"))
}

/// A content, which nobody else changes or schedules until the transaction ends.
///
/// # Errors
/// See [`SocialError`].
pub async fn lock_content(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    id: ContentId,
) -> Result<Content, SocialError> {
    let content = store::lock(conn, workspace, id).await?;
    content.ok_or(SocialError::NotFound("content"))
}

/// Changes a content that is locked. Where it is still to appear it must remain what the network takes.
///
/// # Errors
/// See [`SocialError`].
pub async fn update_content(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    before: &Content,
    patch: ContentPatch,
) -> Result<Content, SocialError> {
    let mut after = before.clone();
    after.text = patch.text.unwrap_or(after.text);
    after.media = patch.media.map_or(after.media, Json);
    after.variants = patch.variants.map_or(after.variants, Json);
    after.check()?;
    for network in store::networks_ahead(&mut *conn, workspace, after.id).await? {
        after.check_for(network)?;
    }
    store::save(&mut *conn, workspace, &after).await?;
    let change = ("social.update_content", Some(before), Some(&after));
    record(&mut *conn, workspace, actor, change).await?;
    let content = store::content(conn, workspace, after.id).await?;
    content.ok_or(SocialError::NotFound("content"))
}

/// Deletes a content that is locked and that is not to appear any more. What was published stays.
///
/// # Errors
/// See [`SocialError`].
pub async fn delete_content(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    before: &Content,
    now: Timestamp,
) -> Result<(), SocialError> {
    if !store::networks_ahead(&mut *conn, workspace, before.id)
        .await?
        .is_empty()
    {
        return Err(SocialError::InUse);
    }
    store::delete(&mut *conn, workspace, before.id, now).await?;
    record(
        conn,
        workspace,
        actor,
        ("social.delete_content", Some(before), None),
    )
    .await?;
    Ok(())
}

async fn record(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    actor: &Actor,
    (action, before, after): (&'static str, Option<&Content>, Option<&Content>),
) -> Result<(), sqlx::Error> {
    let Some(subject) = after.or(before).map(|content| content.id.uuid()) else {
        return Ok(());
    };
    let fields = |content: &Content| json!({"text": content.text, "media": content.media, "variants": content.variants});
    let (before, after) = (before.map(fields), after.map(fields));
    let change = Change {
        action,
        subject_kind: "social_content",
        subject,
        before: before.as_ref(),
        after: after.as_ref(),
    };
    audit::record(conn, Some(workspace), actor, &change).await
}
