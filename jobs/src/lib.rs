//! The business's domains, one folder for each. The list below is the product.

pub mod ai;
pub mod analytics;
pub mod appointments;
pub mod attribution;
pub mod audit;
pub mod automations;
pub mod bot;
pub mod campaigns;
pub mod catalog;
pub mod channels;
pub mod closing;
pub mod contacts;
pub mod context;
pub mod conversations;
pub mod credits;
pub mod domain;
pub mod endpoints;
pub mod exports;
pub mod feedback;
pub mod idempotency;
pub mod identity;
pub mod inbound;
pub mod inbox;
pub mod invoices;
pub mod live;
pub mod locale;
pub mod loyalty;
pub mod marketing;
pub mod media;
pub mod messages;
pub mod news;
pub mod notifications;
pub mod orders;
pub mod payments;
pub mod people;
mod permission;
mod role;
pub mod sealed;
pub mod social;
pub mod staff;
pub mod subscriptions;
pub mod support;
pub mod templates;
pub mod usage;
pub mod violations;
mod work;
pub mod workspaces;

pub use context::{Context, Providers};
pub use domain::Domain;
use kazi_queue::{Pool, Registry, SchemaStatus, lanes::Limits};
pub use permission::{Permission, Rule};
pub use role::Role;
pub use work::{Across, Work};

/// The pools of jobs. Each pool has its slots in the configuration.
pub mod pools {
    use super::Pool;

    /// Inbound messages, whose senders wait.
    pub const INTERACTIVE: Pool = Pool::new("interactive");
    /// Calls of a model.
    pub const AI: Pool = Pool::new("ai");
    /// Calls of a messaging provider.
    pub const WHATSAPP: Pool = Pool::new("whatsapp");
    /// Calls of a payment provider.
    pub const PAYMENTS: Pool = Pool::new("payments");
    /// Calls of a social network.
    pub const SOCIAL: Pool = Pool::new("social");
    /// Calls of the endpoints of businesses.
    pub const ENDPOINTS: Pool = Pool::new("endpoints");
    /// Files of messages, from and to providers.
    pub const MEDIA: Pool = Pool::new("media");
    /// Long work for which nobody waits: imports, exports, purges, plans of campaigns, pages and vectors of knowledge.
    pub const BULK: Pool = Pool::new("bulk");
    pub const DEFAULT: Pool = Pool::new("default");

    pub const ALL: [Pool; 9] = [
        INTERACTIVE,
        AI,
        WHATSAPP,
        PAYMENTS,
        SOCIAL,
        ENDPOINTS,
        MEDIA,
        BULK,
        DEFAULT,
    ];
}

/// The domains, lower ones first. Merges and erasures of a contact run in this order.
pub const DOMAINS: &[Domain] = &[
    audit::DOMAIN,
    notifications::DOMAIN,
    idempotency::DOMAIN,
    live::DOMAIN,
    workspaces::DOMAIN,
    usage::DOMAIN,
    catalog::DOMAIN,
    channels::DOMAIN,
    social::DOMAIN,
    endpoints::DOMAIN,
    ai::DOMAIN,
    contacts::DOMAIN,
    templates::DOMAIN,
    conversations::DOMAIN,
    payments::DOMAIN,
    media::DOMAIN,
    credits::DOMAIN,
    messages::DOMAIN,
    identity::DOMAIN,
    news::DOMAIN,
    appointments::DOMAIN,
    orders::DOMAIN,
    subscriptions::DOMAIN,
    campaigns::DOMAIN,
    support::DOMAIN,
    inbox::DOMAIN,
    analytics::DOMAIN,
    attribution::DOMAIN,
    bot::DOMAIN,
    feedback::DOMAIN,
    invoices::DOMAIN,
    loyalty::DOMAIN,
    staff::DOMAIN,
    closing::DOMAIN,
    automations::DOMAIN,
    exports::DOMAIN,
    people::DOMAIN,
    marketing::DOMAIN,
];

/// The metrics of the domains, in the form of `src/figures.txt`.
pub fn figures() -> impl Iterator<Item = &'static str> {
    domain::offers::<domain::Figures>().map(|figures| figures.0)
}

/// All jobs of the product.
pub fn registry() -> Registry<Context> {
    DOMAINS
        .iter()
        .fold(Registry::new(), |registry, domain| (domain.jobs)(registry))
}

/// Migrates a database to this program: the queue's schema, the domains' tables, and the partitions of the next days.
/// It works as the tables' owner.
///
/// # Errors
/// The database failed, or a newer program has migrated it.
pub async fn migrate(
    owner: &sqlx::PgPool,
    clock: &kazi_platform::Clock,
) -> Result<(), MigrateError> {
    kazi_queue::migrate(owner)
        .await
        .map_err(kazi_platform::database::DatabaseError::from)?;
    kazi_platform::database::migrate(owner).await?;
    make_partitions(&mut *owner.acquire().await?, clock.now()).await?;
    Ok(())
}

/// Creates the coming partitions, as the tables' owner. Every process that runs jobs calls it first, and a nightly job
/// goes on with it.
pub async fn make_partitions(
    conn: &mut sqlx::PgConnection,
    now: kazi_platform::Timestamp,
) -> Result<(), sqlx::Error> {
    audit::make_partitions(&mut *conn, now).await?;
    channels::make_partitions(&mut *conn, now).await?;
    messages::make_partitions(conn, now).await
}

/// The limits of a sending number without its own. Meta lets a number send 80 messages per second ("Throughput"). A
/// part is reserved for answers to customers who wait.
pub fn lane_limits() -> Vec<(Pool, Limits)> {
    let number = Limits {
        rate: Some((80.0, 20)),
        reserved: 5,
        max_running: None,
    };
    // Stripe takes 25 requests per second for each endpoint ("Rate limits"). A job makes one or two.
    let account = Limits {
        rate: Some((20.0, 20)),
        reserved: 5,
        max_running: None,
    };
    vec![
        (pools::WHATSAPP, number),
        (pools::PAYMENTS, account),
        (pools::SOCIAL, social::LIMITS),
        (pools::ENDPOINTS, endpoints::LIMITS),
    ]
}

/// Compares a database's schema with this program's.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// The domains' tables.
    pub business: SchemaStatus,
    pub queue: SchemaStatus,
}

/// Compares a database's schema with this program's, as the tables' owner.
pub async fn schema_status(owner: &sqlx::PgPool) -> Result<Schema, sqlx::Error> {
    let business = match kazi_platform::database::pending_migrations(owner).await? {
        None => SchemaStatus::Newer,
        Some(0) => SchemaStatus::Current,
        Some(missing) => SchemaStatus::Pending(missing),
    };
    Ok(Schema {
        business,
        queue: kazi_queue::schema_status(owner).await?,
    })
}

/// Why a migration fails.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error(transparent)]
    Schema(#[from] kazi_platform::database::DatabaseError),
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
}

#[cfg(test)]
mod testing;
