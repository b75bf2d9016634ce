//! The input of the news domain, and its rules.

use chrono_tz::Tz;
use kazi_platform::{Timestamp, invalid::Invalid};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::model::{Article, BriefTimes, Briefs, NewsSubscription, TOPICS, time_of_day};
use crate::{contacts::ContactId, violations::Violations};

const TITLE_LIMIT: usize = 255;
const BODY_LIMIT: usize = 20_000;
const URL_LIMIT: usize = 500;
const NAME_LIMIT: usize = 200;
/// Articles of one list.
pub const MAX_BULK: usize = 100;
/// Articles per day.
const MAX_DAILY: i16 = 10;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    /// The id at the article's source. A repeated article is not created again.
    #[schema(max_length = 200, example = "wire-20817")]
    #[serde(default)]
    pub external_id: Option<String>,
    #[schema(
        min_length = 1,
        max_length = 255,
        example = "New ferry links the islands"
    )]
    pub title: String,
    /// Plain text.
    #[schema(
        min_length = 1,
        max_length = 20_000,
        example = "From Monday on a ferry runs twice a day."
    )]
    pub body: String,
    /// The https address of the article.
    #[schema(max_length = 500, example = "https://news.example/ferry")]
    pub url: String,
    /// The https address of a picture.
    #[schema(max_length = 500, example = "https://news.example/ferry.jpg")]
    #[serde(default)]
    pub image_url: Option<String>,
    /// The publisher.
    #[schema(max_length = 200, example = "The Island Post")]
    #[serde(default)]
    pub source: Option<String>,
    /// The author.
    #[schema(max_length = 200)]
    #[serde(default)]
    pub author: Option<String>,
    /// The language of the text. Default: the workspace's language.
    #[schema(example = "en")]
    #[serde(default)]
    pub language: Option<String>,
    /// See `GET /api/v1/news/topics`.
    #[schema(min_items = 1, max_items = 8, example = json!(["local"]))]
    pub topics: Vec<String>,
    /// Whether all readers of its topics get it at once.
    #[serde(default)]
    pub breaking: bool,
    /// Readers get it from this time on. Without it, the article is a draft, unless it is breaking news.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default)]
    pub published_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArticles {
    /// 1 to 100 articles. All are created, or none.
    #[schema(min_items = 1, max_items = 100)]
    pub articles: Vec<NewArticle>,
}

/// Fields that are left out stay.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ArticlePatch {
    #[schema(min_length = 1, max_length = 255)]
    pub title: Option<String>,
    /// Plain text.
    #[schema(min_length = 1, max_length = 20_000)]
    pub body: Option<String>,
    /// The https address of the article.
    #[schema(max_length = 500)]
    pub url: Option<String>,
    /// The https address of a picture. `null` removes it.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub image_url: Option<Option<String>>,
    /// The publisher. `null` removes it.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub source: Option<Option<String>>,
    /// The author. `null` removes it.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub author: Option<Option<String>>,
    /// The language of the text.
    pub language: Option<String>,
    #[schema(min_items = 1, max_items = 8)]
    pub topics: Option<Vec<String>>,
    /// Readers get it from this time on. `null` makes it a draft.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub published_at: Option<Option<Timestamp>>,
}

/// Keeps `null` apart from a missing field.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNewsSubscription {
    pub contact_id: ContactId,
    #[schema(min_items = 1, max_items = 8, example = json!(["sports", "world"]))]
    pub topics: Vec<String>,
    /// Local times of the reader. Without any, the reader gets only breaking news.
    #[serde(default)]
    pub briefs: BriefTimes,
    /// The reader's IANA time zone. Default: the workspace's.
    #[schema(example = "Africa/Nairobi")]
    #[serde(default)]
    pub zone: Option<String>,
    /// The reader's language. Default: the contact's.
    #[schema(example = "fr")]
    #[serde(default)]
    pub language: Option<String>,
    /// Articles per day that the reader has not asked for. Default: 3.
    #[schema(minimum = 1, maximum = 10)]
    #[serde(default)]
    pub daily_limit: Option<i16>,
}

/// Fields that are left out stay.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewsSubscriptionPatch {
    #[schema(min_items = 1, max_items = 8)]
    pub topics: Option<Vec<String>>,
    /// Replaces all times.
    pub briefs: Option<BriefTimes>,
    /// The reader's IANA time zone.
    pub zone: Option<String>,
    /// The reader's language. `null`: the contact's.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Option<String>>,
    /// Articles per day that the reader has not asked for.
    #[schema(minimum = 1, maximum = 10)]
    pub daily_limit: Option<i16>,
    /// Whether the reader gets news.
    pub active: Option<bool>,
}

/// Checks an article. `at` is the JSON pointer of its object.
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
    violations.language(format!("{at}/language"), &article.language);
    topics(violations, &format!("{at}/topics"), &article.topics);
}

fn address(violations: &mut Violations, pointer: &str, url: &str) {
    let rule = format!("must have at most {URL_LIMIT} characters");
    let fits = url.chars().count() <= URL_LIMIT;
    violations.unless(fits, pointer, "too_long", rule);
    violations.url(pointer, url);
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

/// Checks a subscription, except for its times. Returns the time zone.
pub(super) fn subscription(
    mut violations: Violations,
    subscription: &NewsSubscription,
) -> Result<Tz, Invalid> {
    topics(&mut violations, "/topics", &subscription.topics);
    if let Some(read) = &subscription.language {
        violations.language("/language", read);
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
    // Without a time zone there was a violation, so this value is never used.
    Ok(zone.unwrap_or_default())
}

/// Reads the times of the briefs, and adds their violations.
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
