//! Meta's error codes and what to do on each: the one table, for answers and for status webhooks.
//!
//! Source: Meta, "Cloud API error codes" and "Message templates", 2026.

use std::time::Duration;

use serde::Deserialize;

use crate::http::Answer;

/// What to do on an error of Meta's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// The app or account is over its limit: leave its numbers alone for minutes. No attempt counts.
    ParkAccount,
    /// This number sends too fast: slower, again within a minute. No attempt counts.
    SlowNumber,
    /// Too much to this recipient: only that one waits.
    SnoozeRecipient,
    /// Meta restricts the sender for its quality: stop, tell a person.
    PauseSender,
    /// The recipient has had enough marketing from anybody: not before a day, at most twice.
    MarketingCap,
    /// The recipient wants no marketing from this sender.
    OptedOut,
    /// Not to be sent: an experiment of Meta's.
    Drop,
    /// Cannot be delivered to this recipient.
    Undeliverable,
    /// More than 24 hours since the customer wrote: only a template may go.
    WindowClosed,
    /// We asked for something wrong: a person must look.
    OurFault,
    /// The medium could not be fetched or is of a wrong kind: twice more at most.
    Media,
    /// Again later, with patience.
    Transient,
    /// The token is no good: the channel stops and a person renews it.
    Credential,
    /// The account is blocked.
    AccountBlocked,
    /// Not to this country.
    CountryRestricted,
    /// The account cannot pay.
    Billing,
    /// The number is not registered rightly.
    Registration,
    /// The template is missing or does not fit.
    TemplateFault,
    /// The template is paused for its quality.
    TemplatePaused,
    /// The template is disabled for good.
    TemplateDisabled,
    /// A code that this program does not know.
    Unknown,
}

/// What to do on a code, whether it came in an answer or by webhook.
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
        100 | 131008 | 131009 | 131021 | 131030 | 131051 => Reaction::OurFault,
        131052 | 131053 => Reaction::Media,
        1 | 2 | 131000 | 131016 | 131057 | 133004 => Reaction::Transient,
        0 | 3 | 10 | 190 | 200..=299 | 131005 => Reaction::Credential,
        368 | 131031 => Reaction::AccountBlocked,
        130497 => Reaction::CountryRestricted,
        131042 => Reaction::Billing,
        131045 | 133000..=133999 => Reaction::Registration,
        132000 | 132001 | 132005 | 132007 | 132008 | 132012 => Reaction::TemplateFault,
        132015 => Reaction::TemplatePaused,
        132016 => Reaction::TemplateDisabled,
        _ => Reaction::Unknown,
    }
}

/// A request that Meta refused. Its text is Meta's; it never repeats the message.
#[derive(Clone, Debug, thiserror::Error)]
#[error("Meta refused ({code}): {title}")]
pub struct Rejection {
    /// Meta's code.
    pub code: i64,
    /// Meta's sentence.
    pub title: String,
    /// Meta's details, where there are any.
    pub details: Option<String>,
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
    #[serde(default)]
    message: String,
    error_data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    details: Option<String>,
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

    /// What to do. A code that is not in the table is judged by the HTTP status.
    pub fn reaction(&self) -> Reaction {
        match (reaction_to(self.code), self.status) {
            (Reaction::Unknown, 429) => Reaction::SlowNumber,
            (Reaction::Unknown, 500..) => Reaction::Transient,
            (Reaction::Unknown, 401 | 403) => Reaction::Credential,
            (known, _) => known,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(rejection(999_999, 400).reaction(), Reaction::Unknown);
        assert_eq!(reaction_to(133015), Reaction::Registration);
        assert_eq!(reaction_to(133004), Reaction::Transient);
    }
}
