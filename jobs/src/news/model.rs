//! Articles, readers and their reading times. Pure.

use chrono::{Days, LocalResult, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};
use kazi_platform::{Timestamp, id};
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;
use utoipa::ToSchema;

use crate::{
    contacts::ContactId,
    conversations::{MessageId, fit},
};

id!(
    pub struct ArticleId, "art_"
);
id!(
    pub struct NewsSubscriptionId, "nsb_"
);
id!(
    /// A message with articles for a reader.
    pub struct DigestId, "dig_"
);

/// The topics of articles. The chat has their names in each language (`news-topic-…`).
pub const TOPICS: [&str; 8] = [
    "business",
    "entertainment",
    "health",
    "local",
    "politics",
    "sports",
    "technology",
    "world",
];
/// The default number of articles per day.
pub const DAILY_LIMIT: i16 = 3;
/// A brief that is later than this is left out; the next brief has its articles.
pub const LATE: TimeDelta = TimeDelta::minutes(30);
/// The oldest articles that readers get.
pub const FRESH: TimeDelta = TimeDelta::days(3);
/// Characters of a summary.
pub const SUMMARY_LIMIT: usize = 280;

kazi_platform::texts! {
    /// The reason for a digest.
    pub enum Slot as "NewsSlot" {
        Morning = "morning",
        Afternoon = "afternoon",
        Evening = "evening",
        /// The reader asked.
        Latest = "latest",
        /// Breaking news.
        Breaking = "breaking",
    }
}

kazi_platform::texts! {
    /// How far a digest has come.
    pub enum DigestStatus {
        /// Its job waits.
        Due = "due",
        /// Its articles are chosen. Summaries may still be in the making.
        Chosen = "chosen",
        /// Its message is queued.
        Sent = "sent",
        /// There was no unseen article.
        Empty = "empty",
        /// It was too late, or the reader has stopped.
        Skipped = "skipped",
        /// The reader cannot be reached.
        Unreachable = "unreachable",
    }
}

/// The local times at which somebody reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Briefs {
    pub morning: Option<NaiveTime>,
    pub afternoon: Option<NaiveTime>,
    pub evening: Option<NaiveTime>,
}

impl Briefs {
    /// The times that are set.
    pub fn wanted(&self) -> impl Iterator<Item = (Slot, NaiveTime)> + use<> {
        let all = [
            (Slot::Morning, self.morning),
            (Slot::Afternoon, self.afternoon),
            (Slot::Evening, self.evening),
        ];
        all.into_iter()
            .filter_map(|(slot, time)| Some((slot, time?)))
    }

    /// The first brief after a moment.
    ///
    /// A local time that the clock skips means the end of the gap. A local time that comes twice means the first of the
    /// two. Briefs at the same moment are one.
    pub fn next(&self, zone: Tz, after: Timestamp) -> Option<(Slot, Timestamp)> {
        let today = after.with_timezone(&zone).date_naive();
        (0..=2)
            .filter_map(|days| today.checked_add_days(Days::new(days)))
            .flat_map(|day| {
                self.wanted()
                    .map(move |(slot, time)| (slot, day.and_time(time)))
            })
            .filter_map(|(slot, local)| Some((slot, moment(zone, local)?)))
            .filter(|(_, at)| *at > after)
            .min_by_key(|(_, at)| *at)
    }
}

/// The first instant at which a clock of the zone shows this time. For a skipped time, the end of the gap.
fn moment(zone: Tz, local: NaiveDateTime) -> Option<Timestamp> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment),
        LocalResult::None => GapInfo::new(&local, &zone)?.end,
    }
    .map(|moment| moment.with_timezone(&Utc))
}

/// Reads a time of day: `7:30`, `07:30`.
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |part: &str, least: usize| {
        ((least..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse().ok())
            .flatten()
    };
    NaiveTime::from_hms_opt(digits(hours, 1)?, digits(minutes, 2)?, 0)
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Article {
    pub id: ArticleId,
    /// The id at the article's source.
    pub external_id: Option<String>,
    #[schema(example = "New ferry links the islands")]
    pub title: String,
    /// Plain text.
    pub body: String,
    /// The address of the article.
    #[schema(example = "https://news.example/ferry")]
    pub url: String,
    /// The address of a picture.
    pub image_url: Option<String>,
    /// The publisher.
    pub source: Option<String>,
    /// The author.
    pub author: Option<String>,
    /// The language of the text.
    #[schema(example = "en")]
    pub language: String,
    #[schema(example = json!(["local", "business"]))]
    pub topics: Vec<String>,
    /// Whether all readers of its topics get it at once.
    pub breaking: bool,
    /// When all readers of its topics got it at once.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub broken_at: Option<Timestamp>,
    /// Readers get it from this time on. `null`: it is a draft.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Times of day, like `07:30`. `null`: no brief.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BriefTimes {
    #[schema(example = "07:30", pattern = "^[0-2]?[0-9]:[0-5][0-9]$")]
    pub morning: Option<String>,
    #[schema(example = "13:00", pattern = "^[0-2]?[0-9]:[0-5][0-9]$")]
    pub afternoon: Option<String>,
    #[schema(example = "19:00", pattern = "^[0-2]?[0-9]:[0-5][0-9]$")]
    pub evening: Option<String>,
}

impl From<Briefs> for BriefTimes {
    fn from(briefs: Briefs) -> Self {
        let said = |time: Option<NaiveTime>| time.map(|time| time.format("%H:%M").to_string());
        Self {
            morning: said(briefs.morning),
            afternoon: said(briefs.afternoon),
            evening: said(briefs.evening),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NewsSubscription {
    pub id: NewsSubscriptionId,
    pub contact: ContactId,
    #[schema(example = json!(["sports", "world"]))]
    pub topics: Vec<String>,
    /// Local times of the reader.
    #[schema(value_type = BriefTimes)]
    #[serde(serialize_with = "as_times")]
    pub briefs: Briefs,
    /// The reader's IANA time zone.
    #[schema(example = "Africa/Nairobi")]
    pub zone: String,
    /// The reader's language. `null`: the contact's.
    #[schema(example = "fr")]
    pub language: Option<String>,
    /// Articles per day that the reader has not asked for.
    pub daily_limit: i16,
    /// Whether the reader gets news.
    pub active: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_due_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

fn as_times<S: serde::Serializer>(briefs: &Briefs, to: S) -> Result<S::Ok, S::Error> {
    BriefTimes::from(*briefs).serialize(to)
}

/// A digest for members.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = NewsDigest)]
pub struct DigestView {
    pub id: DigestId,
    pub contact: ContactId,
    /// The reason for the digest.
    pub slot: Slot,
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    pub status: DigestStatus,
    /// Why it was not sent: `late`, `stopped`, or why the reader cannot be reached.
    pub reason: Option<String>,
    /// In the order of the message.
    #[schema(value_type = Vec<String>)]
    pub articles: Vec<ArticleId>,
    pub message: Option<MessageId>,
}

/// Returns true when a reader needs a summary of a text: it is long, or in another language.
pub fn wants_summary(body: &str, written_in: &str, read_in: &str) -> bool {
    written_in != read_in || body.chars().count() > SUMMARY_LIMIT
}

/// The first sentences of a text that fit into a summary, or the beginning of a long first sentence.
pub fn first_sentences(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut end = 0;
    for (start, sentence) in text.split_sentence_bound_indices() {
        let next = start + sentence.len();
        if text[..next].trim_end().chars().count() > SUMMARY_LIMIT {
            break;
        }
        end = next;
    }
    match text[..end].trim_end() {
        "" => fit(&text, SUMMARY_LIMIT),
        sentences => sentences.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Option<NaiveTime> {
        Some(time_of_day(text).unwrap())
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const BERLIN: Tz = Tz::Europe__Berlin;

    #[test]
    fn the_next_brief_is_the_first_of_the_readers_day_or_of_tomorrow() {
        let briefs = Briefs {
            morning: time("7:30"),
            evening: time("19:00"),
            ..Briefs::default()
        };
        let next = |after: &str| briefs.next(Tz::Africa__Nairobi, at(after)).unwrap();
        let (morning, evening) = (at("2026-03-01T04:30:00Z"), at("2026-03-01T16:00:00Z"));
        assert_eq!(next("2026-03-01T04:29:59Z"), (Slot::Morning, morning));
        assert_eq!(next("2026-03-01T04:30:00Z"), (Slot::Evening, evening));
        let tomorrow = at("2026-03-02T04:30:00Z");
        assert_eq!(next("2026-03-01T16:00:00Z"), (Slot::Morning, tomorrow));
        assert_eq!(Briefs::default().next(BERLIN, morning), None);
    }

    #[test]
    fn a_time_that_the_clock_jumps_over_is_the_end_of_the_gap_once() {
        // On 29 March 2026 02:00 is followed by 03:00 in Berlin: 01:00 UTC.
        let briefs = Briefs {
            morning: time("02:30"),
            afternoon: time("02:45"),
            ..Briefs::default()
        };
        let (_, gap) = briefs.next(BERLIN, at("2026-03-28T23:00:00Z")).unwrap();
        assert_eq!(gap, at("2026-03-29T01:00:00Z"));
        let (_, next) = briefs.next(BERLIN, gap).unwrap();
        assert_eq!(next, at("2026-03-30T00:30:00Z"));
    }

    #[test]
    fn a_time_that_is_there_twice_is_the_first_and_only_that() {
        // On 25 October 2026 03:00 is followed by 02:00 in Berlin: 01:00 UTC.
        let briefs = Briefs {
            morning: time("02:30"),
            ..Briefs::default()
        };
        let (_, first) = briefs.next(BERLIN, at("2026-10-24T22:00:00Z")).unwrap();
        assert_eq!(first, at("2026-10-25T00:30:00Z"));
        let (_, next) = briefs.next(BERLIN, first).unwrap();
        assert_eq!(next, at("2026-10-26T01:30:00Z"));
        let (_, next) = briefs.next(BERLIN, at("2026-10-25T01:15:00Z")).unwrap();
        assert_eq!(next, at("2026-10-26T01:30:00Z"));
    }

    #[test]
    fn a_day_that_a_place_never_had_is_made_good_at_its_end() {
        // Samoa went from 29 to 31 December 2011.
        let briefs = Briefs {
            morning: time("08:00"),
            ..Briefs::default()
        };
        let zone = Tz::Pacific__Apia;
        let (_, next) = briefs.next(zone, at("2011-12-29T18:00:00Z")).unwrap();
        assert_eq!(next, at("2011-12-30T10:00:00Z"));
        let (_, next) = briefs.next(zone, next).unwrap();
        assert_eq!(next, at("2011-12-30T18:00:00Z"));
    }

    #[test]
    fn a_time_of_the_day_is_hours_and_minutes() {
        assert_eq!(time_of_day("7:05"), NaiveTime::from_hms_opt(7, 5, 0));
        assert_eq!(time_of_day("23:59"), NaiveTime::from_hms_opt(23, 59, 0));
        for wrong in [
            "25:00", "24:00", "7", "7:5", "07:60", "+7:30", "7:30:00", "", ":", "٧:٣٠", "100:00",
        ] {
            assert_eq!(time_of_day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_summary_of_last_resort_is_whole_sentences_that_fit() {
        assert_eq!(
            first_sentences("It rained.\n\nIt  stopped."),
            "It rained. It stopped."
        );
        let long = "X".repeat(400);
        let kept = first_sentences(&format!("Short one. {long}."));
        assert_eq!(kept, "Short one.");
        let cut = first_sentences(&long);
        assert_eq!(cut.chars().count(), SUMMARY_LIMIT);
        assert!(cut.ends_with('…'));
        assert_eq!(first_sentences(""), "");
    }
}
