//! Media: the files of messages. A job fetches the picture, the recording or the document that a customer's message brings. A
//! member uploads a file before sending it. Both are checked, and kept in a folder or a bucket.
//!
//! The bytes and the row lie in two places, and no transaction spans them. The rule: the file first, then the row. A row that
//! says `stored` has its file; a file without a row is nobody's, and the sweep deletes it.

mod fetch;
mod files;
mod keep;
mod link;
mod model;
mod scan;
mod send;
mod sniff;
mod source;
mod store;
#[cfg(test)]
mod tests;
mod upload;

use kazi_platform::database;
use kazi_queue::{EnqueueError, Job, Registry, cron::Schedule};

pub use fetch::Fetch;
pub use files::Files;
pub use keep::{Purge, Remove, Sweep};
pub use link::{LINK_MINUTES, Links, MediaLink, PUBLISHED_DAYS};
pub use model::{
    Kept, MediaError, MediaId, MediaKind, MediaReason, MediaState, MediaView, MessageMedia, Named,
    NewIncoming, Source,
};
pub(crate) use send::{AtMeta, Unsent, at_meta, outgoing};
pub use send::{Usable, use_for};
pub use sniff::{UNKNOWN, is_shown};
pub use store::states;
pub use upload::{NewUpload, Uploaded, keep as keep_upload, upload};

use crate::{
    Context, Work,
    audit::Change,
    contacts,
    domain::{Domain, Figures},
    notifications::kinds,
    social, workspaces,
};

pub(crate) const DOMAIN: Domain = Domain {
    name: "media",
    floor: 5,
    jobs,
    tables: &["media_uploads", "media"],
    offers: &[
        &Figures(include_str!("figures.txt")),
        &NOTIFICATIONS,
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(store::merge(work, from, into)),
            erase: |work, contact| Box::pin(keep::erase(work, contact)),
            ..contacts::Hooks::NONE
        },
        &social::Uploads {
            usable: |work, id| Box::pin(usable_in_post(work, id)),
            address: |ctx, id, until| {
                let links = Links::new(&ctx.keyring);
                let link = links.sign_until(&ctx.providers.public_url, id.parse().ok()?, until)?;
                Some(link.url)
            },
        },
        &workspaces::Purges {
            purge: |ctx, workspace| {
                Box::pin(async move { ctx.files().delete_all(workspace).await })
            },
        },
    ],
};

kinds! {
    /// The scanner has found a virus in the file of a customer.
    MEDIA_QUARANTINED = "media_quarantined";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let purge = Schedule::new("media.purge", "11 3 * * *");
    let sweep = Schedule::new("media.sweep", "26 4 * * *");
    registry
        .register::<Fetch>()
        .register::<Remove>()
        .register::<Purge>()
        .schedule(purge, &Purge {})
        .register::<Sweep>()
        .schedule(sweep, &Sweep {})
}

/// Writes down the file of a message, and enqueues its fetching, in the caller's transaction.
pub async fn expect(work: &mut Work, new: &NewIncoming) -> Result<(), EnqueueError> {
    if !store::expect(work, new).await? {
        return Ok(());
    }
    let job = Fetch {
        workspace: work.workspace(),
        media: new.id,
    };
    job.enqueue(work.conn()).await?;
    Ok(())
}

/// Shows a file.
pub async fn view(work: &mut Work, id: MediaId) -> Result<MediaView, MediaError> {
    store::view(work, id).await?.ok_or(MediaError::NotFound)
}

/// Looks for a file that may be linked to.
///
/// # Errors
/// [`MediaError::NotHere`]: it is not here yet, or not any more.
pub async fn linkable(work: &mut Work, id: MediaId) -> Result<(), MediaError> {
    let media = view(work, id).await?;
    match media.absence() {
        Some(why) => Err(MediaError::NotHere(why)),
        None => Ok(()),
    }
}

/// Notes that a file gets a public address ([`Links::sign_published`]). Until the address ends, the file's age does not
/// delete it.
///
/// # Errors
/// [`MediaError::Private`]: a customer has sent it, or it is about a contact.
pub async fn publish(work: &mut Work, id: MediaId) -> Result<(), MediaError> {
    linkable(work, id).await?;
    if !store::lasting::publish(work, id).await? {
        return Err(MediaError::Private);
    }
    work.audit(&Change::done("media.publish", ("media", id)))
        .await?;
    Ok(())
}

/// Deletes a file. What is known of it stays.
pub async fn delete(work: &mut Work, id: MediaId) -> Result<(), MediaError> {
    view(work, id).await?;
    if keep::forget(work, id, MediaReason::Deleted).await? {
        work.audit(&Change::done("media.delete", ("media", id)))
            .await?;
    }
    Ok(())
}

/// The type of a file that a post can show. The file of a message is none: a customer has sent it to the business alone.
async fn usable_in_post(work: &mut Work, id: &str) -> Result<Option<String>, sqlx::Error> {
    match id.parse() {
        Ok(id) => store::lasting::make(work, id).await,
        Err(_) => Ok(None),
    }
}

/// Finds a file by a link whose signature is good.
pub async fn of_link(ctx: &Context, id: MediaId) -> Result<Option<Kept>, sqlx::Error> {
    // Of the platform: the link names no workspace, and its signature is the permission.
    let mut tx = database::platform(&ctx.db).await?;
    let found = store::kept(&mut tx, id).await?;
    tx.rollback().await?;
    Ok(found)
}
