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
