//! The files of messages: their place, and the rules for them.

use std::path::PathBuf;

use kazi_jobs::context::{Bucket, MediaSettings};
use serde::{Deserialize, Serialize};

use super::{
    ConfigError, Database,
    values::{Secret, is_origin},
};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    pub folder: PathBuf,
    pub max_bytes: u64,
    pub keep_days: u32,
    pub scanner: String,
    pub s3: S3,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    pub bucket: String,
    pub endpoint: String,
    pub region: String,
    pub prefix: String,
    pub access_key: String,
    pub secret_key: Secret,
}

impl Media {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let (scanner, endpoint) = (&self.scanner, &self.s3.endpoint);
        let port = scanner
            .rsplit_once(':')
            .map(|(_, port)| port.parse::<u16>());
        if self.max_bytes == 0 {
            return Err(ConfigError::of("media.max_bytes", "must be at least 1"));
        }
        if !scanner.is_empty() && !matches!(port, Some(Ok(_))) {
            let wrong = "must be an address with a port, like 127.0.0.1:3310";
            return Err(ConfigError::of("media.scanner", wrong));
        }
        if !endpoint.is_empty() && !is_origin(endpoint) {
            let wrong = "must be like https://s3.example.com: scheme and host, no path and no slash at the end";
            return Err(ConfigError::of("media.s3.endpoint", wrong));
        }
        if !self.s3.bucket.is_empty()
            && (self.s3.access_key.is_empty() || self.s3.secret_key.get().is_none())
        {
            let wrong = "a bucket needs access_key and secret_key";
            return Err(ConfigError::of("media.s3", wrong));
        }
        Ok(())
    }

    pub(super) fn settings(&self, database: &Database) -> MediaSettings {
        let s3 = &self.s3;
        let bucket = (!s3.bucket.is_empty()).then(|| Bucket {
            endpoint: s3.endpoint.clone(),
            region: s3.region.clone(),
            name: s3.bucket.clone(),
            prefix: s3.prefix.clone(),
            access_key: s3.access_key.clone(),
            secret_key: s3.secret_key.get().cloned().unwrap_or_default(),
        });
        MediaSettings {
            folder: match self.folder.as_os_str().is_empty() {
                true => database.folder.join("media"),
                false => self.folder.clone(),
            },
            bucket,
            max_bytes: self.max_bytes,
            keep_days: self.keep_days,
            scanner: Some(self.scanner.clone()).filter(|address| !address.is_empty()),
        }
    }
}
