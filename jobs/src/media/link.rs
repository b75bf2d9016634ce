//! Links to files. A link is signed, lives for some minutes, and needs no log-in: a browser's `<img>` sends no token.

use chrono::{DateTime, TimeDelta};
use hmac::{Hmac, KeyInit, Mac};
use kazi_platform::{Timestamp, crypto::Keyring};
use serde::Serialize;
use sha2::Sha256;
use utoipa::ToSchema;

use super::MediaId;

/// Minutes for which a link lives.
pub const LINK_MINUTES: i64 = 10;

/// Days for which a public address lives.
pub const PUBLISHED_DAYS: i64 = 400;

/// A link to a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MediaLink {
    /// Anybody who has it gets the file, until it expires.
    #[schema(example = "https://kazi.example.com/media/med_0190…?expires=1764423600&signature=…")]
    pub url: String,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// Signs and checks links.
pub struct Links(Vec<Hmac<Sha256>>);

impl Links {
    /// The first master key signs; links of all master keys are good.
    pub fn new(keyring: &Keyring) -> Self {
        let keys = keyring.derive("links to media");
        // HMAC takes keys of any length.
        let macs = keys.iter().flat_map(|key| Hmac::new_from_slice(key));
        Self(macs.collect())
    }

    /// Makes a link to a file, below the address at which others reach Kazi.
    pub fn sign(&self, public_url: &str, id: MediaId, now: Timestamp) -> Option<MediaLink> {
        self.sign_until(public_url, id, now + TimeDelta::minutes(LINK_MINUTES))
    }

    /// Makes the public address of a file.
    pub fn sign_published(
        &self,
        public_url: &str,
        id: MediaId,
        now: Timestamp,
    ) -> Option<MediaLink> {
        self.sign_until(public_url, id, now + TimeDelta::days(PUBLISHED_DAYS))
    }

    /// Makes a link that lives until a moment.
    pub(super) fn sign_until(
        &self,
        public_url: &str,
        id: MediaId,
        until: Timestamp,
    ) -> Option<MediaLink> {
        let expires = until.timestamp();
        let signed = self.0.first()?.clone().chain_update(what(id, expires));
        let signature = hex::encode(signed.finalize().into_bytes());
        let url = format!("{public_url}/media/{id}?expires={expires}&signature={signature}");
        Some(MediaLink {
            url,
            expires_at: DateTime::from_timestamp(expires, 0)?,
        })
    }

    /// Says whether a link is one of ours that has not expired.
    pub fn is_good(&self, id: MediaId, expires: i64, signature: &str, now: Timestamp) -> bool {
        let Ok(signature) = hex::decode(signature) else {
            return false;
        };
        let good = |mac: &Hmac<Sha256>| {
            let mac = mac.clone().chain_update(what(id, expires));
            mac.verify_slice(&signature).is_ok()
        };
        now.timestamp() < expires && self.0.iter().any(good)
    }
}

fn what(id: MediaId, expires: i64) -> String {
    format!("{id}?{expires}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_for_its_file_and_its_time_alone() {
        let (old, new) = (Keyring::generate_master(), Keyring::generate_master());
        let links = |keys: &[&secrecy::SecretString]| {
            use secrecy::ExposeSecret;
            let keys: Vec<&str> = keys.iter().map(|key| key.expose_secret()).collect();
            Links::new(&Keyring::new(&keys.join(",").into()).unwrap())
        };
        let (now, id) = (kazi_platform::Clock::system().now(), MediaId::new());
        let ours = links(&[&old]);
        let link = ours.sign("https://kazi.test", id, now).unwrap();
        let (place, query) = link.url.split_once("?expires=").unwrap();
        assert_eq!(place, format!("https://kazi.test/media/{id}"));
        let (expires, signature) = query.split_once("&signature=").unwrap();
        let expires: i64 = expires.parse().unwrap();
        assert_eq!(expires, link.expires_at.timestamp());
        let good = |links: &Links, id, expires, signature: &str, minutes| {
            links.is_good(id, expires, signature, now + TimeDelta::minutes(minutes))
        };
        assert!(good(&ours, id, expires, signature, LINK_MINUTES - 1));
        assert!(good(&links(&[&new, &old]), id, expires, signature, 0));
        assert!(!good(&ours, id, expires, signature, LINK_MINUTES));
        assert!(!good(&ours, id, expires + 60, signature, 0));
        assert!(!good(&ours, MediaId::new(), expires, signature, 0));
        assert!(!good(&links(&[&new]), id, expires, signature, 0));
        assert!(!good(&ours, id, expires, &signature[2..], 0));
        assert!(!good(&ours, id, expires, "", 0));
        assert!(!good(&ours, id, expires, "zz", 0));
    }
}
