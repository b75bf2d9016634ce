//! Sends the content of a step to one contact.

use kazi_platform::Timestamp;

use super::{
    AutomationError,
    credits::Unpaid,
    model::Enrolment,
    store::{self, steps},
    variables,
};
use crate::{
    Work,
    campaigns::{self, Composed, Content},
    channels::ChannelId,
    contacts::Addressee,
    conversations::MessageId,
    credits::{self, Use},
    messages::{self, Cause, NewOutbound},
    templates::Category,
};

pub(super) enum Outcome {
    Sent(Sent),
    /// This contact does not get it, and goes on.
    Skipped(&'static str),
    Later(Timestamp),
    /// This contact gets it once a template is approved again.
    Waits,
    /// This contact can get nothing.
    NotTo(&'static str),
    /// Nobody can get it now: a code, and a sentence for people.
    Nobody(&'static str, String),
    /// The workspace has too few credits.
    NoCredits(Unpaid),
}

pub(super) struct Sent {
    pub message: MessageId,
    pub marketing: bool,
}

/// Queues the message in the lane of the sending number, behind what customers wait for.
pub(super) async fn send(
    work: &mut Work,
    enrolment: &Enrolment,
    key: &str,
    (channel, content): (ChannelId, &Content),
    contact: &Addressee,
) -> Result<Outcome, AutomationError> {
    let content = variables::fill(content, &enrolment.subject.0);
    let letter = match campaigns::compose(work, channel, &content, contact).await? {
        Composed::Message(letter) => letter,
        Composed::Quiet(until) => return Ok(Outcome::Later(until)),
        Composed::Waits => return Ok(Outcome::Waits),
        Composed::Skips(why) => return Ok(Outcome::Skipped(why)),
        Composed::NotTo(why) => return Ok(Outcome::NotTo(why)),
        Composed::Nobody(code, words) => return Ok(Outcome::Nobody(code, words)),
    };
    let step = steps::id_of(work, enrolment.automation_id, key).await?;
    let new = NewOutbound {
        id: MessageId::at(work.now()),
        conversation: &letter.reach.conversation,
        body: &letter.body,
        cause: Cause::Campaign,
        at: work.now(),
    };
    let message = new.id;
    let category = match letter.marketing {
        true => Category::Marketing,
        false => Category::Utility,
    };
    let tariff = credits::tariff(work).await?;
    let price = tariff.map(|tariff| tariff.price(letter.country.as_deref(), Some(category)));
    messages::queue_all(work, step, &[new], price.as_slice()).await?;
    // The account is locked last, and what was written goes when it has too few.
    if let Some(price) = price {
        let id = enrolment.automation_id;
        let name = store::name_of(work, id).await?.unwrap_or_default();
        let of = Use {
            campaign: step,
            automation: Some(id.uuid()),
            name: &name,
        };
        if credits::reserve(work, &of, price.into(), 1).await?.is_err() {
            return Ok(Outcome::NoCredits(Unpaid {
                country: letter.country,
                category: Some(category),
            }));
        }
    }
    Ok(Outcome::Sent(Sent {
        message,
        marketing: letter.marketing,
    }))
}
