//! Passwords: which ones are taken, and their Argon2id.

use std::{
    sync::{Arc, LazyLock},
    thread,
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use zxcvbn::Score;

use super::IdentityError;
use crate::violations::Violation;

/// Memory in KiB, passes, lanes. See docs/decisions.md for what they cost.
const COST: (u32, u32, u32) = (65_536, 3, 1);
/// Checked where there is no user: it takes as long as any, and no password opens it.
const NOBODY: &str = "$argon2id$v=19$m=65536,t=3,p=1$bm9ib2R5J3Mgc2FsdC4uLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const LENGTH: std::ops::RangeInclusive<usize> = 10..=128;

/// As many at once as there are cores: each keeps one busy and takes 64 MiB.
static SLOTS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new(cores))
});

fn argon2() -> Result<Argon2<'static>, IdentityError> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(|_| IdentityError::Hashing)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Runs on a thread for blocking work, when a core is free for it.
async fn on_a_core<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IdentityError> + Send + 'static,
) -> Result<T, IdentityError> {
    let slot = SLOTS.clone().acquire_owned().await;
    let slot = slot.map_err(|_| IdentityError::Hashing)?;
    let done = tokio::task::spawn_blocking(move || {
        // Held until the work ends, also when nobody waits for it any more.
        let _slot = slot;
        work()
    });
    done.await.map_err(|_| IdentityError::Hashing)?
}

/// The hash of a password, with a new salt, in PHC form. The caller holds no connection: it takes a while.
pub(super) async fn hash(password: &SecretString) -> Result<String, IdentityError> {
    let password = password.clone();
    on_a_core(move || {
        let hash = argon2()?.hash_password(password.expose_secret().as_bytes());
        Ok(hash.map_err(|_| IdentityError::Hashing)?.to_string())
    })
    .await
}

/// Whether it is the password of this hash. It takes as long without one. The caller holds no connection.
pub(super) async fn verify(
    password: &SecretString,
    hash: Option<&str>,
) -> Result<bool, IdentityError> {
    let (password, known) = (password.clone(), hash.is_some());
    let hash = hash.unwrap_or(NOBODY).to_owned();
    on_a_core(move || {
        let same = argon2()?.verify_password(password.expose_secret().as_bytes(), hash.as_str());
        Ok(same.is_ok() && known)
    })
    .await
}

/// What is wrong with a new password. `near`: what its owner is known by (e-mail address, name), which others try first.
pub(super) fn fault(password: &SecretString, near: &[&str]) -> Option<Violation> {
    let text = password.expose_secret();
    let length = text.chars().count();
    let (code, detail) = if length < *LENGTH.start() {
        ("too_short", "at least 10 characters")
    } else if length > *LENGTH.end() {
        ("too_long", "at most 128 characters")
    } else if near.iter().any(|own| text.eq_ignore_ascii_case(own)) {
        ("too_easy", "not the e-mail address and not the name")
    } else if zxcvbn::zxcvbn(text, near).score() < Score::Two {
        (
            "too_easy",
            "too easily guessed: use several unrelated words",
        )
    } else {
        return None;
    };
    Some((code, detail.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<&'static str> {
        let near = ["amina@example.com", "Amina Odhiambo"];
        fault(&password.to_owned().into(), &near).map(|(code, _)| code)
    }

    #[test]
    fn a_password_is_neither_short_nor_endless_nor_easily_guessed() {
        assert_eq!(code("short"), Some("too_short"));
        assert_eq!(code(&"ab".repeat(65)), Some("too_long"));
        for easy in [
            "1234567890",
            "password123",
            "qwertyuiop",
            "aaaaaaaaaaaaaaa",
            "Amina@Example.com",
        ] {
            assert_eq!(code(easy), Some("too_easy"), "{easy}");
        }
        assert_eq!(code("maize kettle orbit"), None);
        assert_eq!(code("كلمة سر طويلة جدا"), None);
    }

    #[tokio::test]
    async fn a_hash_opens_with_its_password_alone_and_says_what_it_cost() {
        let password: SecretString = "maize kettle orbit".to_owned().into();
        let hash = hash(&password).await.unwrap();
        let (memory, passes, lanes) = COST;
        let cost = format!("$argon2id$v=19$m={memory},t={passes},p={lanes}$");
        assert!(hash.starts_with(&cost), "{hash}");
        // What is checked where there is no user costs the same.
        assert!(NOBODY.starts_with(&cost) && NOBODY.len() == hash.len());
        assert!(verify(&password, Some(&hash)).await.unwrap());
        assert!(
            !verify(&"another".to_owned().into(), Some(&hash))
                .await
                .unwrap()
        );
        assert!(!verify(&password, None).await.unwrap());
        assert!(!verify(&password, Some("damaged")).await.unwrap());
    }
}
