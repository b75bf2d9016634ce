//! Tells a customer who needs a person that the business is closed, and when it opens: once for each time that it is closed.

use chrono::TimeDelta;

use crate::{
    Work,
    conversations::{self, Conversation, dates},
    locale, workspaces,
};

/// For this time a customer is not told again, when it is unknown when the business opens.
const AGAIN: TimeDelta = TimeDelta::days(1);

/// The text for a customer who has just written to a person, in their language. `None`: the business is open, or the customer
/// knows.
pub async fn closed_notice(
    work: &mut Work,
    conversation: &Conversation,
    language: &str,
) -> Result<Option<String>, sqlx::Error> {
    let clock = workspaces::business_clock(work).await?;
    let now = work.now();
    if clock.is_open(now) {
        return Ok(None);
    }
    let opens_at = clock.opens_at(now);
    let until = opens_at.unwrap_or(now + AGAIN);
    if !conversations::tell_closed(work, conversation.id, until).await? {
        return Ok(None);
    }
    metrics::counter!("kazi_support_closed_notices_total").increment(1);
    let own = workspaces::closed_text(work, language).await?;
    let text = own.unwrap_or_else(|| locale::text(language, "closed-now", &[]));
    Ok(Some(match opens_at {
        Some(at) => {
            let when = dates::when(language, clock.zone, at);
            format!(
                "{text}\n{}",
                locale::text(language, "closed-opens", &[("when", &when)])
            )
        }
        None => text,
    }))
}
