//! Sends a campaign's message to one phone as a test.

use chrono::TimeDelta;
use kazi_platform::Phone;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Campaign, CampaignError, broadcast,
    create::subject,
    links::{self, Links},
    plan, preflight, recipient, run, stop, store,
};
use crate::{
    Work,
    audit::Change,
    contacts::{self, Audience, ContactId},
    conversations::{self, MessageId},
    messages::{self, Cause, NewOutbound},
    templates,
    violations::invalid,
    workspaces,
};

/// Tests of a workspace in 24 hours. They cost no credits, so nobody sends a campaign by them.
const MOST_TESTS: i64 = 50;

/// A test message that is on its way.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignTested)]
pub struct TestSent {
    pub message_id: MessageId,
    pub contact_id: ContactId,
    /// What the contact reads, with their own values. A value that the contact lacks is shown as dots.
    pub text: String,
    /// The language of the template. `null` for a text.
    #[schema(example = "en")]
    pub language: Option<String>,
}

/// Sends the content, or that of an arm, to a contact with this phone. The campaign's figures do not count it, and neither
/// the clicks on its links. `base` is Kazi's address on the internet.
pub async fn test_send(
    work: &mut Work,
    campaign: &Campaign,
    (phone, arm): (&str, Option<&str>),
    base: &str,
) -> Result<TestSent, CampaignError> {
    let fault = |code, rule: &str| invalid("/phone", (code, rule.to_owned()));
    let business = workspaces::get(work).await?;
    let country = business.country.as_deref();
    let phone = Phone::parse(phone, country).map_err(|e| fault("phone", &e.to_string()))?;
    let contact = contacts::by_phone(work, &phone).await?;
    let rule = "no contact has this phone: add yourself to the contacts first";
    let contact = contact.ok_or_else(|| fault("unknown_contact", rule))?;
    if contact.blocked_at.is_some() {
        return Err(fault("blocked", "this contact is blocked").into());
    }
    let nth = match arm {
        Some(name) => {
            let found = campaign
                .experiment
                .as_ref()
                .and_then(|one| one.index_of(name));
            let rule = "no arm of the campaign has this name".to_owned();
            Some(found.ok_or_else(|| invalid("/arm", ("unknown_arm", rule)))?)
        }
        None => None,
    };
    let content = campaign.content_of(nth);
    let set = campaign.experiment.as_ref().zip(nth);
    let set = set.and_then(|(experiment, nth)| experiment.arm(nth)?.language.as_deref());
    stop::can_send(work, campaign).await?;
    if messages::campaign_tests(work, work.now() - TimeDelta::hours(24)).await? >= MOST_TESTS {
        let words = "50 tests were sent in the last 24 hours: send the next one later";
        return Err(CampaignError::Conflict(words.into()));
    }
    preflight::check(work, campaign.channel_id, content, base).await?;
    let everybody = Audience::default();
    let addressee = contacts::addressee(work, &everybody, contact.id).await?;
    let addressee = addressee.ok_or_else(|| fault("unknown_contact", rule))?;
    let conflict = |words: &str| CampaignError::Conflict(words.to_owned());
    let Some(sender) = run::sender_of(work, campaign).await? else {
        return Err(conflict("its channel is gone"));
    };
    let of_one = std::slice::from_ref(&addressee);
    let (_, languages) =
        plan::languages(work, &business, &sender, (content, set), base, of_one).await?;
    let template = match (content, languages.into_values().flatten().next()) {
        (super::Content::Template { name, .. }, Some(language)) => {
            let account = sender.account.as_deref().unwrap_or_default();
            templates::find(work, account, name, &language).await?
        }
        _ => None,
    };
    let links = match content.is_tracked() {
        true => {
            let new = Links::random(base);
            let key = store::clicks::test_key(work, campaign.id, new.key).await?;
            let key = links::test_key_of(key, nth);
            Some(Links { key, ..new })
        }
        false => None,
    };
    // A missing value is shown as dots.
    let frozen: Vec<String> = recipient::values(content, &addressee, links)
        .map(|value| value.unwrap_or_else(|| "…".into()))
        .collect();
    let body = broadcast::body(content, template.as_ref(), &frozen);
    let body = body.ok_or_else(|| {
        conflict("there is no approved template of this name that wants just what is given")
    })?;
    let channel = Some(campaign.channel_id);
    let reach = conversations::reach(work, &contact, channel).await?;
    let reach = reach.ok_or_else(|| conflict("its channel is gone"))?;
    let new = NewOutbound {
        id: MessageId::at(work.now()),
        conversation: &reach.conversation,
        body: &body,
        cause: Cause::Campaign,
        at: work.now(),
    };
    messages::queue_out(work, &new).await?;
    work.audit(&Change::done("campaigns.test", subject(campaign)))
        .await?;
    Ok(TestSent {
        message_id: new.id,
        contact_id: contact.id,
        text: messages::readable(&body),
        language: template.map(|template| template.language),
    })
}
