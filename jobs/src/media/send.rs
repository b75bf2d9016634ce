//! Files that go to a customer. Meta gets a file once for each number, and knows it by an id for 30 days.

use std::io;

use chrono::TimeDelta;
use futures_util::{StreamExt, TryStreamExt};
use kazi_clients::{
    form::FormFile,
    http::Failure,
    whatsapp::{self, Body, Rejection},
};
use kazi_platform::Timestamp;

use super::{MediaId, MediaKind, store};
use crate::{
    Context, Work,
    channels::{Channel, ChannelKind},
    contacts::ContactId,
    violations::Violation,
};

/// Meta keeps an uploaded file for 30 days.
const UPLOAD_LIFE: TimeDelta = TimeDelta::days(29);

/// A file that members use for a contact.
#[derive(Clone, Debug)]
pub struct Usable {
    id: MediaId,
    pub kind: MediaKind,
    name: Option<String>,
    /// Meta takes files of this type.
    is_for_meta: bool,
}

impl Usable {
    /// The message that brings the file to the contact.
    pub fn message(self, caption: Option<String>) -> Body {
        Body::File {
            file: self.kind.at_meta(),
            link: None,
            media: Some(self.id.to_string()),
            uploaded: None,
            caption,
            name: self.name.filter(|_| self.kind == MediaKind::Document),
        }
    }

    /// Says whether a channel of this kind carries the file.
    pub fn check(&self, channel: ChannelKind) -> Result<(), Violation> {
        match channel == ChannelKind::WhatsApp && !self.is_for_meta {
            true => {
                let rule = "WhatsApp takes no files of this type: send a PDF or a link";
                Err(("wrong_type", rule.to_owned()))
            }
            false => Ok(()),
        }
    }
}

/// Why a file cannot be sent.
pub(crate) enum Unsent {
    /// It is not here any more.
    Gone,
    Rejected(Rejection),
    /// It has not reached the provider: another try is harmless.
    Failed(String),
}

impl From<sqlx::Error> for Unsent {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(format!("the database: {error}"))
    }
}

/// Looks for a file that a member uses for a contact, and notes that: an erasure of the only contact for whom it was used
/// removes it. Otherwise says which rule the file breaks.
pub async fn use_for(
    work: &mut Work,
    id: MediaId,
    contact: ContactId,
) -> Result<Result<Usable, Violation>, sqlx::Error> {
    let Some(media) = store::view(work, id).await? else {
        return Ok(Err(("unknown", "there is no such file".to_owned())));
    };
    if let Some(why) = media.absence() {
        return Ok(Err(("not_here", format!("the file is not here: {why}"))));
    }
    store::sent_to(work, id, contact).await?;
    Ok(Ok(Usable {
        id,
        kind: media.kind,
        name: media.name,
        is_for_meta: media.mime.is_some_and(|mime| is_for_meta(&mime)),
    }))
}

/// The file as a provider takes it.
pub(crate) async fn outgoing(
    ctx: &Context,
    channel: &Channel,
    id: MediaId,
) -> Result<FormFile, Unsent> {
    let mut work = Work::of(ctx, channel.workspace).await?;
    let kept = store::kept(work.conn(), id).await?;
    work.rollback().await?;
    let kept = kept.ok_or(Unsent::Gone)?;
    let body = ctx.files().read(&kept.key, None).await;
    let body = body.map_err(Unsent::Failed)?;
    Ok(FormFile {
        name: with_extension(kept.name.as_deref().unwrap_or(kept.kind.name()), &kept.mime),
        mime: kept.mime,
        bytes: kept.bytes,
        body: body.map_err(io::Error::other).boxed(),
    })
}

/// A file at Meta.
pub(crate) struct AtMeta {
    pub id: String,
    /// Meta has it from an earlier upload.
    pub is_known: bool,
}

/// Finds the file at Meta, or gives it to Meta. `again`: the id that Meta has refused, although it should live.
pub(crate) async fn at_meta(
    ctx: &Context,
    channel: &Channel,
    id: MediaId,
    again: Option<&str>,
) -> Result<AtMeta, Unsent> {
    let mut work = Work::of(ctx, channel.workspace).await?;
    let since: Timestamp = work.now() - UPLOAD_LIFE;
    let known = store::uploaded(&mut work, id, channel.id, since).await?;
    work.rollback().await?;
    if let Some(known) = known.filter(|known| Some(known.as_str()) != again) {
        return Ok(AtMeta {
            id: known,
            is_known: true,
        });
    }
    let file = outgoing(ctx, channel, id).await?;
    // No connection is held while Meta takes the file. Two uploads of one file are harmless.
    let uploaded = channel.whatsapp(ctx).upload(file).await;
    let uploaded = uploaded.map_err(|error| match error {
        whatsapp::Error::Rejected(rejection) => Unsent::Rejected(rejection),
        whatsapp::Error::Failed(Failure::NotSent(words) | Failure::Ambiguous(words)) => {
            Unsent::Failed(words)
        }
    })?;
    let mut work = Work::of(ctx, channel.workspace).await?;
    store::remember_upload(&mut work, id, channel.id, &uploaded).await?;
    work.commit().await?;
    metrics::counter!("kazi_media_uploads_total").increment(1);
    Ok(AtMeta {
        id: uploaded,
        is_known: false,
    })
}

/// Says whether Meta takes files of a type ("Supported Media Types", Cloud API).
fn is_for_meta(mime: &str) -> bool {
    MediaKind::of_mime(mime) != MediaKind::Document
        || matches!(
            mime,
            "text/plain"
                | "application/pdf"
                | "application/msword"
                | "application/vnd.ms-excel"
                | "application/vnd.ms-powerpoint"
                | "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
                | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                | "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        )
}

/// A name with an extension: Green API shows a file as what its name says.
fn with_extension(name: &str, mime: &str) -> String {
    let has_one = name
        .rsplit_once('.')
        .is_some_and(|(before, after)| !before.is_empty() && (1..=5).contains(&after.len()));
    let extension = match mime {
        "image/jpeg" => "jpg",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "video/3gpp" => "3gp",
        "text/plain" => "txt",
        mime => match mime.split_once('/') {
            Some((_, after @ ("png" | "webp" | "gif" | "mp4" | "ogg" | "aac" | "amr" | "pdf"))) => {
                after
            }
            _ => return name.to_owned(),
        },
    };
    match has_one {
        true => name.to_owned(),
        false => format!("{name}.{extension}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_a_file_is() {
        for (name, mime, named) in [
            ("image", "image/jpeg", "image.jpg"),
            ("roof.jpeg", "image/jpeg", "roof.jpeg"),
            ("No. 7 of May", "application/pdf", "No. 7 of May.pdf"),
            (".png", "image/png", ".png.png"),
            ("thing", "application/x-thing", "thing"),
        ] {
            assert_eq!(with_extension(name, mime), named);
        }
    }
}
