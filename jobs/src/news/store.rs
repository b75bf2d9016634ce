//! SQL of the news.

pub mod articles;
pub mod digests;
pub mod people;
pub mod subscriptions;
pub mod summaries;

use kazi_platform::texts::TextError;

/// Reads a stored name.
fn read<T: std::str::FromStr<Err = TextError>>(stored: &str) -> Result<T, sqlx::Error> {
    stored.parse().map_err(sqlx::Error::decode)
}
