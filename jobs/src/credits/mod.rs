//! Credits: what a business has paid in advance for the messages of its campaigns and automations.
//!
//! A workspace is unmetered, or the platform's staff has made it prepaid. Then a campaign reserves the credits of all its
//! recipients at once when it is planned, and an automation those of one message when it queues it. A message's credits are
//! charged when the provider accepts it, and released when it will not be sent.
//!
//! One rule holds in every transaction: what is available, reserved and spent is what came and what is owed ([`check`]). The
//! [`Books`] of a workspace are its account's row, which is their lock, and a double-entry ledger. Messages never wait for
//! this lock: the transaction that moves them writes a cause ([`note`]), and whoever opens the books next adds the causes up.
//! So whoever opens the books locks nothing of messages afterwards.
//!
//! Businesses buy packs of credits ([`buy`]). One workspace of the platform sells them through its account at Stripe
//! ([`Sell`]); the buyer's side goes by what the sale has come to ([`Follow`]).

mod books;
mod check;
mod error;
mod fold;
mod go_on;
mod model;
mod packs;
mod prices;
mod sell;
mod store;
mod terms;
mod top_ups;

use kazi_queue::{Registry, cron::Schedule};

use crate::{
    Context, Permission,
    domain::{Domain, Figures},
    endpoints::Listener,
    live,
    notifications::kinds,
    payments,
    permission::permissions,
};
pub(crate) use books::{reserve, reserve_again};
pub(crate) use check::Held;
pub use check::check;
pub use error::CreditError;
pub use fold::Fold;
pub use go_on::GoOn;
pub(crate) use go_on::{Hooks, NO_CREDITS};
pub use model::{
    Credits, Entry, EntryFilter, EntryId, EntryKind, Missing, Moved, Movement, Pack, PackId, Quote,
    Standing, TopUp, TopUpId, TopUpStatus, Use,
};
pub use packs::{NewPack, all_packs, create_pack, delete_pack, packs, update_pack};
pub use prices::{CreditPrice, Tariff, tariff};
pub use sell::{Follow, Sell};
pub use store::{
    entries::{list as entries, standing},
    note,
    packs::{get as pack, lock as lock_pack},
    top_ups::{get as top_up, list as top_ups},
};
pub use terms::{Grant, Locked, Terms, credits, give, lock, lock_or_make, set_low_mark, set_terms};
pub(crate) use terms::{available, lock_available};
pub use top_ups::buy;

pub(crate) const DOMAIN: Domain = Domain {
    name: "credits",
    floor: 6,
    jobs,
    tables: &[
        "credit_accounts",
        "credit_prices",
        "credit_uses",
        "credit_causes",
        "credit_entries",
        "credit_top_ups",
        "credit_sales",
    ],
    offers: &[
        &PERMISSIONS,
        &live::About {
            what: "credits",
            permission: Permission::CREDITS_READ,
        },
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
        &payments::Hooks::<TopUpId> {
            opened: |work, id, opened| Box::pin(sell::opened(work, id, opened)),
            paid: |work, id, paid| Box::pin(sell::paid(work, id, paid)),
            ended: |work, id, ended| Box::pin(sell::ended(work, id, ended)),
        },
        &Listener {
            hear: |work, kind, id| Box::pin(sell::hear(work, kind, id)),
        },
    ],
};

permissions! {
    /// The credits of the workspace: the balance, the ledger, and what messages cost.
    CREDITS_READ = "credits.read", Admin;
    /// Buys credits, and sets the mark below which the members are told.
    CREDITS_MANAGE = "credits.manage", Admin, not_for_keys;
}

kinds! {
    /// The balance is below the mark that a member has set.
    CREDITS_LOW = "credits_low";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let often = Schedule::new("credits.fold", "* * * * *");
    registry
        .register::<Fold>()
        .register::<GoOn>()
        .register::<Sell>()
        .register::<Follow>()
        .schedule(often, &Fold {})
}

#[cfg(test)]
mod tests;
