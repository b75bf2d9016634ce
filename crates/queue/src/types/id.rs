//! The numbers that the database gives to jobs and batches.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text is not the number of a job or a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it must be a whole number from 1 on, as the lists show it")]
pub struct NumberError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NumberError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let number = text.parse::<i64>().ok().filter(|number| *number > 0);
                number.map(Self).ok_or(NumberError)
            }
        }
    };
}

id! {
    /// The number of a job. The database gives it; it grows from 1 and is never used again.
    JobId
}

id! {
    /// The number of a batch. The database gives it; it grows from 1 and is never used again.
    BatchId
}
