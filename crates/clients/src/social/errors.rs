//! The Graph API's errors when publishing, and what to do on each: the one table.
//!
//! Sources: Meta, "Error Codes" of the Instagram Platform (June 2026) and "Handling Errors" of the Graph API.

use std::time::Duration;

use serde::Deserialize;

use crate::http::Answer;

/// What to do on an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Again later, with patience.
    Transient,
    /// Too many calls: leave the account alone for minutes. No attempt counts.
    Slower,
    /// The posts of 24 hours are used up: in an hour at the earliest.
    DailyLimit,
    /// The token is no good: a person connects the account anew.
    Credential,
    /// The account or the app may not: a person must look.
    Permission,
    /// The container's image is still being fetched.
    NotReady,
    /// The container is of no use any more: make another one.
    ContainerGone,
    /// It says that this was posted already: look before anything else.
    AlreadyPosted,
    /// There is no such object, or it cannot be seen just now.
    Missing,
    /// We asked for something wrong: text, image, address.
    OurFault,
}

/// A request that was refused. Its text is Meta's; it never repeats the post.
#[derive(Clone, Debug, thiserror::Error)]
#[error("Meta refused ({code}{}): {}", .subcode.map(|sub| format!("/{sub}")).unwrap_or_default(), .explained.as_ref().unwrap_or(.message))]
pub struct Rejection {
    /// Meta's code.
    pub code: i64,
    /// Meta's finer code.
    pub subcode: Option<i64>,
    /// Meta's sentence for developers.
    pub message: String,
    /// Meta's sentence for people, where there is one.
    pub explained: Option<String>,
    /// Meta says that it will pass.
    pub transient: bool,
    /// The HTTP status.
    pub status: u16,
    /// What the answer asked to wait.
    pub retry_after: Option<Duration>,
}

#[derive(Deserialize)]
struct Envelope {
    error: Inner,
}

#[derive(Deserialize)]
struct Inner {
    code: i64,
    error_subcode: Option<i64>,
    #[serde(default)]
    message: String,
    error_user_msg: Option<String>,
    #[serde(default)]
    is_transient: bool,
}

impl Rejection {
    pub(super) fn parse(answer: &Answer) -> Option<Self> {
        let Envelope { error } = serde_json::from_slice(&answer.body).ok()?;
        let short = |text: String| text.chars().take(300).collect::<String>();
        Some(Self {
            code: error.code,
            subcode: error.error_subcode,
            message: short(error.message),
            explained: error.error_user_msg.map(short),
            transient: error.is_transient,
            status: answer.status,
            retry_after: answer.retry_after,
        })
    }

    /// What to do.
    pub const fn reaction(&self) -> Reaction {
        match (self.code, self.subcode) {
            // Suspected spam: Meta may have published it and says so all the same.
            (4, Some(2_207_051)) | (368, _) => Reaction::Permission,
            (9, Some(2_207_042)) => Reaction::DailyLimit,
            (4 | 9 | 17 | 32 | 341 | 613 | 80_000..=80_014, _) => Reaction::Slower,
            (102 | 104 | 190 | 458..=467, _) => Reaction::Credential,
            (3 | 10 | 25 | 200..=299, _) => Reaction::Permission,
            (9_007, _) => Reaction::NotReady,
            (24, _) | (-2, Some(2_207_020)) => Reaction::ContainerGone,
            (506, _) | (100, Some(1_366_051)) => Reaction::AlreadyPosted,
            (100, Some(33)) => Reaction::Missing,
            (-2 | -1 | 1 | 2, _) => Reaction::Transient,
            _ if self.transient || self.status >= 500 => Reaction::Transient,
            _ if self.status == 429 => Reaction::Slower,
            _ if self.status == 401 => Reaction::Credential,
            _ => Reaction::OurFault,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_is_told_by_code_and_subcode_then_by_metas_own_word_and_the_status() {
        let reaction = |code, subcode, transient, status| {
            let rejection = Rejection {
                code,
                subcode,
                message: String::new(),
                explained: None,
                transient,
                status,
                retry_after: None,
            };
            rejection.reaction()
        };
        for (code, subcode, expected) in [
            (4, None, Reaction::Slower),
            (4, Some(2_207_051), Reaction::Permission),
            (9, Some(2_207_042), Reaction::DailyLimit),
            (190, Some(463), Reaction::Credential),
            (10, None, Reaction::Permission),
            (9_007, Some(2_207_027), Reaction::NotReady),
            (24, Some(2_207_008), Reaction::ContainerGone),
            (-2, Some(2_207_003), Reaction::Transient),
            (100, Some(33), Reaction::Missing),
            (100, Some(1_366_051), Reaction::AlreadyPosted),
            (506, None, Reaction::AlreadyPosted),
            (36_003, Some(2_207_009), Reaction::OurFault),
        ] {
            assert_eq!(reaction(code, subcode, false, 400), expected, "{code}");
        }
        assert_eq!(reaction(77_777, None, true, 400), Reaction::Transient);
        assert_eq!(reaction(77_777, None, false, 503), Reaction::Transient);
        assert_eq!(reaction(77_777, None, false, 400), Reaction::OurFault);
    }
}
