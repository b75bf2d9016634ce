//! The scene for news: topics, then times. Later the reader can ask for the latest news or stop.

mod named;

use kazi_clients::whatsapp::ListRow;
use kazi_queue::{Job, JobError, Priority};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::named::{TIMES, offered_times, times_named, topics_named};
use super::{
    Deliver, NewsError,
    input::{NewNewsSubscription, NewsSubscriptionPatch},
    message,
    model::{BriefTimes, DigestId, FRESH, NewsSubscription, Slot, TOPICS},
    store::{
        digests::{self, NewDigest, Wanted},
        subscriptions as store,
    },
    subscriptions::{change_subscription, subscribe},
};
use crate::{
    Work, contacts,
    conversations::{Heard, Say, Talk, TalkReply},
    locale,
};

/// The number from which a digest's id is derived, and that of its message. It is far above the numbers of the bot's
/// answers.
const LATEST: u16 = 10_000;

/// What the scene waits for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "lowercase")]
enum At {
    /// More topics, or the end of the list.
    Topics { topics: Vec<String> },
    /// A time, for these topics.
    Times { topics: Vec<String> },
}

/// Answers the customer. Returns `None` when the message is not for this scene.
pub async fn hear(
    work: &mut Work,
    talk: &Talk<'_>,
    at: Option<&Value>,
    heard: Heard<'_>,
) -> Result<Option<TalkReply>, JobError> {
    let at = at.and_then(|at| At::deserialize(at).ok());
    let reader = store::lock_of(work, talk.contact.id).await?;
    let known = || match (&at, &reader) {
        (Some(At::Topics { topics } | At::Times { topics }), _) => topics.clone(),
        (None, Some(reader)) => reader.topics.clone(),
        (None, None) => Vec::new(),
    };
    let active = reader.as_ref().filter(|reader| reader.active);
    let reply = match heard {
        Heard::Opened => match active {
            Some(reader) => status(talk, reader, "news-status"),
            None => ask_topics(talk, Vec::new()),
        },
        Heard::Tap("topics") => ask_topics(talk, Vec::new()),
        Heard::Tap("times") if active.is_some() => ask_times(talk, known()),
        Heard::Tap("done") if !known().is_empty() => ask_times(talk, known()),
        Heard::Tap("times" | "done") => ask_topics(talk, Vec::new()),
        Heard::Tap("latest") => match active {
            Some(reader) => latest(work, talk, reader).await?,
            None => ask_topics(talk, Vec::new()),
        },
        Heard::Tap("stop") => stop(work, talk, reader).await?,
        Heard::Tap(tap) => {
            if let Some(topic) = tap.strip_prefix("topic:") {
                let Some(topic) = TOPICS.into_iter().find(|known| *known == topic) else {
                    return Ok(None);
                };
                let mut topics = match at {
                    Some(_) => known(),
                    None => Vec::new(),
                };
                topics.retain(|chosen| chosen != topic);
                topics.push(topic.to_owned());
                ask_topics(talk, topics)
            } else if let Some(offered) = tap.strip_prefix("at:") {
                let topics = known();
                match offered_times(offered) {
                    Some(times) if !topics.is_empty() => {
                        settle(work, talk, reader, topics, times).await?
                    }
                    _ => ask_topics(talk, Vec::new()),
                }
            } else if let Some(digest) = tap.strip_prefix("read:") {
                read_again(work, talk, digest).await?
            } else {
                return Ok(None);
            }
        }
        Heard::Text(text) => match at {
            Some(At::Topics { mut topics }) => {
                let Some(named) = topics_named(text) else {
                    return Ok(None);
                };
                topics.retain(|chosen| !named.contains(chosen));
                topics.extend(named);
                ask_times(talk, topics)
            }
            Some(At::Times { topics }) if text.contains(':') => match times_named(text) {
                Some(times) => settle(work, talk, reader, topics, times).await?,
                None => {
                    let again = vec![Say::Text(said(talk, "news-not-a-time", &[]))];
                    reply(again, Some(&At::Times { topics }))
                }
            },
            _ => return Ok(None),
        },
        Heard::File { .. } => return Ok(None),
    };
    Ok(Some(reply))
}

fn reply(says: Vec<Say>, next: Option<&At>) -> TalkReply {
    TalkReply {
        says,
        next: next.and_then(|at| serde_json::to_value(at).ok()),
    }
}

fn said(talk: &Talk<'_>, key: &str, fill: &[(&'static str, &str)]) -> String {
    locale::text(talk.language, key, fill)
}

fn row(talk: &Talk<'_>, id: &str, key: &str, description: Option<String>) -> ListRow {
    ListRow {
        id: format!("news:{id}"),
        title: said(talk, key, &[]),
        description,
    }
}

fn titles(talk: &Talk<'_>, topics: &[String]) -> String {
    let titles = topics
        .iter()
        .map(|topic| said(talk, &format!("news-topic-{topic}"), &[]));
    titles.collect::<Vec<_>>().join(", ")
}

/// Offers the topics that are not chosen yet.
fn ask_topics(talk: &Talk<'_>, topics: Vec<String>) -> TalkReply {
    let left = TOPICS
        .iter()
        .filter(|topic| !topics.iter().any(|chosen| chosen == *topic));
    let mut rows: Vec<ListRow> = left
        .map(|topic| {
            row(
                talk,
                &format!("topic:{topic}"),
                &format!("news-topic-{topic}"),
                None,
            )
        })
        .collect();
    let text = if topics.is_empty() {
        said(talk, "news-pick-topics", &[])
    } else {
        rows.insert(0, row(talk, "done", "news-done", None));
        said(talk, "news-picked", &[("topics", &titles(talk, &topics))])
    };
    reply(
        vec![Say::Choice { text, rows }],
        Some(&At::Topics { topics }),
    )
}

fn ask_times(talk: &Talk<'_>, topics: Vec<String>) -> TalkReply {
    let mut rows: Vec<ListRow> = TIMES
        .iter()
        .map(|(slot, time)| {
            let name = slot.name();
            row(
                talk,
                &format!("at:{name}"),
                &format!("news-slot-{name}"),
                Some((*time).to_owned()),
            )
        })
        .collect();
    rows.push(row(talk, "at:all", "news-slot-all", None));
    let text = said(talk, "news-pick-times", &[]);
    reply(
        vec![Say::Choice { text, rows }],
        Some(&At::Times { topics }),
    )
}

fn status(talk: &Talk<'_>, reader: &NewsSubscription, key: &str) -> TalkReply {
    let times: Vec<String> = reader
        .briefs
        .wanted()
        .map(|(_, time)| time.format("%H:%M").to_string())
        .collect();
    let fill = [
        ("topics", titles(talk, &reader.topics)),
        ("times", times.join(", ")),
        ("zone", reader.zone.clone()),
    ];
    let fill = fill.each_ref().map(|(name, value)| (*name, value.as_str()));
    let rows = vec![
        row(talk, "latest", "news-latest", None),
        row(talk, "topics", "news-topics", None),
        row(talk, "times", "news-times", None),
        row(talk, "stop", "news-stop", None),
    ];
    let text = said(talk, key, &fill);
    reply(vec![Say::Choice { text, rows }], None)
}

/// Subscribes the reader, or changes the subscription.
async fn settle(
    work: &mut Work,
    talk: &Talk<'_>,
    reader: Option<NewsSubscription>,
    topics: Vec<String>,
    times: BriefTimes,
) -> Result<TalkReply, JobError> {
    let reader = match reader {
        Some(before) => {
            let patch = NewsSubscriptionPatch {
                topics: Some(topics),
                briefs: Some(times),
                active: Some(true),
                ..NewsSubscriptionPatch::default()
            };
            change_subscription(work, before, patch).await
        }
        None => {
            let new = NewNewsSubscription {
                contact_id: talk.contact.id,
                topics,
                briefs: times,
                zone: None,
                language: None,
                daily_limit: None,
            };
            subscribe(work, new).await
        }
    };
    let reader = reader.map_err(failed)?;
    let mut reply = status(talk, &reader, "news-subscribed");
    if contacts::opted_out(work, talk.contact.id).await? {
        let word = locale::word(talk.language, "keywords-start");
        let hint = said(talk, "news-opted-out", &[("word", &word)]);
        reply.says.insert(0, Say::Text(hint));
    }
    Ok(reply)
}

async fn stop(
    work: &mut Work,
    talk: &Talk<'_>,
    reader: Option<NewsSubscription>,
) -> Result<TalkReply, JobError> {
    if let Some(before) = reader.filter(|reader| reader.active) {
        let patch = NewsSubscriptionPatch {
            active: Some(false),
            ..NewsSubscriptionPatch::default()
        };
        change_subscription(work, before, patch)
            .await
            .map_err(failed)?;
    }
    let word = locale::word(talk.language, "keywords-news");
    let text = said(talk, "news-stopped", &[("word", &word)]);
    Ok(reply(vec![Say::Text(text)], None))
}

/// Begins a digest now, if there is an unseen article.
async fn latest(
    work: &mut Work,
    talk: &Talk<'_>,
    reader: &NewsSubscription,
) -> Result<TalkReply, JobError> {
    let workspace = talk.workspace.id;
    let wanted = Wanted {
        contact: talk.contact.id,
        topics: &reader.topics,
        published_after: talk.now - FRESH,
        published_until: talk.now,
        only: None,
        limit: 1,
    };
    if digests::unseen(work, &wanted).await?.is_empty() {
        let text = said(
            talk,
            "news-nothing",
            &[("topics", &titles(talk, &reader.topics))],
        );
        return Ok(reply(vec![Say::Text(text)], None));
    }
    let digest = NewDigest {
        workspace,
        id: DigestId::derived(talk.message.uuid(), LATEST),
        contact: talk.contact.id,
        slot: Slot::Latest,
        due_at: talk.now,
        article: None,
    };
    for (workspace, digest) in digests::begin(work.conn(), &[digest]).await? {
        let job = Deliver { workspace, digest };
        let options = job.options().tenant(workspace).priority(Priority::High);
        job.enqueue_with(work.conn(), options).await?;
    }
    Ok(reply(vec![Say::Text(said(talk, "news-coming", &[]))], None))
}

/// Sends the articles whose headlines a template has shown.
async fn read_again(work: &mut Work, talk: &Talk<'_>, digest: &str) -> Result<TalkReply, JobError> {
    let gone = || Ok(reply(vec![Say::Text(said(talk, "news-gone", &[]))], None));
    let Ok(digest) = digest.parse::<DigestId>() else {
        return gone();
    };
    let Some((slot, language)) = digests::sent_to(work, talk.contact.id, digest).await? else {
        return gone();
    };
    let language = language.as_deref().unwrap_or(talk.language);
    let chosen = digests::chosen(work, digest, language).await?;
    let items: Vec<_> = chosen.into_iter().map(|one| one.item).collect();
    match message::compose(language, slot, &items) {
        (_, 0) => gone(),
        (text, _) => Ok(reply(vec![Say::Text(text)], None)),
    }
}

fn failed(error: NewsError) -> JobError {
    match error {
        NewsError::Database(error) => error.into(),
        NewsError::Queue(error) => error.into(),
        error => JobError::retry("news", error),
    }
}
