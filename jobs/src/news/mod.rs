//! News: articles, and digests of them at the reader's time.
//!
//! Articles come by the API. A reader subscribes, by the API or in the [chat], to topics and to briefs at times of their own
//! clock. Every minute [`Digest`] finds who is due and begins a digest for each; [`Deliver`] chooses what its reader has not
//! been told, and writes one message. [`Breaking`] does the same for all readers of an article's topics at once. What an
//! article says in a few words is made by a model, once for each language ([`Summarise`]); the news do not wait for it
//! longer than a moment.
//!
//! What is told once is kept by keys, not by care: an article is delivered to a contact once (`news_deliveries`), a brief is
//! begun once (`news_digests_once`), a summary is wanted once (`news_summaries`), and a digest's message has the id that is
//! derived from it.

mod articles;
mod breaking;
pub mod chat;
mod deliver;
mod digest;
mod input;
mod message;
mod model;
mod purge;
mod store;
mod subscriptions;
mod summarise;

use kazi_platform::invalid::Invalid;
use kazi_queue::{EnqueueError, Registry, cron::Schedule};

use crate::{
    Context,
    contacts::{self, ContactError},
    conversations::Scene,
    domain::{Domain, Figures},
    locale::{Words, files},
    permission::permissions,
};
pub use articles::{
    Taken, break_article, create_article, create_articles, delete_article, update_article,
};
pub use breaking::Breaking;
pub use deliver::Deliver;
pub use digest::Digest;
pub use input::{
    ArticlePatch, NewArticle, NewArticles, NewNewsSubscription, NewsSubscriptionPatch,
};
pub use model::{
    Article, ArticleId, BriefTimes, Briefs, DigestId, DigestStatus, DigestView, NewsSubscription,
    NewsSubscriptionId, Slot, TOPICS,
};
pub use purge::Purge;
pub use store::{
    articles::{ArticleFilter, article, articles, lock_article},
    digests::digests,
    people::{change_contact, erase},
    subscriptions::{SubscriptionFilter, lock_subscription, subscription, subscriptions},
};
pub use subscriptions::{change_subscription, delete_subscription, subscribe};
pub use summarise::Summarise;

/// What is said outside of the 24 hours: `{{1}}` is the business, `{{2}}` the headlines, and its first button is a quick
/// reply that brings the articles.
pub const TEMPLATE: &str = "news_digest";

pub(crate) const DOMAIN: Domain = Domain {
    name: "news",
    floor: 7,
    jobs,
    tables: &[
        "news_deliveries",
        "news_digests",
        "news_summaries",
        "news_articles",
        "news_subscriptions",
    ],
    offers: &[
        &PERMISSIONS,
        &Figures(include_str!("figures.txt")),
        &Words {
            files: files!("news"),
            keywords: &[
                ("svc:news", "keywords-news"),
                ("news:stop", "keywords-news-stop"),
            ],
        },
        &Scene {
            name: "news",
            hear: |work, talk, at, heard| Box::pin(chat::hear(work, talk, at, heard)),
        },
        &contacts::Hooks {
            merge: |work, from, into| Box::pin(change_contact(work, from, into)),
            erase: |work, id| Box::pin(erase(work, id)),
            ..contacts::Hooks::NONE
        },
    ],
};

permissions! {
    /// Articles, and who reads them.
    NEWS_READ = "news.read", Viewer;
    /// Writes articles, and changes subscriptions to them.
    NEWS_WRITE = "news.write", Admin;
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let minutely = Schedule::new("news.digest", "* * * * *");
    let nightly = Schedule::new("news.purge", "53 3 * * *");
    registry
        .register::<Breaking>()
        .register::<Deliver>()
        .register::<Digest>()
        .register::<Purge>()
        .register::<Summarise>()
        .schedule(minutely, &Digest {})
        .schedule(nightly, &Purge {})
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum NewsError {
    /// Fields break their rules.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The contact cannot be read.
    #[error(transparent)]
    Contact(ContactError),
    /// A job cannot be written.
    #[error(transparent)]
    Queue(#[from] EnqueueError),
    /// The database failed, or something else has this external id, address or contact.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests;
