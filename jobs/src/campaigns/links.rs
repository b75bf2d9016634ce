//! Tracked links. `{Kazi's address}/l/{code}` leads to an address that the campaign itself names, and to no other.
//!
//! A code is made of the recipient's key, 64 random bits, and of the index of the variable that is the link. So one indexed
//! number for each recipient is enough, however many links the message has, and a campaign without links has none. Nobody
//! can guess a key; whoever changes the index finds another link of the same message.

use std::{fmt, time::Duration};

use kazi_platform::egress::check_public_url;

use super::{Content, Parameter, store};
use crate::{Across, Context, workspaces};

/// The path of the links.
pub const LINK_PATH: &str = "/l/";
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62 to the 11th is more than 64 bits.
const KEY_DIGITS: usize = 11;
/// The most variables of a content: the last digit of a code is the index of one.
pub(super) const MOST_VARIABLES: usize = DIGITS.len();
/// Whoever clicks waits so long for the click to be written.
const PATIENCE: Duration = Duration::from_millis(500);

/// The links of one recipient.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links<'a> {
    /// Kazi's address on the internet.
    pub base: &'a str,
    pub key: i64,
}

impl<'a> Links<'a> {
    pub fn random(base: &'a str) -> Self {
        let key = rand::random();
        Self { base, key }
    }

    /// The value of a variable that is a link. A button's address has the rest of the link already.
    pub fn value(&self, nth: u8, in_button: bool) -> String {
        let code = LinkCode { key: self.key, nth };
        if in_button {
            code.to_string()
        } else {
            format!("{}{code}", links_of(self.base))
        }
    }
}

/// The key of the links in test messages of an arm: the numbers behind the campaign's.
pub(super) fn test_key_of(key: i64, arm: Option<i16>) -> i64 {
    key.wrapping_add(arm.unwrap_or(0).into())
}

/// What all links of a Kazi begin with.
pub(super) fn links_of(base: &str) -> String {
    format!("{}{LINK_PATH}", base.trim_end_matches('/'))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LinkCode {
    key: i64,
    /// The index of the variable.
    nth: u8,
}

impl LinkCode {
    fn read(text: &str) -> Option<Self> {
        let (key, nth) = text.split_at_checked(KEY_DIGITS)?;
        let digit = |c: u8| DIGITS.iter().position(|digit| *digit == c);
        let [nth] = nth.as_bytes() else { return None };
        let nth = u8::try_from(digit(*nth)?).ok()?;
        let mut number: u64 = 0;
        for c in key.bytes() {
            let value = u64::try_from(digit(c)?).ok()?;
            number = number.checked_mul(62)?.checked_add(value)?;
        }
        let key = number.cast_signed();
        Some(Self { key, nth })
    }
}

impl fmt::Display for LinkCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |value: u64| {
            let digit = usize::try_from(value).ok().and_then(|at| DIGITS.get(at));
            char::from(digit.copied().unwrap_or(b'0'))
        };
        let mut rest = self.key.cast_unsigned();
        let mut text = ['0'; KEY_DIGITS];
        for place in text.iter_mut().rev() {
            *place = digit(rest % 62);
            rest /= 62;
        }
        let last = digit(u64::from(self.nth));
        write!(f, "{}{last}", text.iter().collect::<String>())
    }
}

/// Where a link leads. `counts`: a person has clicked, and not a program that shows a preview.
///
/// The person is led on even when the click cannot be written. Links of a campaign that is over still lead there, because
/// the message is still on the phone. Those of a suspended workspace do not: Kazi's name leads nobody to what the platform
/// has stopped.
pub async fn follow(
    ctx: &Context,
    code: &str,
    counts: bool,
) -> Result<Option<String>, sqlx::Error> {
    let (target, how) = find_and_note(ctx, code, counts).await?;
    metrics::counter!("kazi_campaigns_links_total", "how" => how).increment(1);
    Ok(target)
}

async fn find_and_note(
    ctx: &Context,
    code: &str,
    counts: bool,
) -> Result<(Option<String>, &'static str), sqlx::Error> {
    const UNKNOWN: (Option<String>, &str) = (None, "unknown");
    let Some(code) = LinkCode::read(code) else {
        return Ok(UNKNOWN);
    };
    // Whoever clicks names no workspace: the key tells whose link it is.
    let mut across = Across::of(ctx).await?;
    let Some(found) = store::clicks::find(across.conn(), code.key).await? else {
        return Ok(UNKNOWN);
    };
    let Some(target) = target(&found.content, code.nth) else {
        return Ok(UNKNOWN);
    };
    if workspaces::is_suspended(across.conn(), found.workspace).await? {
        return Ok(UNKNOWN);
    }
    let Some(contact) = found.contact.filter(|_| counts) else {
        return Ok((Some(target), "not_counted"));
    };
    let mut work = across.within(found.workspace);
    let written = tokio::time::timeout(PATIENCE, async {
        store::clicks::note(&mut work, found.campaign, contact, code.nth).await?;
        work.commit().await
    });
    let fault = match written.await {
        Ok(Ok(())) => return Ok((Some(target), "counted")),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the database is too slow".to_owned(),
    };
    tracing::warn!(campaign.id = %found.campaign, "a click is not counted: {fault}");
    Ok((Some(target), "lost"))
}

/// The address that a variable leads to. An address that breaks today's rules leads nowhere.
fn target(content: &Content, nth: u8) -> Option<String> {
    match content.sources().get(usize::from(nth))? {
        Parameter::Link { url } => check_public_url(url).ok().map(Into::into),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_twelve_characters_and_is_read_back() {
        for (key, nth) in [(0, 0), (-1, 29), (i64::MIN, 61), (i64::MAX, 1), (62, 3)] {
            let code = LinkCode { key, nth };
            let text = code.to_string();
            assert_eq!((text.len(), LinkCode::read(&text)), (12, Some(code)));
        }
        for text in [
            "",
            "00000000000",
            "0000000000000",
            "0000000000-0",
            "zzzzzzzzzzz0",
            "é0000000000",
        ] {
            assert_eq!(LinkCode::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_link_leads_to_what_its_variable_names_and_nowhere_else() {
        let link = |url: &str| Parameter::Link { url: url.into() };
        let content = Content::Text {
            text: "{{1}} {{2}} {{3}}".into(),
            parameters: vec![
                Parameter::Text("https://other.example".into()),
                link("https://zuri.example/tea?a=b"),
                link("https://10.0.0.1/"),
            ],
        };
        let led = |nth| target(&content, nth);
        assert_eq!(led(1).as_deref(), Some("https://zuri.example/tea?a=b"));
        assert_eq!((led(0), led(2), led(3)), (None, None, None));
    }
}
