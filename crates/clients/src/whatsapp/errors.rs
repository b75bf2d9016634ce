//! Meta's error codes and the reaction to each of them: the only table, for answers and for status webhooks.
//!
//! Source: Meta, "Cloud API error codes" and "Message templates", 2026.

use std::time::Duration;

use serde::Deserialize;

use crate::http::Answer;

/// What the program does after an error of Meta's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// The app or the account is over its limit: use none of its numbers for some minutes. The attempt does not count.
    ParkAccount,
    /// This number sends too fast: send more slowly, and again within a minute. The attempt does not count.
    SlowNumber,
    /// This recipient gets too many messages: only this recipient waits.
    SnoozeRecipient,
    /// Meta restricts the sender because of its quality: stop, and tell a person.
    PauseSender,
    /// The recipient has received too much marketing from all businesses: try again after a day, at most twice.
    MarketingCap,
    /// The recipient wants no marketing from this sender.
    OptedOut,
    /// Do not send: Meta runs an experiment.
    Drop,
    /// WhatsApp cannot deliver to this recipient.
    Undeliverable,
    /// The customer wrote more than 24 hours ago: only a template may be sent.
    WindowClosed,
    /// The request is wrong: a person must act.
    OurFault,
    /// Meta could not fetch the file, or its type is wrong: try at most twice more.
    Media,
    /// Try again later, with a long pause.
    Transient,
    /// The token is invalid: the channel stops, and a person renews the token.
    Credential,
    AccountBlocked,
    /// Meta does not deliver to this country.
    CountryRestricted,
    /// The account cannot pay.
    Billing,
    /// The number is not registered correctly.
    Registration,
    /// The template does not exist, or the parameters do not fit.
    TemplateFault,
    /// Meta has paused the template because of its quality.
    TemplatePaused,
    /// Meta has disabled the template for good.
    TemplateDisabled,
    /// This program does not know the code, and nothing else tells whose fault it is.
    Unknown,
}

/// Returns the reaction to a code of an answer or a webhook. Meta numbers its codes by what they are about: a code that is
/// newer than this table is judged by its hundreds.
pub const fn reaction_to(code: i64) -> Reaction {
    match code {
        4 | 80007 => Reaction::ParkAccount,
        130429 => Reaction::SlowNumber,
        131056 => Reaction::SnoozeRecipient,
        131048 | 131064 => Reaction::PauseSender,
        131049 => Reaction::MarketingCap,
        131050 => Reaction::OptedOut,
        130472 => Reaction::Drop,
        131026 => Reaction::Undeliverable,
        131047 => Reaction::WindowClosed,
        // 131062: a message that must not go to a user id, like a one-time code.
        33 | 100 | 131008 | 131009 | 131021 | 131030 | 131051 | 131062 | 134000..=135999 => {
            Reaction::OurFault
        }
        131052 | 131053 => Reaction::Media,
        1 | 2 | 131000 | 131016 | 131057 | 133004 => Reaction::Transient,
        0 | 3 | 10 | 190 | 200..=299 | 131005 => Reaction::Credential,
        368 | 131031 => Reaction::AccountBlocked,
        130497 => Reaction::CountryRestricted,
        131042 => Reaction::Billing,
        // 131037: the number's display name is not approved.
        131037 | 131045 | 133000..=133999 => Reaction::Registration,
        132015 => Reaction::TemplatePaused,
        132016 => Reaction::TemplateDisabled,
        132000..=132999 => Reaction::TemplateFault,
        _ => Reaction::Unknown,
    }
}

/// Meta refused a request. The text is Meta's and does not repeat the message.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", refusal(Some(*.code), .title, .details.as_deref()))]
pub struct Rejection {
    pub code: i64,
    pub title: String,
    pub details: Option<String>,
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
    #[serde(default)]
    message: String,
    error_data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    details: Option<String>,
}

/// Characters of Meta's details that people read.
const DETAILS_LIMIT: usize = 200;
/// Digits of the shortest number that may be a phone's.
const PHONE_DIGITS: usize = 7;

/// A refusal of Meta's in words for a person. The details say what is wrong with what, and the title only that
/// something is.
pub fn refusal(code: Option<i64>, title: &str, details: Option<&str>) -> String {
    let details = details.map(impersonal).unwrap_or_default();
    let whose = match code {
        Some(code) => format!("Meta refused ({code})"),
        None => "Meta refused".to_owned(),
    };
    match (title, details.as_str()) {
        ("", "") => format!("{whose}: no reason given"),
        (title, "") => format!("{whose}: {title}"),
        ("", details) => format!("{whose}: {details}"),
        (title, details) if title.contains(details) => format!("{whose}: {title}"),
        (title, details) => format!("{whose}: {title}: {details}"),
    }
}

/// Meta's details, cut, without what may name a person: they sometimes repeat a value of the request.
fn impersonal(details: &str) -> String {
    let words =
        details
            .split_whitespace()
            .map(|word| match word.contains('@') || word.contains("://") {
                true => "…",
                false => word,
            });
    let text = words.collect::<Vec<_>>().join(" ");
    let (mut kept, mut number) = (String::new(), String::new());
    // The last character ends a number at the end.
    for c in text.chars().chain(['\n']) {
        let goes_on = c.is_numeric() || (!number.is_empty() && " -.()/".contains(c));
        if goes_on {
            number.push(c);
            continue;
        }
        if number.chars().filter(|c| c.is_numeric()).count() < PHONE_DIGITS {
            kept.push_str(&number);
        } else {
            kept.push('…');
            let end = number.trim_end_matches(|c: char| !c.is_numeric()).len();
            kept.push_str(&number[end..]);
        }
        number.clear();
        kept.push(c);
    }
    kept.trim_end().chars().take(DETAILS_LIMIT).collect()
}

impl Rejection {
    pub(crate) fn parse(answer: &Answer) -> Option<Self> {
        let Envelope { error } = serde_json::from_slice(&answer.body).ok()?;
        Some(Self {
            code: error.code,
            title: error.message.chars().take(300).collect(),
            details: error
                .error_data
                .and_then(|data| data.details)
                .map(|text| text.chars().take(300).collect()),
            status: answer.status,
            retry_after: answer.retry_after,
        })
    }

    /// Returns the reaction. The HTTP status decides about a code that is not in the table.
    pub fn reaction(&self) -> Reaction {
        match (reaction_to(self.code), self.status) {
            (Reaction::Unknown, 408) => Reaction::Transient,
            (Reaction::Unknown, 429) => Reaction::SlowNumber,
            (Reaction::Unknown, 500..) => Reaction::Transient,
            (Reaction::Unknown, 401 | 403) => Reaction::Credential,
            // The request itself is refused: it would be refused each time.
            (Reaction::Unknown, 400..) => Reaction::OurFault,
            (known, _) => known,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_the_details_and_names_nobody() {
        let of = |title: &str, details: Option<&str>| Rejection {
            code: 132_012,
            title: title.into(),
            details: details.map(str::to_owned),
            status: 400,
            retry_after: None,
        };
        let title = "(#132012) Parameter format does not match";
        for (details, wanted) in [
            (
                "header: Format mismatch, expected IMAGE, received UNKNOWN",
                ": header: Format mismatch, expected IMAGE, received UNKNOWN",
            ),
            (
                "body: number of localizable_params (1) does not match the expected number of params (2)",
                ": body: number of localizable_params (1) does not match the expected number of params (2)",
            ),
            ("to: +254 711-000 001 is not valid", ": to: +… is not valid"),
            ("254711000001", ": …"),
            (
                "url: https://shop.test/u?m=amina@mail.test is no image",
                ": url: … is no image",
            ),
            (" \n", ""),
            ("Parameter format does not match", ""),
        ] {
            let said = of(title, Some(details)).to_string();
            assert_eq!(said, format!("Meta refused (132012): {title}{wanted}"));
        }
        assert_eq!(
            of("", None).to_string(),
            "Meta refused (132012): no reason given"
        );
        assert!(
            of(title, Some(&"so ".repeat(300)))
                .to_string()
                .chars()
                .count()
                < 300
        );
    }

    #[test]
    fn a_code_outside_of_the_table_is_judged_by_its_status() {
        let rejection = |code, status| Rejection {
            code,
            title: String::new(),
            details: None,
            status,
            retry_after: None,
        };
        assert_eq!(rejection(130429, 400).reaction(), Reaction::SlowNumber);
        assert_eq!(rejection(999_999, 503).reaction(), Reaction::Transient);
        assert_eq!(rejection(999_999, 408).reaction(), Reaction::Transient);
        assert_eq!(rejection(999_999, 404).reaction(), Reaction::OurFault);
        assert_eq!(rejection(999_999, 200).reaction(), Reaction::Unknown);
        assert_eq!(reaction_to(133015), Reaction::Registration);
        assert_eq!(reaction_to(133004), Reaction::Transient);
        for code in [132_000, 132_012, 132_018, 132_068, 132_999] {
            assert_eq!(reaction_to(code), Reaction::TemplateFault);
        }
        assert_eq!(reaction_to(132_015), Reaction::TemplatePaused);
        assert_eq!(reaction_to(131_037), Reaction::Registration);
        assert_eq!(reaction_to(135_000), Reaction::OurFault);
        assert_eq!(reaction_to(139_999), Reaction::Unknown);
    }
}
