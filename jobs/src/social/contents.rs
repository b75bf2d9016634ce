//! The contents of posts: created, changed, deleted.

use sqlx::types::Json;

use super::{
    Content, ContentId, ContentPatch, NewContent, SocialError, files, store::contents as store,
};
use crate::{Work, audit::Change};

pub async fn create_content(work: &mut Work, new: NewContent) -> Result<Content, SocialError> {
    let mut content = Content {
        id: ContentId::at(work.now()),
        text: new.text,
        media: Json(new.media),
        variants: Json(new.variants),
        created_at: work.now(),
        updated_at: work.now(),
        version: 1,
    };
    content.check()?;
    files::describe(work, &mut content.media).await?;
    store::save(work, &content).await?;
    work.audit(&Change::created(
        "social.create_content",
        subject(&content),
        &content,
    ))
    .await?;
    let content = store::content(work, content.id).await?;
    content.ok_or(SocialError::NotFound("content"))
}

/// Locks the content until the transaction ends. Changes and schedules wait.
pub async fn lock_content(work: &mut Work, id: ContentId) -> Result<Content, SocialError> {
    let content = store::lock(work, id).await?;
    content.ok_or(SocialError::NotFound("content"))
}

/// Changes a locked content. While it is scheduled, it must keep the rules of its networks.
pub async fn update_content(
    work: &mut Work,
    before: &Content,
    patch: ContentPatch,
) -> Result<Content, SocialError> {
    let mut after = before.clone();
    after.text = patch.text.unwrap_or(after.text);
    after.media = patch.media.map_or(after.media, Json);
    after.variants = patch.variants.map_or(after.variants, Json);
    after.check()?;
    files::describe(work, &mut after.media).await?;
    for network in store::networks_ahead(work, after.id).await? {
        after.check_for(network)?;
    }
    store::save(work, &after).await?;
    let action = "social.update_content";
    work.audit(&Change::updated(action, subject(before), before, &after))
        .await?;
    let content = store::content(work, after.id).await?;
    content.ok_or(SocialError::NotFound("content"))
}

/// Deletes a locked content that is not scheduled. Published posts stay.
pub async fn delete_content(work: &mut Work, before: &Content) -> Result<(), SocialError> {
    if !store::networks_ahead(work, before.id).await?.is_empty() {
        return Err(SocialError::InUse);
    }
    store::delete(work, before.id).await?;
    let action = "social.delete_content";
    work.audit(&Change::deleted(action, subject(before), before))
        .await?;
    Ok(())
}

fn subject(content: &Content) -> (&'static str, ContentId) {
    ("social_content", content.id)
}
