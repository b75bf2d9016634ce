//! SQL of the news.

pub mod articles;
pub mod digests;
pub mod people;
pub mod subscriptions;
pub mod summaries;

/// Reads a stored name.
fn read<T: std::str::FromStr<Err = String>>(stored: &str) -> Result<T, sqlx::Error> {
    stored
        .parse()
        .map_err(|error: String| sqlx::Error::Decode(error.into()))
}
