//! Canned replies: texts that members answer with again and again.

use std::collections::BTreeMap;

use kazi_clients::whatsapp::BODY_LIMIT;
use kazi_platform::invalid::Invalid;
use sqlx::types::Json;

use super::{CannedReply, CannedReplyPatch, InboxError, NewCannedReply, store};
use crate::{Work, audit::Change, violations::Violations};

const CODE_LIMIT: usize = 40;
/// The most canned replies of a workspace.
const MOST: i64 = 1_000;
/// What the audit log calls one.
const KIND: &str = "canned_reply";

fn check(code: &str, texts: &BTreeMap<String, String>) -> Result<(), Invalid> {
    let mut violations = Violations::default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    if code.is_empty() || code.len() > CODE_LIMIT || !code.chars().all(plain) {
        let rule =
            format!("must be 1 to {CODE_LIMIT} small letters, digits, hyphens and underscores");
        violations.add("/code", ("invalid", rule));
    }
    violations.some_language("/texts", texts);
    violations.texts("/texts", texts, BODY_LIMIT);
    violations.end()
}

pub async fn create_canned(
    work: &mut Work,
    new: &NewCannedReply,
) -> Result<CannedReply, InboxError> {
    check(&new.code, &new.texts)?;
    if store::count_canned(work).await? >= MOST {
        return Err(InboxError::TooMany(MOST));
    }
    let reply = store::insert_canned(work, new).await?;
    let (action, subject) = ("inbox.create_canned_reply", (KIND, reply.id));
    work.audit(&Change::created(action, subject, &reply))
        .await?;
    Ok(reply)
}

/// Changes a canned reply that [`lock_canned`](super::lock_canned) has locked.
pub async fn update_canned(
    work: &mut Work,
    before: CannedReply,
    patch: CannedReplyPatch,
) -> Result<CannedReply, InboxError> {
    let mut after = before.clone();
    after.code = patch.code.unwrap_or(after.code);
    after.texts = patch.texts.map_or(after.texts, Json);
    check(&after.code, &after.texts)?;
    let after = store::update_canned(work, &after).await?;
    let (action, subject) = ("inbox.update_canned_reply", (KIND, after.id));
    work.audit(&Change::updated(action, subject, &before, &after))
        .await?;
    Ok(after)
}

/// Deletes a locked canned reply.
pub async fn delete_canned(work: &mut Work, before: &CannedReply) -> Result<(), sqlx::Error> {
    store::delete_canned(work, before.id).await?;
    let (action, subject) = ("inbox.delete_canned_reply", (KIND, before.id));
    work.audit(&Change::deleted(action, subject, before)).await
}
