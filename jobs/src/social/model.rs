//! Accounts, contents and schedules as values, and the rules of each network.

use chrono::{LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};
use kazi_platform::{Timestamp, crypto::CryptoError, id, invalid::Invalid};
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use crate::violations::{Violation, Violations, invalid};

id!(
    /// An account of a social network.
    pub struct AccountId, "sac_"
);
id!(
    /// The content of a post.
    pub struct ContentId, "sco_"
);
id!(
    /// A content for an account at a time.
    pub struct ScheduleId, "ssc_"
);
id!(
    /// The publication of a schedule.
    pub struct PublicationId, "spb_"
);

/// Characters. Meta's limit for a post of a page is the longer one.
const MAX_TEXT: usize = 63_206;
/// Images of a carousel, or of a page's post.
const MAX_MEDIA: usize = 10;
/// Meta: characters of an alternative text.
const MAX_ALT: usize = 1_000;
/// Instagram: characters of a caption.
const MAX_CAPTION: usize = 2_200;
/// Instagram: hashtags of a caption.
const MAX_HASHTAGS: usize = 30;
/// A schedule further ahead is a typing error.
const FARTHEST: TimeDelta = TimeDelta::days(366);

kazi_platform::texts! {
    /// A social network.
    pub enum Network as "SocialNetwork" {
        /// A professional account.
        Instagram = "instagram",
        /// A page.
        Facebook = "facebook",
    }
}

impl Network {
    /// Checks the rules of this network.
    pub(super) fn check(self, violations: &mut Violations, text: &str, media: &[Media]) {
        match self {
            Self::Instagram => {
                violations.unless(
                    !media.is_empty(),
                    "/media",
                    "required",
                    "Instagram takes no post without an image",
                );
                let length = text.chars().count() <= MAX_CAPTION;
                violations.unless(
                    length,
                    "/text",
                    "too_long",
                    format!("Instagram takes {MAX_CAPTION} characters at most"),
                );
                for (index, media) in media.iter().enumerate() {
                    let mime = media.mime.as_deref();
                    let taken = mime.is_none_or(|mime| matches!(mime, "image/jpeg" | "video/mp4"));
                    violations.unless(
                        taken,
                        format!("/media/{index}"),
                        "wrong_type",
                        "Instagram takes only JPEG images and MP4 videos",
                    );
                }
                let tags = hashtags(text) <= MAX_HASHTAGS;
                violations.unless(
                    tags,
                    "/text",
                    "too_many_hashtags",
                    format!("Instagram takes {MAX_HASHTAGS} hashtags at most"),
                );
            }
            Self::Facebook => {
                let something = !text.trim().is_empty() || !media.is_empty();
                violations.unless(something, "/text", "required", "needs a text or an image");
                for (index, media) in media.iter().enumerate() {
                    let mime = media.mime.as_deref();
                    let taken = mime.is_none_or(|mime| matches!(mime, "image/jpeg" | "image/png"));
                    violations.unless(
                        taken,
                        format!("/media/{index}"),
                        "wrong_type",
                        "Kazi posts only images (JPEG, PNG) on Facebook",
                    );
                }
            }
        }
    }
}

/// Counts hashtags: `#tea`, but not `C#` or `# 1`.
fn hashtags(text: &str) -> usize {
    let mut last = ' ';
    let mut count = 0;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let begins = c == '#' && !last.is_alphanumeric();
        if begins
            && rest
                .peek()
                .is_some_and(|next| next.is_alphanumeric() || *next == '_')
        {
            count += 1;
        }
        last = c;
    }
    count
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SocialMedia)]
pub struct Media {
    /// The public https address from which the network reads it. Instagram takes only JPEG. Empty for an uploaded file.
    #[serde(default)]
    #[schema(example = "https://shop.example/images/tea.jpg", max_length = 2000)]
    pub url: String,
    /// A file that was uploaded with `POST /api/v1/media` and is about no contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "med_01890000000000000000000000000000", max_length = 40)]
    pub media_id: Option<String>,
    /// The type of the uploaded file. Kazi fills it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "image/jpeg")]
    pub mime: Option<String>,
    /// A description for people who cannot see it.
    #[serde(default)]
    #[schema(example = "A cup of tea", max_length = 1000)]
    pub alt: Option<String>,
}

impl Media {
    pub(super) fn is_video(&self) -> bool {
        let mime = self.mime.as_deref();
        mime.is_some_and(|mime| mime.starts_with("video/"))
    }
}

/// The content of a post.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SocialContent)]
pub struct Content {
    pub id: ContentId,
    #[schema(example = "Fresh tea from Kericho. #tea")]
    pub text: String,
    /// In their order.
    #[schema(value_type = Vec<Media>)]
    pub media: Json<Vec<Media>>,
    /// Other texts by network.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"instagram": "Fresh tea! #tea"}))]
    pub variants: Json<Variants>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
}

/// Texts by network.
pub type Variants = std::collections::BTreeMap<Network, String>;

impl Content {
    /// The text for a network.
    pub(super) fn text_for(&self, network: Network) -> &str {
        self.variants.get(&network).unwrap_or(&self.text)
    }

    /// Checks the rules of one network.
    pub(super) fn check_for(&self, network: Network) -> Result<(), Invalid> {
        let mut violations = Violations::default();
        network.check(&mut violations, self.text_for(network), &self.media);
        violations.end()
    }

    /// Checks the rules that all networks have.
    pub(super) fn check(&self) -> Result<(), Invalid> {
        let mut violations = Violations::default();
        let mut text = |pointer: String, text: &str| {
            violations.text(pointer.as_str(), text, 0, MAX_TEXT);
        };
        text("/text".into(), &self.text);
        for (network, variant) in self.variants.iter() {
            text(format!("/variants/{network}"), variant);
        }
        let something = !self.text.trim().is_empty() || !self.media.is_empty();
        violations.unless(something, "/text", "required", "needs a text or an image");
        let few = self.media.len() <= MAX_MEDIA;
        violations.unless(
            few,
            "/media",
            "too_many",
            format!("must have {MAX_MEDIA} images and videos at most"),
        );
        for (index, media) in self.media.iter().enumerate() {
            // Of an uploaded file, Kazi itself makes the address.
            if media.media_id.is_none() {
                violations.url(&format!("/media/{index}/url"), &media.url);
            } else if !media.url.is_empty() {
                let rule = "must be empty for an uploaded file";
                violations.add(format!("/media/{index}/url"), ("both", rule.to_owned()));
            }
            if let Some(alt) = &media.alt {
                violations.text(&format!("/media/{index}/alt"), alt, 0, MAX_ALT);
            }
        }
        violations.end()
    }
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSocialContent)]
pub struct NewContent {
    /// It may be empty if there are images.
    #[schema(example = "Fresh tea from Kericho. #tea", max_length = 63206)]
    pub text: String,
    /// In their order.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub media: Vec<Media>,
    /// Other texts by network.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"instagram": "Fresh tea! #tea"}))]
    pub variants: Variants,
}

/// Fields that are left out stay. Posts that are being published keep their text.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SocialContentPatch)]
pub struct ContentPatch {
    #[schema(max_length = 63206)]
    pub text: Option<String>,
    /// Replaces all images.
    #[schema(max_items = 10)]
    pub media: Option<Vec<Media>>,
    /// Replaces all other texts.
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>)]
    pub variants: Option<Variants>,
}

#[derive(Debug, thiserror::Error)]
pub enum SocialError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The account is connected already.
    #[error("this account is connected already")]
    Connected,
    /// The content is scheduled there at the same time already.
    #[error("the same content is to appear there at the same time already")]
    Scheduled,
    /// The content is scheduled: cancel that first.
    #[error("the content is to appear: cancel that first")]
    InUse,
    /// The post is being published, or has ended.
    #[error("it is {0}: that cannot be changed any more")]
    Over(String),
    /// The network does not answer, so nothing is known of the token.
    #[error("the network cannot be asked now, try again: {0}")]
    Unreachable(String),
    /// A job cannot be stored.
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
    /// A stored value does not open with this program's master key.
    #[error(transparent)]
    Sealed(CryptoError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<CryptoError> for SocialError {
    fn from(error: CryptoError) -> Self {
        match error {
            CryptoError::Database(error) => Self::Database(error),
            sealed => Self::Sealed(sealed),
        }
    }
}

/// The first instant at which a clock of the zone shows a time. For a skipped time, the end of the gap.
pub(super) fn moment(local: &str, zone: &str, now: Timestamp) -> Result<Timestamp, Invalid> {
    let mut violations = Violations::default();
    let time = violations.take("/local_time", wall_time(local));
    let zone = zone.parse::<Tz>();
    let zone = zone.map_err(|_| {
        (
            "unknown_zone",
            "must be the name of an IANA time zone, like Africa/Nairobi".to_owned(),
        )
    });
    let zone = violations.take("/zone", zone);
    let moment = time.zip(zone).and_then(|(time, zone)| {
        let moment = match zone.from_local_datetime(&time) {
            LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment),
            LocalResult::None => GapInfo::new(&time, &zone).and_then(|gap| gap.end),
        };
        moment.map(|moment| moment.with_timezone(&Utc))
    });
    if let Some(moment) = moment {
        violations.unless(moment > now, "/local_time", "past", "must be in the future");
        violations.unless(
            moment < now + FARTHEST,
            "/local_time",
            "too_far",
            "must be within a year",
        );
    }
    violations.end()?;
    moment.ok_or_else(|| invalid("/local_time", no_time()))
}

fn no_time() -> Violation {
    (
        "invalid",
        "must be a time like 2026-12-24T18:00:00, without a zone".to_owned(),
    )
}

fn wall_time(text: &str) -> Result<NaiveDateTime, Violation> {
    let read = |format| NaiveDateTime::parse_from_str(text, format).ok();
    read("%Y-%m-%dT%H:%M:%S")
        .or_else(|| read("%Y-%m-%dT%H:%M"))
        .ok_or_else(no_time)
}

/// The local time in a zone.
pub(super) fn wall_clock(at: Timestamp, zone: &str) -> String {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    at.with_timezone(&zone)
        .format("%Y-%m-%dT%H:%M:%S")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_wall_time_in_a_gap_is_its_end_and_one_that_comes_twice_is_the_first() {
        let now = at("2026-01-01T00:00:00Z");
        let berlin = |local| moment(local, "Europe/Berlin", now).unwrap();
        assert_eq!(berlin("2026-03-29T01:59"), at("2026-03-29T00:59:00Z"));
        assert_eq!(berlin("2026-03-29T02:30"), at("2026-03-29T01:00:00Z"));
        assert_eq!(berlin("2026-10-25T02:30"), at("2026-10-25T00:30:00Z"));
        assert_eq!(
            wall_clock(berlin("2026-03-29T02:30"), "Europe/Berlin"),
            "2026-03-29T03:00:00"
        );
    }

    #[test]
    fn a_time_in_the_past_or_too_far_or_of_no_zone_is_refused_by_its_field() {
        let now = at("2026-06-01T12:00:00Z");
        for (local, zone, pointer, code) in [
            (
                "2026-06-01T14:59:59",
                "Africa/Nairobi",
                "/local_time",
                "past",
            ),
            (
                "2026-06-01T15:00:00",
                "Africa/Nairobi",
                "/local_time",
                "past",
            ),
            ("2027-06-03T00:00:00", "UTC", "/local_time", "too_far"),
            ("2026-06-02", "UTC", "/local_time", "invalid"),
            ("2026-06-02T10:00:00Z", "UTC", "/local_time", "invalid"),
            (
                "2026-06-02T10:00:00",
                "Middle/Earth",
                "/zone",
                "unknown_zone",
            ),
        ] {
            let Invalid(violations) = moment(local, zone, now).unwrap_err();
            assert_eq!(
                (violations[0].pointer.as_str(), violations[0].code),
                (pointer, code),
                "{local} {zone}"
            );
        }
        assert!(moment("2026-06-01T15:00:01", "Africa/Nairobi", now).is_ok());
    }

    #[test]
    fn a_hashtag_begins_a_word() {
        assert_eq!(hashtags("#tea #Chai_1 C# # #é a#b ##x"), 4);
    }

    #[test]
    fn each_network_takes_what_it_takes() {
        let media = [Media {
            url: "https://a.example/a.jpg".into(),
            alt: None,
            media_id: None,
            mime: None,
        }];
        let violations = |network: Network, text: &str, media: &[Media]| {
            let mut violations = Violations::default();
            network.check(&mut violations, text, media);
            violations
                .end()
                .map_err(|Invalid(all)| all.iter().map(|one| one.code).collect::<Vec<_>>())
        };
        assert_eq!(
            violations(Network::Instagram, "x", &[]),
            Err(vec!["required"])
        );
        assert_eq!(
            violations(Network::Instagram, &"x".repeat(2_201), &media),
            Err(vec!["too_long"])
        );
        assert_eq!(
            violations(Network::Instagram, &"#x ".repeat(31), &media),
            Err(vec!["too_many_hashtags"])
        );
        assert_eq!(
            violations(Network::Instagram, &"#x ".repeat(30), &media),
            Ok(())
        );
        assert_eq!(
            violations(Network::Facebook, " ", &[]),
            Err(vec!["required"])
        );
        assert_eq!(
            violations(Network::Facebook, &"x".repeat(5_000), &[]),
            Ok(())
        );
    }
}
