//! News: articles, and digests of them at times that the reader chooses.
//!
//! Articles come through the API. A reader subscribes, through the API or in the [chat], to topics and to briefs at
//! local times. Every minute [`Digest`] finds the readers whose brief is due and begins a digest for each. [`Deliver`]
//! chooses articles that the reader has not got, and writes one message. [`Breaking`] does the same for all readers of
//! an article's topics at once. A model summarises an article once for each language ([`Summarise`]); a digest waits
//! for it only a short time.
//!
//! Keys of the database guarantee that each thing happens once: an article goes to a contact once (`news_deliveries`),
//! a brief begins once (`news_digests_once`), and a summary is asked for once (`news_summaries`). The id of a digest's
//! message is derived from the digest.

mod articles;
mod breaking;
pub mod chat;
mod deliver;
mod digest;
mod error;
mod input;
mod message;
mod model;
mod purge;
mod store;
mod subscriptions;
mod summarise;

use kazi_queue::{Registry, cron::Schedule};

use crate::{
    Context, contacts,
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
pub use error::NewsError;
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

/// The template outside the 24 hours. `{{1}}`: the business. `{{2}}`: the headlines. Its first button is a quick reply
/// that brings the articles.
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

#[cfg(test)]
mod tests;
