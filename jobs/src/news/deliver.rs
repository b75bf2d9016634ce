//! Delivers a digest to its reader: it chooses unseen articles, waits a short time for the summaries, and writes one
//! message.

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use kazi_clients::whatsapp::{Body, ButtonParameter};
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::{
    Summarise, TEMPLATE,
    message::{self, Item},
    model::{
        ArticleId, DigestId, DigestStatus, FRESH, LATE, NewsSubscription, Slot, wants_summary,
    },
    store::{
        digests::{self, Chosen, Digest, End, Wanted},
        subscriptions, summaries,
    },
};
use crate::{
    Context, Work, contacts,
    conversations::MessageId,
    messages::{self, Cause, Notice, Notified, TemplateUse, Unreachable},
    pools,
    workspaces::{self, Workspace},
};

#[derive(Debug, Serialize, Deserialize)]
pub struct Deliver {
    pub workspace: WorkspaceId,
    pub digest: DigestId,
}

/// Time between two looks at the summaries.
const LOOK: std::time::Duration = std::time::Duration::from_secs(3);
/// Characters of a template's headlines. The rest of the body needs room too.
const HEADLINES: usize = 700;

/// The longest wait for a model. After it, the first sentences serve as the summary.
const fn patience(slot: Slot) -> TimeDelta {
    match slot {
        Slot::Latest => TimeDelta::seconds(20),
        _ => TimeDelta::seconds(90),
    }
}

impl Job for Deliver {
    type Context = Context;
    const NAME: &'static str = "news.deliver";
    const POOL: Pool = pools::BULK;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let workspace = self.workspace;
        // The whole work is in this transaction. A second run goes on from the digest's status.
        let mut work = Work::of(ctx, workspace).await?;
        let Some(mut digest) = digests::lock(&mut work, self.digest).await? else {
            tracing::warn!(digest.id = %self.digest, "no digest to deliver");
            return Ok(());
        };
        let business = match workspaces::get(&mut work).await {
            Ok(business) => business,
            // The contact was deleted.
            Err(sqlx::Error::RowNotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if digest.status == DigestStatus::Due {
            choose(&mut work, ctx, &business, &mut digest).await?;
        }
        let mut waits = false;
        if digest.status == DigestStatus::Chosen {
            waits = !tell(&mut work, &business, &digest).await?;
        }
        work.commit().await?;
        match waits {
            true => Err(JobError::snooze(LOOK, "summaries are being written")),
            false => {
                kazi_queue::ring(pools::WHATSAPP);
                Ok(())
            }
        }
    }
}

/// Ends a digest without a message.
async fn close(
    work: &mut Work,
    digest: &mut Digest,
    (status, reason): (DigestStatus, Option<&str>),
    at: Timestamp,
) -> Result<(), JobError> {
    metrics::counter!("kazi_news_digests_total", "outcome" => status.name()).increment(1);
    digest.status = status;
    let end = End {
        status,
        reason,
        message: None,
        at,
    };
    Ok(digests::end(work, digest.id, &end).await?)
}

/// Chooses the articles and asks for their summaries.
async fn choose(
    work: &mut Work,
    ctx: &Context,
    business: &Workspace,
    digest: &mut Digest,
) -> Result<(), JobError> {
    let is_brief = !matches!(digest.slot, Slot::Latest | Slot::Breaking);
    if is_brief && work.now() - digest.due_at > LATE {
        let late = (DigestStatus::Skipped, Some("late"));
        return close(work, digest, late, work.now()).await;
    }
    // Locked, so that two digests of a reader at the same time count each other's articles.
    let reader = subscriptions::lock_of(work, digest.contact).await?;
    let Some(reader) = reader.filter(|reader| reader.active) else {
        let stopped = (DigestStatus::Skipped, Some("stopped"));
        return close(work, digest, stopped, work.now()).await;
    };
    // News is not marketing. Still, after STOP a reader gets only the news that they ask for.
    let asked = digest.slot == Slot::Latest;
    if !asked && contacts::opted_out(work, digest.contact).await? {
        let out = (
            DigestStatus::Unreachable,
            Some(Unreachable::OptedOut.name()),
        );
        return close(work, digest, out, work.now()).await;
    }
    let (day, room) = room(work, digest, &reader).await?;
    let wanted = Wanted {
        contact: digest.contact,
        topics: &reader.topics,
        published_after: work.now() - FRESH,
        published_until: work.now(),
        only: digest.article,
        limit: room,
    };
    let articles = digests::unseen(work, &wanted).await?;
    if articles.is_empty() {
        return close(work, digest, (DigestStatus::Empty, None), work.now()).await;
    }
    digests::deliver(work, digest, &articles, day).await?;
    let contact = contacts::get(work, digest.contact).await?;
    let language = reader
        .language
        .or(contact.language)
        .unwrap_or_else(|| business.default_language.clone());
    let chosen = digests::chosen(work, digest.id, &language).await?;
    if ctx.providers.openrouter_key.is_some() {
        want_summaries(work, &chosen, &language).await?;
    }
    digests::choose(work, digest.id, &language).await?;
    digest.status = DigestStatus::Chosen;
    digest.language = Some(language);
    digest.chosen_at = Some(work.now());
    Ok(())
}

/// The day that the articles count for, and how many articles fit. Requested news does not count. Breaking news counts
/// but always fits.
async fn room(
    work: &mut Work,
    digest: &Digest,
    reader: &NewsSubscription,
) -> Result<(Option<NaiveDate>, i64), JobError> {
    let most = i64::from(reader.daily_limit);
    if digest.slot == Slot::Latest {
        return Ok((None, most));
    }
    let zone: Tz = reader.zone.parse().unwrap_or_default();
    let day = work.now().with_timezone(&zone).date_naive();
    if digest.slot == Slot::Breaking {
        return Ok((Some(day), 1));
    }
    let told = digests::told_on(work, digest.contact, day).await?;
    Ok((Some(day), (most - told).max(0)))
}

/// Enqueues the summaries that nobody has asked for yet, in the caller's transaction.
async fn want_summaries(
    work: &mut Work,
    chosen: &[Chosen],
    language: &str,
) -> Result<(), JobError> {
    let missing: Vec<ArticleId> = chosen
        .iter()
        .filter(|one| wants(one, language) && one.summary.is_none())
        .map(|one| one.article)
        .collect();
    let wanted = summaries::want(work, &missing, language).await?;
    for article in wanted {
        let job = Summarise {
            workspace: work.workspace(),
            article,
            language: language.to_owned(),
        };
        let options = job.options().tenant(work.workspace());
        job.enqueue_with(work.conn(), options).await?;
    }
    Ok(())
}

fn wants(one: &Chosen, language: &str) -> bool {
    wants_summary(&one.item.body, &one.written_in, language)
}

/// Writes the message. Returns `false` while summaries are in the making and there is time.
async fn tell(work: &mut Work, business: &Workspace, digest: &Digest) -> Result<bool, JobError> {
    let language = digest
        .language
        .as_deref()
        .unwrap_or(&business.default_language);
    let chosen = digests::chosen(work, digest.id, language).await?;
    let being_written = |one: &Chosen| matches!(one.summary.as_deref(), Some("wanted" | "asking"));
    let in_time = digest
        .chosen_at
        .is_some_and(|at| work.now() - at < patience(digest.slot));
    if in_time
        && chosen
            .iter()
            .any(|one| wants(one, language) && being_written(one))
    {
        return Ok(false);
    }
    let (articles, items): (Vec<ArticleId>, Vec<Item>) = chosen
        .into_iter()
        .map(|one| (one.article, one.item))
        .unzip();
    let (text, told) = message::compose(language, digest.slot, &items);
    let id = MessageId::derived(digest.id.uuid(), 0);
    let mut end = End {
        status: DigestStatus::Sent,
        reason: None,
        message: Some(id),
        at: work.now(),
    };
    // All articles were deleted meanwhile.
    if told == 0 {
        end.status = DigestStatus::Empty;
        end.message = None;
    } else {
        // Articles without room in the message come in the next digest.
        digests::release(work, digest.id, &articles[told..]).await?;
        let notice = notice(business, digest, id, (text, &items[..told]), work.now());
        if let Notified::Unreachable(why) = messages::notify(work, &notice).await? {
            // The reader did not get them, so they stay unseen.
            digests::release(work, digest.id, &articles).await?;
            end.status = DigestStatus::Unreachable;
            end.reason = Some(why.name());
            end.message = None;
        } else {
            let late = (work.now() - digest.due_at).to_std().unwrap_or_default();
            metrics::histogram!("kazi_news_digest_delay_seconds").record(late.as_secs_f64());
            metrics::counter!("kazi_news_articles_told_total", "slot" => digest.slot.name())
                .increment(told as u64);
        }
    }
    metrics::counter!("kazi_news_digests_total", "outcome" => end.status.name()).increment(1);
    digests::end(work, digest.id, &end).await?;
    Ok(true)
}

/// Makes the message: the articles, or, outside the 24 hours, their headlines with a button that brings the articles.
fn notice<'a>(
    business: &Workspace,
    digest: &Digest,
    id: MessageId,
    (text, items): (String, &[Item]),
    at: Timestamp,
) -> Notice<'a> {
    Notice {
        id,
        contact: digest.contact,
        channel: None,
        body: Body::Text { text },
        template: TemplateUse {
            name: TEMPLATE,
            parameters: vec![business.name.clone(), message::headlines(items, HEADLINES)],
            buttons: vec![ButtonParameter::Payload {
                index: 0,
                payload: format!("news:read:{}", digest.id),
            }],
        },
        cause: Cause::News,
        // The subscription is the consent. Who asks for the latest now is answered even after "stop".
        marketing: digest.slot != Slot::Latest,
        at,
    }
}
