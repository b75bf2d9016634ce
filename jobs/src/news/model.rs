//! Articles, readers and when they read: pure.

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
    /// An article.
    pub struct ArticleId, "art_"
);
id!(
    /// Somebody's subscription to the news.
    pub struct NewsSubscriptionId, "nsb_"
);
id!(
    /// A message with articles for a reader.
    pub struct DigestId, "dig_"
);

/// What articles are about. The chat names them in every language (`news-topic-…`).
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
/// Articles a day, for somebody who has said nothing.
pub const DAILY_LIMIT: i16 = 3;
/// A brief that comes later than this is left out: the next one has what it would have said.
pub const LATE: TimeDelta = TimeDelta::minutes(30);
/// Older than this it is not news.
pub const FRESH: TimeDelta = TimeDelta::days(3);
/// Characters of a summary.
pub const SUMMARY_LIMIT: usize = 280;

kazi_platform::texts! {
    /// What makes a digest be sent.
    pub enum Slot as "NewsSlot" {
        /// The reader's morning.
        Morning = "morning",
        /// The reader's afternoon.
        Afternoon = "afternoon",
        /// The reader's evening.
        Evening = "evening",
        /// The reader asked.
        Latest = "latest",
        /// It cannot wait.
        Breaking = "breaking",
    }
}

kazi_platform::texts! {
    /// How far a digest has come.
    pub enum DigestStatus {
        /// Its job waits.
        Due = "due",
        /// Its articles are chosen; summaries may still be in the making.
        Chosen = "chosen",
        /// Its message is written.
        Sent = "sent",
        /// There was nothing new.
        Empty = "empty",
        /// It came too late, or the reader has stopped.
        Skipped = "skipped",
        /// The reader cannot be told.
        Unreachable = "unreachable",
    }
}

/// When somebody reads, on their own clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Briefs {
    /// In the morning.
    pub morning: Option<NaiveTime>,
    /// In the afternoon.
    pub afternoon: Option<NaiveTime>,
    /// In the evening.
    pub evening: Option<NaiveTime>,
}

impl Briefs {
    /// Those that are wanted.
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
    /// Where the clock is put forward, a time that does not exist is the end of the gap; where it is put back, a time that
    /// is there twice is the first. Briefs that fall on the same moment are one.
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

/// When the clock on the wall shows this: the first time where it does so twice, the end of the gap where never.
fn moment(zone: Tz, local: NaiveDateTime) -> Option<Timestamp> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment),
        LocalResult::None => GapInfo::new(&local, &zone)?.end,
    }
    .map(|moment| moment.with_timezone(&Utc))
}

/// A time of the day as people write it: `7:30`, `07:30`.
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |part: &str, least: usize| {
        ((least..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse().ok())
            .flatten()
    };
    NaiveTime::from_hms_opt(digits(hours, 1)?, digits(minutes, 2)?, 0)
}

/// An article.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Article {
    /// Its id.
    pub id: ArticleId,
    /// How the place that it comes from names it.
    pub external_id: Option<String>,
    /// Its headline.
    #[schema(example = "New ferry links the islands")]
    pub title: String,
    /// All of it, as plain text.
    pub body: String,
    /// Where it can be read.
    #[schema(example = "https://news.example/ferry")]
    pub url: String,
    /// A picture.
    pub image_url: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// What it is written in.
    #[schema(example = "en")]
    pub language: String,
    /// What it is about.
    #[schema(example = json!(["local", "business"]))]
    pub topics: Vec<String>,
    /// It cannot wait.
    pub breaking: bool,
    /// When every reader of its topics was told at once.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub broken_at: Option<Timestamp>,
    /// From when on readers are told of it; null is a draft.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Times of the day, like `07:30`; null is no brief.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BriefTimes {
    /// In the morning.
    #[schema(example = "07:30", pattern = "^[0-2]?[0-9]:[0-5][0-9]$")]
    pub morning: Option<String>,
    /// In the afternoon.
    #[schema(example = "13:00", pattern = "^[0-2]?[0-9]:[0-5][0-9]$")]
    pub afternoon: Option<String>,
    /// In the evening.
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

/// Somebody who reads.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NewsSubscription {
    /// Its id.
    pub id: NewsSubscriptionId,
    /// Who.
    pub contact: ContactId,
    /// What about.
    #[schema(example = json!(["sports", "world"]))]
    pub topics: Vec<String>,
    /// When, on their clock.
    #[schema(value_type = BriefTimes)]
    #[serde(serialize_with = "as_times")]
    pub briefs: Briefs,
    /// Where their clock is: IANA.
    #[schema(example = "Africa/Nairobi")]
    pub zone: String,
    /// What they read; null is the contact's language.
    #[schema(example = "fr")]
    pub language: Option<String>,
    /// Articles a day that they did not ask for.
    pub daily_limit: i16,
    /// Whether they are told anything.
    pub active: bool,
    /// When the next brief is due.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_due_at: Option<Timestamp>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

fn as_times<S: serde::Serializer>(briefs: &Briefs, to: S) -> Result<S::Ok, S::Error> {
    BriefTimes::from(*briefs).serialize(to)
}

/// A message with articles for a reader, as members see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = NewsDigest)]
pub struct DigestView {
    /// Its id.
    pub id: DigestId,
    /// For whom.
    pub contact: ContactId,
    /// What made it be sent.
    pub slot: Slot,
    /// When it was to be sent.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// How far it came.
    pub status: DigestStatus,
    /// Why it was not sent: `late`, `stopped`, or why the reader cannot be told.
    pub reason: Option<String>,
    /// Its articles, in order.
    #[schema(value_type = Vec<String>)]
    pub articles: Vec<ArticleId>,
    /// The message.
    pub message: Option<MessageId>,
}

/// Whether what an article says must be put in other words for a reader.
pub fn wants_summary(body: &str, written_in: &str, read_in: &str) -> bool {
    written_in != read_in || body.chars().count() > SUMMARY_LIMIT
}

/// The first sentences of a text, as many as fit into a summary; of one that is too long, its beginning.
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
