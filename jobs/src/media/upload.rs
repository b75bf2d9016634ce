//! Takes a file from a member, for sending it later.

use std::fmt::Display;

use bytes::Bytes;
use futures_util::Stream;
use kazi_platform::WorkspaceId;

use super::{
    MediaError, MediaId, MediaKind, MediaView, Named,
    fetch::{discard, scanned},
    files::{Unwritten, Written, new_key},
    scan::Verdict,
    sniff::{self, UNKNOWN},
    store, view,
};
use crate::{
    Context, Work,
    audit::Change,
    contacts::{self, ContactError, ContactId},
    violations::{Violations, invalid},
};

/// Characters of a file's name.
const NAME_LIMIT: usize = 255;

/// What a member says of a file.
#[derive(Clone, Debug)]
pub struct NewUpload {
    pub mime: String,
    pub name: Option<String>,
}

/// A file that lies in its place and has no row yet.
#[derive(Debug)]
pub struct Uploaded {
    key: String,
    named: Named,
    mime: String,
    written: Written,
}

/// Writes the file and checks it. [`keep`] gives it its row.
///
/// # Errors
/// The file is too large for its type, is not of its type, or has a virus.
pub async fn upload<E: Display>(
    ctx: &Context,
    workspace: WorkspaceId,
    new: NewUpload,
    body: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Uploaded, MediaError> {
    let mut violations = Violations::default();
    if let Some(name) = &new.name {
        violations.text("/file/name", name, 1, NAME_LIMIT);
    }
    violations.end()?;
    let said = sniff::usual(&new.mime);
    let kind = MediaKind::of_mime(&said);
    let limit = kind.limit_bytes().min(ctx.providers.media.max_bytes);
    let (key, files) = (new_key(workspace), ctx.files());
    let written = files.write(&key, limit, body).await;
    let written = written.map_err(|error| match error {
        Unwritten::TooLarge => MediaError::TooLarge(limit),
        Unwritten::Empty => {
            invalid("/file", ("empty", "the file must have bytes".to_owned())).into()
        }
        Unwritten::Source(words) => MediaError::Broken(words),
        Unwritten::Place(words) => MediaError::Unavailable(words),
    })?;
    let checked = match sniff::judge(Some(&said), &written.head) {
        Ok(mime) if mime == said || said == UNKNOWN => match scanned(ctx, &key).await {
            Ok(Verdict::Clean) => Ok(()),
            Ok(Verdict::Infected(virus)) => {
                tracing::warn!(virus, "a member's file is infected");
                Err(MediaError::Infected)
            }
            Err(words) => Err(MediaError::Unavailable(words)),
        },
        _ => {
            let words = format!("the file must be of the type that it says, {said}");
            Err(invalid("/file", ("wrong_type", words)).into())
        }
    };
    if let Err(error) = checked {
        discard(&files, &key).await;
        return Err(error);
    }
    let named = Named {
        kind,
        mime: Some(said.clone()),
        name: new.name,
    };
    Ok(Uploaded {
        key,
        named,
        mime: said,
        written,
    })
}

/// Writes the row of an uploaded file, which is in its place already. If this does not commit, the sweep deletes the file.
///
/// `contact` is whom the file is about.
pub async fn keep(
    work: &mut Work,
    file: &Uploaded,
    contact: Option<ContactId>,
) -> Result<MediaView, MediaError> {
    if let Some(contact) = contact {
        match contacts::view(work, contact).await {
            Ok(_) => {}
            Err(ContactError::Database(error)) => return Err(error.into()),
            Err(_) => {
                let fault = ("unknown", "there is no such contact".to_owned());
                return Err(invalid("/contact_id", fault).into());
            }
        }
    }
    let id = MediaId::at(work.now());
    let what = (&file.named, file.mime.as_str());
    store::insert_stored(work, (id, &file.key), contact, what, &file.written).await?;
    work.audit(&Change::done("media.upload", ("media", id)))
        .await?;
    view(work, id).await
}
