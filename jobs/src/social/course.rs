//! What became of many posts, day by day. Networks are not asked for likes and comments, so these are not known.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{ContentId, store::course as store};
use crate::Work;

/// A day on which a content appeared.
#[derive(Clone, Debug)]
pub struct PostDay {
    pub of: ContentId,
    pub day: NaiveDate,
    /// Its appearances, on all accounts.
    pub published: i64,
}

/// The days of some contents on which they appeared, on the clocks of a zone.
pub async fn course(
    work: &mut Work,
    contents: &[ContentId],
    zone: Tz,
) -> Result<Vec<PostDay>, sqlx::Error> {
    if contents.is_empty() {
        return Ok(Vec::new());
    }
    store::published(work, contents, zone).await
}

/// A content in a few words.
#[derive(Clone, Debug)]
pub struct Brief {
    pub id: ContentId,
    /// The beginning of its text.
    pub name: String,
    /// `draft`, `scheduled`, `failed` or `published`: how far one of its posts came at most.
    pub status: String,
    /// Deleted contents stay for the posts that have appeared.
    pub deleted: bool,
}

/// Contents with these ids, or all that are not deleted; whose texts have these words, or all. The newest come first.
pub async fn briefs(
    work: &mut Work,
    ids: Option<&[ContentId]>,
    words: Option<&str>,
    limit: i64,
) -> Result<Vec<Brief>, sqlx::Error> {
    store::briefs(work, ids, words, limit).await
}
