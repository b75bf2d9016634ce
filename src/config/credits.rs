//! Who sells credits.

use kazi_platform::WorkspaceId;
use serde::{Deserialize, Serialize};

use super::ConfigError;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Credits {
    pub seller: String,
}

impl Credits {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !self.seller.is_empty() {
            self.seller
                .parse::<WorkspaceId>()
                .map_err(|error| ConfigError::of("credits.seller", &error.to_string()))?;
        }
        Ok(())
    }

    /// The workspace that sells them. The configuration was checked.
    pub fn seller(&self) -> Option<WorkspaceId> {
        self.seller.parse().ok()
    }
}
