//! What people write: its rules.

use chrono_tz::Tz;
use kazi_platform::{Timestamp, invalid::Invalid};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::model::{Article, BriefTimes, Briefs, NewsSubscription, TOPICS, time_of_day};
use crate::{contacts::ContactId, locale::LANGUAGES, violations::Violations};

/// Characters of a headline.
const TITLE_LIMIT: usize = 255;
/// Characters of an article.
const BODY_LIMIT: usize = 20_000;
/// Characters of an address.
const URL_LIMIT: usize = 500;
/// Characters of a name.
const NAME_LIMIT: usize = 200;
/// Articles of one bulk.
pub const MAX_BULK: usize = 100;
/// Articles a day.
const MAX_DAILY: i16 = 10;

/// An article to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    /// How the place that it comes from names it. Brought again, it is not made again.
    #[schema(max_length = 200, example = "wire-20817")]
    #[serde(default)]
    pub external_id: Option<String>,
    /// Its headline.
    #[schema(
        min_length = 1,
        max_length = 255,
        example = "New ferry links the islands"
    )]
    pub title: String,
    /// All of it, as plain text.
    #[schema(
        min_length = 1,
        max_length = 20_000,
        example = "From Monday on a ferry runs twice a day."
    )]
    pub body: String,
    /// Where it can be read: https.
    #[schema(max_length = 500, example = "https://news.example/ferry")]
    pub url: String,
    /// A picture: https.
    #[schema(max_length = 500, example = "https://news.example/ferry.jpg")]
    #[serde(default)]
    pub image_url: Option<String>,
    /// Who published it.
    #[schema(max_length = 200, example = "The Island Post")]
    #[serde(default)]
    pub source: Option<String>,
    /// Who wrote it.
    #[schema(max_length = 200)]
    #[serde(default)]
    pub author: Option<String>,
    /// What it is written in; without it, the workspace's language.
    #[schema(example = "en")]
    #[serde(default)]
    pub language: Option<String>,
    /// What it is about: see `GET /api/v1/news/topics`.
    #[schema(min_items = 1, max_items = 8, example = json!(["local"]))]
    pub topics: Vec<String>,
    /// Tells every reader of its topics at once.
    #[serde(default)]
    pub breaking: bool,
    /// From when on readers are told of it. Left out or null: it is a draft, unless it is breaking.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default)]
    pub published_at: Option<Timestamp>,
}

/// Several articles.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArticles {
    /// 1 to 100 of them: all are made, or none.
    #[schema(min_items = 1, max_items = 100)]
    pub articles: Vec<NewArticle>,
}

/// What of an article is to be changed; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ArticlePatch {
    /// Its headline.
    #[schema(min_length = 1, max_length = 255)]
    pub title: Option<String>,
    /// All of it.
    #[schema(min_length = 1, max_length = 20_000)]
    pub body: Option<String>,
    /// Where it can be read: https.
    #[schema(max_length = 500)]
    pub url: Option<String>,
    /// A picture; null takes it away.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub image_url: Option<Option<String>>,
    /// Who published it; null takes it away.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub source: Option<Option<String>>,
    /// Who wrote it; null takes it away.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub author: Option<Option<String>>,
    /// What it is written in.
    pub language: Option<String>,
    /// All its topics.
    #[schema(min_items = 1, max_items = 8)]
    pub topics: Option<Vec<String>>,
    /// From when on readers are told of it; null makes it a draft.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Option<Timestamp>>,
}

/// Tells null from nothing.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A subscription to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNewsSubscription {
    /// Whose.
    pub contact: ContactId,
    /// What about.
    #[schema(min_items = 1, max_items = 8, example = json!(["sports", "world"]))]
    pub topics: Vec<String>,
    /// When, on their clock. Without any they are only told of breaking news.
    #[serde(default)]
    pub briefs: BriefTimes,
    /// Where their clock is: IANA. Without it, the workspace's.
    #[schema(example = "Africa/Nairobi")]
    #[serde(default)]
    pub zone: Option<String>,
    /// What they read. Without it, the contact's language.
    #[schema(example = "fr")]
    #[serde(default)]
    pub language: Option<String>,
    /// Articles a day that they did not ask for; 3 without it.
    #[schema(minimum = 1, maximum = 10)]
    #[serde(default)]
    pub daily_limit: Option<i16>,
}

/// What of a subscription is to be changed; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewsSubscriptionPatch {
    /// All topics.
    #[schema(min_items = 1, max_items = 8)]
    pub topics: Option<Vec<String>>,
    /// All times: what is left out of them is no brief.
    pub briefs: Option<BriefTimes>,
    /// Where their clock is: IANA.
    pub zone: Option<String>,
    /// What they read; null is the contact's language.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Option<String>>,
    /// Articles a day that they did not ask for.
    #[schema(minimum = 1, maximum = 10)]
    pub daily_limit: Option<i16>,
    /// Whether they are told anything.
    pub active: Option<bool>,
}

/// Checks an article; `at` is the pointer of the object that it stands in.
pub(super) fn article(violations: &mut Violations, at: &str, article: &Article) {
    violations.text(&format!("{at}/title"), &article.title, 1, TITLE_LIMIT);
    violations.text(&format!("{at}/body"), &article.body, 1, BODY_LIMIT);
    address(violations, &format!("{at}/url"), &article.url);
    if let Some(image) = &article.image_url {
        address(violations, &format!("{at}/image_url"), image);
    }
    let names = [
        ("external_id", &article.external_id),
        ("source", &article.source),
        ("author", &article.author),
    ];
    for (field, name) in names {
        if let Some(name) = name {
            violations.text(&format!("{at}/{field}"), name, 1, NAME_LIMIT);
        }
    }
    language(violations, &format!("{at}/language"), &article.language);
    topics(violations, &format!("{at}/topics"), &article.topics);
}

fn address(violations: &mut Violations, pointer: &str, url: &str) {
    let rule = format!("must have at most {URL_LIMIT} characters");
    let fits = url.chars().count() <= URL_LIMIT;
    violations.unless(fits, pointer, "too_long", rule);
    violations.url(pointer, url);
}

fn language(violations: &mut Violations, pointer: &str, language: &str) {
    let rule = format!("the languages are {}", LANGUAGES.join(", "));
    violations.unless(
        LANGUAGES.contains(&language),
        pointer,
        "unknown_language",
        rule,
    );
}

fn topics(violations: &mut Violations, pointer: &str, topics: &[String]) {
    let most = TOPICS.len();
    let rule = format!("must name 1 to {most} topics");
    violations.unless((1..=most).contains(&topics.len()), pointer, "length", rule);
    for (index, topic) in topics.iter().enumerate().take(most) {
        let pointer = format!("{pointer}/{index}");
        let rule = format!("the topics are {}", TOPICS.join(", "));
        violations.unless(
            TOPICS.contains(&topic.as_str()),
            &pointer,
            "unknown_topic",
            rule,
        );
        let twice = topics[..index].contains(topic);
        violations.unless(!twice, &pointer, "twice", "names a topic again");
    }
}

/// Checks a subscription, except for its times.
///
/// # Errors
/// All its violations.
pub(super) fn subscription(
    mut violations: Violations,
    subscription: &NewsSubscription,
) -> Result<Tz, Invalid> {
    topics(&mut violations, "/topics", &subscription.topics);
    if let Some(read) = &subscription.language {
        language(&mut violations, "/language", read);
    }
    violations.unless(
        (1..=MAX_DAILY).contains(&subscription.daily_limit),
        "/daily_limit",
        "out_of_range",
        format!("must be 1 to {MAX_DAILY}"),
    );
    let zone = subscription.zone.parse::<Tz>().map_err(|_| {
        let rule = "must be an IANA time zone like Africa/Nairobi";
        ("unknown_zone", rule.to_owned())
    });
    let zone = violations.take("/zone", zone);
    violations.end()?;
    // It is there, for without it there was a fault.
    Ok(zone.unwrap_or_default())
}

/// The times of the briefs, with the violations noted.
pub(super) fn briefs(violations: &mut Violations, times: &BriefTimes) -> Briefs {
    let mut read = |field: &str, text: &Option<String>| {
        let text = text.as_deref()?;
        let rule = || ("time", "must be a time of the day like 07:30".to_owned());
        let pointer = format!("/briefs/{field}");
        violations.take(&pointer, time_of_day(text).ok_or_else(rule))
    };
    Briefs {
        morning: read("morning", &times.morning),
        afternoon: read("afternoon", &times.afternoon),
        evening: read("evening", &times.evening),
    }
}
