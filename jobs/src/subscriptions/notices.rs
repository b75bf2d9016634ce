//! The notices of a subscription: the payment link, the renewal, and the end.

use kazi_clients::whatsapp::{Body, ButtonParameter};
use kazi_platform::Timestamp;
use kazi_queue::EnqueueError;

use super::{Asked, Plan, Status, Subscription, people::Reader};
use crate::{
    Work,
    conversations::MessageId,
    locale,
    messages::{self, Cause, Notice, Notified, TemplateUse},
};

/// The template with the payment link. `{{1}}`: the plan. `{{2}}`: the last day to pay. Its first button is an address
/// that ends in `{{1}}`: all of the link behind its host.
pub const REMINDER: &str = "renewal_reminder";
/// The template for a payment that has come. `{{1}}`: the plan. `{{2}}`: the day of the end.
pub const RENEWED: &str = "subscription_renewed";
/// The template for the end. `{{1}}`: the plan.
pub const ENDED: &str = "subscription_ended";

/// The kind of a notice.
#[derive(Clone, Copy, Debug)]
pub(super) enum Word<'a> {
    /// The payment link.
    Link(&'a Asked, &'a str),
    /// It runs, or goes on.
    Renewed,
    /// It has ended.
    Ended,
}

/// Sends a notice, in the caller's transaction. A customer who cannot be reached is counted by `messages` and logged
/// here; the subscription goes on all the same.
pub(super) async fn tell(
    work: &mut Work,
    (subscription, plan): (&Subscription, &Plan),
    reader: &Reader,
    id: MessageId,
    word: Word<'_>,
) -> Result<(), EnqueueError> {
    if !reader.there {
        return Ok(());
    }
    let name = plan.name(&reader.languages()).to_owned();
    let end = subscription.ends_at.map(|end| reader.date(end));
    let end = end.unwrap_or_default();
    let (text, template) = match word {
        Word::Link(asked, url) => {
            let by = reader.date(pay_by(subscription, asked));
            let price = plan.price.to_string();
            let (key, day) = match subscription.status {
                Status::Active => ("renewal-reminder", &end),
                Status::Grace => ("renewal-overdue", &by),
                _ => ("subscription-pay", &by),
            };
            let fill = [
                ("plan", name.as_str()),
                ("date", day),
                ("price", &price),
                ("link", url),
            ];
            let template = TemplateUse {
                name: REMINDER,
                parameters: vec![name.clone(), by.clone()],
                buttons: vec![ButtonParameter::Url {
                    index: 0,
                    text: behind_the_host(url).to_owned(),
                }],
            };
            (locale::text(reader.language(), key, &fill), template)
        }
        Word::Renewed => {
            let fill = [("plan", name.as_str()), ("date", &end)];
            let text = locale::text(reader.language(), "subscription-renewed", &fill);
            (text, plain(RENEWED, vec![name.clone(), end.clone()]))
        }
        Word::Ended => {
            let fill = [("plan", name.as_str())];
            let text = locale::text(reader.language(), "subscription-ended", &fill);
            (text, plain(ENDED, vec![name.clone()]))
        }
    };
    let notice = Notice {
        id,
        contact: subscription.contact_id,
        channel: None,
        body: Body::Text { text },
        template,
        cause: match word {
            Word::Link(..) => Cause::Reminder,
            Word::Renewed | Word::Ended => Cause::Order,
        },
        marketing: false,
        at: work.now(),
    };
    let notified = messages::notify(work, &notice).await?;
    if let Notified::Unreachable(why) = notified {
        tracing::warn!(workspace.id = %work.workspace(), subscription.id = %subscription.id, reason = why.name(),
                       "a customer could not be told of a subscription");
    }
    Ok(())
}

/// The last day to pay.
fn pay_by(subscription: &Subscription, asked: &Asked) -> Timestamp {
    let end = match subscription.status {
        Status::Active => subscription.ends_at,
        Status::Grace => subscription.grace_until,
        _ => None,
    };
    end.unwrap_or(asked.until)
}

fn plain(name: &'static str, parameters: Vec<String>) -> TemplateUse<'static> {
    TemplateUse {
        name,
        parameters,
        buttons: Vec::new(),
    }
}

/// The part of an address behind its host and slash.
fn behind_the_host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split_once('/').map_or("", |(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_is_given_all_of_a_link_behind_its_host() {
        let link = "https://checkout.stripe.com/c/pay/cs_1?x=1#fid";
        assert_eq!(behind_the_host(link), "c/pay/cs_1?x=1#fid");
        assert_eq!(behind_the_host("https://pay.test"), "");
    }
}
