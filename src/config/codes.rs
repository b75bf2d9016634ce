//! How codes reach users and customers.

use kazi_jobs::channels::ChannelId;
use serde::{Deserialize, Serialize};

use super::ConfigError;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    pub channel: String,
    pub template: String,
}

impl Codes {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !self.channel.is_empty() {
            self.channel
                .parse::<ChannelId>()
                .map_err(|error| ConfigError::of("codes.channel", &error.to_string()))?;
        }
        Ok(())
    }
}
