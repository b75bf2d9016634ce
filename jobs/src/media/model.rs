//! A file of a message, and what became of it.

use kazi_clients::whatsapp::FileKind;
use kazi_platform::{Timestamp, WorkspaceId, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::MediaLink;
use crate::{channels::ChannelId, contacts::ContactId};

id!(
    pub struct MediaId, "med_"
);

const KB: u64 = 1_000;
const MB: u64 = 1_000 * KB;

kazi_platform::texts! {
    /// The kind of a file in the chat.
    pub enum MediaKind {
        Image = "image",
        Video = "video",
        /// A recording, or music.
        Audio = "audio",
        /// Any other file.
        Document = "document",
        Sticker = "sticker",
    }
}

impl MediaKind {
    /// The most bytes that the Cloud API carries ("Media").
    pub const fn limit_bytes(self) -> u64 {
        match self {
            Self::Image => 5 * MB,
            Self::Video | Self::Audio => 16 * MB,
            Self::Document => 100 * MB,
            Self::Sticker => 500 * KB,
        }
    }

    /// The same at Meta.
    pub const fn at_meta(self) -> FileKind {
        match self {
            Self::Image => FileKind::Image,
            Self::Video => FileKind::Video,
            Self::Audio => FileKind::Audio,
            Self::Document => FileKind::Document,
            Self::Sticker => FileKind::Sticker,
        }
    }

    /// The kind of a provider's word. A kind that is newer than this program is a document.
    pub fn of(word: &str) -> Self {
        word.parse().unwrap_or(Self::Document)
    }

    /// The kind in which WhatsApp carries a type. Everything that it does not show itself is a document.
    pub fn of_mime(mime: &str) -> Self {
        match mime {
            "image/jpeg" | "image/png" => Self::Image,
            "image/webp" => Self::Sticker,
            "video/mp4" | "video/3gpp" => Self::Video,
            "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" => Self::Audio,
            _ => Self::Document,
        }
    }
}

kazi_platform::texts! {
    /// What became of a file.
    pub enum MediaState {
        /// Kazi fetches it from the provider.
        Fetching = "fetching",
        /// It is here.
        Stored = "stored",
        /// It is here, and nobody gets it: the scanner has found a virus.
        Quarantined = "quarantined",
        /// Kazi did not take it. `reason` says why.
        Refused = "refused",
        /// It is not here any more. `reason` says why.
        Gone = "gone",
    }
}

kazi_platform::texts! {
    /// Why nobody gets the file.
    pub enum MediaReason {
        /// It has more bytes than its kind may have.
        TooLarge = "too_large",
        /// It has no bytes.
        Empty = "empty",
        /// Its bytes are not those that the provider has told the hash of.
        Damaged = "damaged",
        /// Its bytes are not of the type that its sender says.
        Mismatch = "mismatch",
        /// The scanner has found a virus.
        Infected = "infected",
        /// The scanner could not be asked for too long.
        Unscanned = "unscanned",
        /// The provider's address of the file is none of its own.
        Address = "address",
        /// The provider could not be asked for too long, or refused for too long.
        Unreachable = "unreachable",
        /// The provider has it no more.
        Expired = "expired",
        /// The channel that brought it is gone.
        NoChannel = "no_channel",
        /// The time for which files are kept is over.
        Retention = "retention",
        /// The contact was erased.
        Erased = "erased",
        /// A member has deleted it.
        Deleted = "deleted",
    }
}

/// Where a provider has a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "provider", rename_all = "lowercase")]
pub enum Source {
    WhatsApp {
        /// Asking for the id gives a URL that lives for five minutes.
        id: String,
        /// The hash that the webhook tells, in base64.
        sha256: Option<String>,
    },
    GreenApi {
        /// Green API keeps a file for some time.
        url: Option<String>,
        /// The chat and the message, by which Green API finds the file again.
        chat: String,
        message: String,
    },
}

/// A file that a message brings.
#[derive(Debug)]
pub struct NewIncoming {
    /// Derived from the message, so that a message brings it once.
    pub id: MediaId,
    pub contact: ContactId,
    pub channel: ChannelId,
    /// The message's id, whose type stands on a higher floor.
    pub message: Uuid,
    pub file: Named,
    pub source: Source,
    pub at: Timestamp,
}

/// What a sender says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub kind: MediaKind,
    pub mime: Option<String>,
    pub name: Option<String>,
}

/// A file that is to be fetched.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    pub channel: ChannelId,
    pub kind: MediaKind,
    pub said_mime: Option<String>,
    pub source: Source,
    /// The key of an earlier run.
    pub before: Option<String>,
}

impl Incoming {
    /// The most bytes that the provider carries. Green API takes files from WhatsApp Web, where all kinds have one limit.
    pub(super) const fn limit_bytes(&self) -> u64 {
        match self.source {
            Source::WhatsApp { .. } => self.kind.limit_bytes(),
            Source::GreenApi { .. } => MediaKind::Document.limit_bytes(),
        }
    }
}

/// What is known of a file that lies in the folder or the bucket.
#[derive(Clone, Debug)]
pub struct Kept {
    pub workspace: WorkspaceId,
    pub key: String,
    pub kind: MediaKind,
    pub mime: String,
    pub bytes: u64,
    pub name: Option<String>,
}

/// A file.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MediaFile)]
pub struct MediaView {
    pub id: MediaId,
    /// Whom it is about: an erasure of the contact removes it.
    pub contact_id: Option<ContactId>,
    pub kind: MediaKind,
    pub state: MediaState,
    /// Why nobody gets the file.
    pub reason: Option<MediaReason>,
    /// The type, by its content. `application/octet-stream`: nobody can tell.
    #[schema(example = "image/jpeg")]
    pub mime: Option<String>,
    /// Its size.
    #[schema(minimum = 1)]
    pub bytes: Option<i64>,
    /// The hash of its bytes, in hex.
    pub sha256: Option<String>,
    /// The sender's name of the file.
    #[schema(example = "invoice.pdf")]
    pub name: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl MediaView {
    /// Why nobody gets the file: the reason, or else the state. `None`: it is here.
    pub(super) const fn absence(&self) -> Option<&'static str> {
        match (self.state, self.reason) {
            (MediaState::Stored, _) => None,
            (_, Some(reason)) => Some(reason.name()),
            (state, None) => Some(state.name()),
        }
    }
}

/// The file of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageMedia {
    pub id: MediaId,
    pub kind: MediaKind,
    pub state: MediaState,
    /// Why nobody gets the file.
    pub reason: Option<MediaReason>,
    /// The type, by its content.
    #[schema(example = "image/jpeg")]
    pub mime: Option<String>,
    /// Its size.
    #[schema(minimum = 1)]
    pub bytes: Option<i64>,
    /// The sender's name of the file.
    #[schema(example = "invoice.pdf")]
    pub name: Option<String>,
    /// A link to the file. Only the messages of conversations and tickets have one, and only if the file is here.
    /// `POST /api/v1/media/{id}/link` makes another.
    pub link: Option<MediaLink>,
}

/// A file cannot be given, taken or linked.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("there is no such file")]
    NotFound,
    /// It is not here (yet, or any more).
    #[error("the file is not here: {0}")]
    NotHere(&'static str),
    #[error("the file is about a contact")]
    Private,
    #[error(transparent)]
    Invalid(#[from] kazi_platform::invalid::Invalid),
    /// The body has more bytes than the kind may have.
    #[error("a file of this kind has at most {0} bytes")]
    TooLarge(u64),
    #[error("the scanner has found a virus in the file")]
    Infected,
    /// The body did not come whole.
    #[error("the file did not come whole: {0}")]
    Broken(String),
    /// The folder, the bucket or the scanner does not work.
    #[error("{0}")]
    Unavailable(String),
    #[error(transparent)]
    Enqueue(#[from] kazi_queue::EnqueueError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_nobody_knows_is_a_document() {
        assert_eq!(MediaKind::of("sticker"), MediaKind::Sticker);
        assert_eq!(MediaKind::of("hologram"), MediaKind::Document);
        assert_eq!(MediaKind::of_mime("image/svg+xml"), MediaKind::Document);
        assert_eq!(MediaKind::of_mime("audio/ogg"), MediaKind::Audio);
    }
}
