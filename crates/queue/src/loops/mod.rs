//! The tasks of an engine. Each file is one loop, or a part that loops share.

pub(crate) mod acks;
pub(crate) mod backend;
mod connection;
pub(crate) mod cron;
pub(crate) mod doorbell;
pub(crate) mod fetch;
mod figures;
pub(crate) mod heartbeat;
pub(crate) mod listen;
pub(crate) mod reap;
pub(crate) mod rounds;
pub(crate) mod run;
pub(crate) mod shared;
pub(crate) mod stop;
pub(crate) mod upkeep;
pub(crate) mod wake;
pub(crate) mod worker;
