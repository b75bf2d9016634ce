//! Webhooks in Meta's form.

use chrono::Utc;
use serde::Serialize;
use serde_json::{
    Value, json,
    value::{RawValue, to_raw_value},
};

use super::errors;
use crate::{
    chats::{Profile, default_user_id},
    delivery::Content,
    options::WhatsAppAccount,
};

/// The fate of an accepted message.
pub(crate) struct Outcome {
    pub id: String,
    pub callback: Option<String>,
    /// `service`, `utility`, `marketing` or `authentication`.
    pub category: String,
    /// The message fails with this code.
    pub fails: Option<i64>,
}

/// A status in Meta's form. A load test makes many of them, so it is written to JSON once.
#[derive(Serialize)]
struct Status<'a> {
    id: &'a str,
    status: &'a str,
    timestamp: String,
    recipient_user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    biz_opaque_callback_data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<[Value; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pricing: Option<Pricing<'a>>,
}

/// Who a status is about.
#[derive(Serialize)]
struct Contact<'a> {
    user_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    wa_id: Option<&'a str>,
}

#[derive(Serialize)]
struct Pricing<'a> {
    billable: bool,
    pricing_model: &'a str,
    category: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
}

impl Outcome {
    pub fn status(&self, step: &str, phone: &str, profile: &Profile) -> Content {
        let billable = self.category != "service";
        let status = Status {
            id: &self.id,
            status: step,
            timestamp: seconds(),
            recipient_user_id: user_id(phone, profile),
            recipient_id: (!profile.hidden).then_some(phone),
            biz_opaque_callback_data: self.callback.as_deref(),
            errors: self.fails.map(|code| [errors::status_error(code)]),
            pricing: self.fails.is_none().then(|| Pricing {
                billable,
                pricing_model: "PMP",
                category: &self.category,
                kind: if billable {
                    "regular"
                } else {
                    "free_customer_service"
                },
            }),
        };
        let contact = Contact {
            user_id: &status.recipient_user_id,
            wa_id: status.recipient_id,
        };
        let contact = self.fails.is_none().then(|| to_raw_value(&contact));
        // Texts and numbers can always be written as JSON.
        Content::Status {
            contact: contact.map(Result::unwrap_or_default),
            status: to_raw_value(&status).unwrap_or_default(),
        }
    }
}

/// Makes the envelope's parts for a customer's message. `message` gets `id`, `timestamp` and the sender.
pub(crate) fn inbound(phone: &str, profile: &Profile, id: &str, mut message: Value) -> Content {
    message["id"] = id.into();
    message["timestamp"] = seconds().into();
    let user_id = user_id(phone, profile);
    let name = profile.name.clone().unwrap_or_else(|| {
        let last = phone.len().saturating_sub(4);
        format!("Customer {}", phone.get(last..).unwrap_or_default())
    });
    let mut contact = json!({"profile": {"name": name}, "user_id": user_id});
    message["from_user_id"] = user_id.into();
    if !profile.hidden {
        message["from"] = phone.into();
        contact["wa_id"] = phone.into();
    }
    Content::Message { contact, message }
}

/// Makes the echo of a text that the business wrote to a customer on its own phone.
pub(crate) fn echo(
    business: &str,
    phone: &str,
    profile: &Profile,
    id: &str,
    text: &str,
) -> Content {
    let mut message = json!({
        "from": business, "id": id, "timestamp": seconds(), "type": "text", "text": {"body": text},
        "to_user_id": user_id(phone, profile),
    });
    if !profile.hidden {
        message["to"] = phone.into();
    }
    Content::Echo(message)
}

#[derive(Serialize)]
struct Envelope<'a> {
    object: &'a str,
    entry: [Entry<'a>; 1],
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    /// Only for a change of the whole account.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<i64>,
    changes: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    field: &'a str,
    value: About<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum About<'a> {
    Number(Told<'a>),
    Account(&'a Value),
}

#[derive(Serialize)]
struct Told<'a> {
    messaging_product: &'a str,
    metadata: Metadata<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contacts: Vec<Person<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<&'a Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    message_echoes: Vec<&'a Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    statuses: Vec<&'a RawValue>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Person<'a> {
    Writes(&'a Value),
    Gets(&'a RawValue),
}

impl Person<'_> {
    fn is(&self, contact: &Value) -> bool {
        matches!(self, Self::Writes(own) if *own == contact)
    }
}

impl<'a> Told<'a> {
    fn add(&mut self, status: &'a RawValue, contact: Option<&'a RawValue>) {
        self.statuses.push(status);
        let Some(contact) = contact else { return };
        let there = self
            .contacts
            .iter()
            .any(|person| matches!(person, Person::Gets(own) if own.get() == contact.get()));
        if !there {
            self.contacts.push(Person::Gets(contact));
        }
    }
}

#[derive(Clone, Serialize)]
struct Metadata<'a> {
    display_phone_number: String,
    phone_number_id: &'a str,
}

/// Makes the body of one webhook. Neighbours of one kind share a change. Messages share one only if they have the same
/// sender.
pub(crate) fn envelope<'a>(
    account: &'a WhatsAppAccount,
    content: impl Iterator<Item = &'a Content>,
) -> Vec<u8> {
    let metadata = Metadata {
        display_phone_number: account
            .display_phone
            .chars()
            .filter(char::is_ascii_digit)
            .collect(),
        phone_number_id: &account.phone_number_id,
    };
    let told = || Told {
        messaging_product: "whatsapp",
        metadata: metadata.clone(),
        contacts: Vec::new(),
        messages: Vec::new(),
        message_echoes: Vec::new(),
        statuses: Vec::new(),
    };
    let change = |told| Change {
        field: "messages",
        value: About::Number(told),
    };
    let (mut changes, mut time): (Vec<Change<'_>>, _) = (Vec::new(), None);
    for one in content {
        let last = changes
            .last_mut()
            .and_then(|change| match &mut change.value {
                About::Number(told) => Some(told),
                About::Account(_) => None,
            });
        match (one, last) {
            (Content::Status { status, contact }, Some(last)) if !last.statuses.is_empty() => {
                last.add(status, contact.as_deref());
            }
            (Content::Status { status, contact }, _) => {
                let mut told = told();
                told.add(status, contact.as_deref());
                changes.push(change(told));
            }
            (Content::Message { contact, message }, Some(last))
                if last.contacts.iter().any(|person| person.is(contact)) =>
            {
                last.messages.push(message);
            }
            (Content::Message { contact, message }, _) => {
                let mut told = told();
                told.contacts.push(Person::Writes(contact));
                told.messages.push(message);
                changes.push(change(told));
            }
            (Content::Echo(message), _) => {
                let mut told = told();
                told.message_echoes.push(message);
                changes.push(Change {
                    field: "smb_message_echoes",
                    value: About::Number(told),
                });
            }
            (
                Content::Account {
                    field,
                    value,
                    time: at,
                },
                _,
            ) => {
                time = time.max(Some(*at));
                changes.push(Change {
                    field,
                    value: About::Account(value),
                });
            }
            // A notification belongs to another provider.
            (Content::Notification(_), _) => {}
        }
    }
    let envelope = Envelope {
        object: "whatsapp_business_account",
        entry: [Entry {
            id: &account.business_account_id,
            time,
            changes,
        }],
    };
    serde_json::to_vec(&envelope).unwrap_or_default()
}

fn user_id(phone: &str, profile: &Profile) -> String {
    if phone.contains('.') {
        return phone.to_owned();
    }
    profile
        .user_id
        .clone()
        .unwrap_or_else(|| default_user_id(phone))
}

fn seconds() -> String {
    Utc::now().timestamp().to_string()
}
