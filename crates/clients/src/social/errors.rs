//! The Graph API's errors when publishing, and the reaction to each of them: the only table.
//!
//! Sources: Meta, "Error Codes" of the Instagram Platform (June 2026) and "Handling Errors" of the Graph API.

use std::time::Duration;

use serde::Deserialize;

use crate::http::Answer;

/// What the program does after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Try again later, with a long pause.
    Transient,
    /// Too many calls: make no call for this account for some minutes. The attempt does not count.
    Slower,
    /// The limit of 24 hours is reached: try again in an hour at the earliest.
    DailyLimit,
    /// The token is invalid: a person must connect the account again.
    Credential,
    /// The account or the app lacks a right: a person must act.
    Permission,
    /// The network could not fetch an image, which often passes: try again a few times.
    NotFetched,
    /// Instagram still fetches the container's image.
    NotReady,
    /// The container cannot be used any more: make another one.
    ContainerGone,
    /// Meta says that this post exists already: look for it before any other call.
    AlreadyPosted,
    /// The object does not exist, or is not visible now.
    Missing,
    /// The text, the image or the URL of the request is wrong.
    OurFault,
}

/// Meta refused a request. The text is Meta's and does not repeat the post.
#[derive(Clone, Debug, thiserror::Error)]
#[error("Meta refused ({code}{}): {}", .subcode.map(|sub| format!("/{sub}")).unwrap_or_default(), .explained.as_ref().unwrap_or(.message))]
pub struct Rejection {
    pub code: i64,
    pub subcode: Option<i64>,
    /// Meta's message for developers.
    pub message: String,
    /// Meta's message for people, if there is one.
    pub explained: Option<String>,
    /// Meta says that the error is temporary.
    pub transient: bool,
    pub status: u16,
    /// The value of `Retry-After`.
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

    pub const fn reaction(&self) -> Reaction {
        match (self.code, self.subcode) {
            // A subcode of Instagram's says more than its code, which has been other than documented.
            (_, Some(2_207_027)) => Reaction::NotReady,
            (_, Some(2_207_008 | 2_207_020)) => Reaction::ContainerGone,
            (_, Some(2_207_042)) => Reaction::DailyLimit,
            // Meta suspects spam. It may send this error although it has published the post.
            (_, Some(2_207_050 | 2_207_051)) | (368, _) => Reaction::Permission,
            (_, Some(2_207_052)) | (9_004 | 324, _) => Reaction::NotFetched,
            (_, Some(2_207_001 | 2_207_003 | 2_207_032 | 2_207_053)) => Reaction::Transient,
            (4 | 9 | 17 | 32 | 341 | 613 | 80_000..=80_014, _) => Reaction::Slower,
            (102 | 104 | 190 | 458..=467, _) => Reaction::Credential,
            (3 | 10 | 25 | 200..=299, _) => Reaction::Permission,
            (9_007, _) => Reaction::NotReady,
            (24, _) => Reaction::ContainerGone,
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
            (17, None, Reaction::Slower),
            (32, None, Reaction::Slower),
            (613, Some(1_996), Reaction::Slower),
            (80_002, None, Reaction::Slower),
            (9_004, Some(2_207_052), Reaction::NotFetched),
            (9_004, None, Reaction::NotFetched),
            (100, Some(2_207_052), Reaction::NotFetched),
            (324, Some(2_069_019), Reaction::NotFetched),
            (100, Some(2_207_053), Reaction::Transient),
            (100, Some(2_207_027), Reaction::NotReady),
            (-1, Some(2_207_020), Reaction::ContainerGone),
            (25, Some(2_207_050), Reaction::Permission),
            (36_001, Some(2_207_005), Reaction::OurFault),
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
