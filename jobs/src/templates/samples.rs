//! Samples of the files of headers. Meta's reviewers look at them, and customers never get them.

use bytes::Bytes;
use kazi_clients::whatsapp::Sample;
use kazi_platform::{WorkspaceId, actor::Actor};
use serde::Serialize;
use utoipa::ToSchema;

use super::{HeaderFormat, TemplateError, manage};
use crate::{
    Context, Work,
    audit::Change,
    channels::ChannelId,
    violations::{Violations, invalid},
};

/// Bytes of the largest sample: that of a video. Meta takes documents of 100 MB, but nobody reviews so many pages.
pub const SAMPLE_BYTES: usize = 16_000_000;
/// Bytes of the largest image (Meta, "Media").
const IMAGE_BYTES: usize = 5_000_000;
/// Characters of a file's name.
const NAME: usize = 240;

/// A sample that Meta has.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TemplateSample)]
pub struct SampleView {
    /// For the `handle` of a header.
    pub handle: String,
    /// The `format` of a header with this file.
    pub format: HeaderFormat,
    /// By the first bytes of the file.
    #[schema(example = "image/png")]
    pub mime: String,
    pub bytes: usize,
}

/// Gives Meta a sample. The caller holds no connection.
pub async fn sample(
    ctx: &Context,
    workspace: WorkspaceId,
    actor: &Actor,
    (channel, name): (ChannelId, &str),
    bytes: Bytes,
) -> Result<SampleView, TemplateError> {
    let mut violations = Violations::default();
    violations.text("/file_name", name, 1, NAME);
    violations.end()?;
    let (format, mime, most) = kind(&bytes).ok_or_else(|| {
        let rule = "the file must be a JPEG or PNG image, an MP4 video or a PDF";
        invalid("/file", ("kind", rule.to_owned()))
    })?;
    if bytes.len() > most {
        let rule = format!("a file of the type {mime} must have at most {most} bytes");
        return Err(invalid("/file", ("too_large", rule)).into());
    }
    let mut work = Work::by(ctx, workspace, actor.clone()).await?;
    manage::account(&mut work, channel).await?;
    drop(work);
    let number = manage::number(ctx, Some(channel)).await?;
    let number = number.ok_or(TemplateError::Conflict("the channel is gone"))?;
    let sample = Sample {
        name: name.to_owned(),
        mime: mime.to_owned(),
        bytes,
    };
    let handle = number.upload_sample(&sample).await?;
    let mut work = Work::by(ctx, workspace, actor.clone()).await?;
    let (action, subject) = ("templates.sample", ("channel", channel));
    work.audit(&Change::done(action, subject)).await?;
    work.commit().await?;
    Ok(SampleView {
        handle,
        format,
        mime: sample.mime,
        bytes: sample.bytes.len(),
    })
}

/// The format, the type and the most bytes of a file, by its first bytes: what a browser says of a file may be wrong.
fn kind(bytes: &[u8]) -> Option<(HeaderFormat, &'static str, usize)> {
    Some(match infer::get(bytes)?.mime_type() {
        mime @ ("image/jpeg" | "image/png") => (HeaderFormat::Image, mime, IMAGE_BYTES),
        "video/mp4" | "video/x-m4v" => (HeaderFormat::Video, "video/mp4", SAMPLE_BYTES),
        mime @ "application/pdf" => (HeaderFormat::Document, mime, SAMPLE_BYTES),
        _ => return None,
    })
}
