//! The files of posts that members upload. Media keeps them, on a higher floor, and fills in the table.

use kazi_platform::Timestamp;

use super::{Media, SocialError};
use crate::{
    Context, Work,
    domain::{Future, offers},
    violations::Violations,
};

type Usable = for<'a> fn(&'a mut Work, &'a str) -> Future<'a, Result<Option<String>, sqlx::Error>>;

/// What media does for posts.
pub(crate) struct Uploads {
    /// The type of an uploaded file, which from then on is not deleted for its age. `None`: a post cannot show it.
    pub usable: Usable,
    /// The address from which a network reads a file, until a moment.
    pub address: fn(&Context, &str, Timestamp) -> Option<String>,
}

/// Finds the uploaded files and writes down their types.
pub(super) async fn describe(work: &mut Work, all: &mut [Media]) -> Result<(), SocialError> {
    let mut violations = Violations::default();
    for (index, media) in all.iter_mut().enumerate() {
        media.mime = None;
        let Some(id) = &media.media_id else { continue };
        for uploads in offers::<Uploads>() {
            media.mime = (uploads.usable)(work, id).await?;
        }
        violations.unless(
            media.mime.is_some(),
            format!("/media/{index}/media_id"),
            "not_found",
            "must be an uploaded file that is here and is about no contact",
        );
    }
    Ok(violations.end()?)
}

/// Gives the uploaded files addresses that live until a moment.
pub(super) fn place(ctx: &Context, all: &mut [Media], until: Timestamp) {
    for media in all {
        let Some(id) = &media.media_id else { continue };
        let mut found = offers::<Uploads>().filter_map(|one| (one.address)(ctx, id, until));
        media.url = found.next().unwrap_or_default();
    }
}
