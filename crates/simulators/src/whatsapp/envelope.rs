//! Webhooks as Meta writes them.

use chrono::Utc;
use serde_json::{Value, json};

use super::errors;
use crate::{
    chats::{Profile, default_user_id},
    delivery::News,
    options::WhatsAppAccount,
};

/// What becomes of an accepted message.
pub(crate) struct Outcome {
    pub id: String,
    pub callback: Option<String>,
    /// `service`, `utility`, `marketing`, `authentication`.
    pub category: String,
    /// The code that it fails with.
    pub fails: Option<i64>,
}

impl Outcome {
    pub fn status(&self, step: &str, phone: &str, profile: &Profile) -> Value {
        let mut status = json!({
            "id": self.id,
            "status": step,
            "timestamp": seconds(),
            "recipient_user_id": user_id(phone, profile),
        });
        if !profile.hidden {
            status["recipient_id"] = phone.into();
        }
        if let Some(callback) = &self.callback {
            status["biz_opaque_callback_data"] = callback.as_str().into();
        }
        match self.fails {
            Some(code) => status["errors"] = json!([errors::status_error(code)]),
            None => {
                let billable = self.category != "service";
                status["pricing"] = json!({
                    "billable": billable,
                    "pricing_model": "PMP",
                    "category": self.category,
                    "type": if billable { "regular" } else { "free_customer_service" },
                });
            }
        }
        status
    }
}

/// A customer's message in its envelope's parts. `message` gets `id`, `timestamp` and the sender.
pub(crate) fn inbound(phone: &str, profile: &Profile, id: &str, mut message: Value) -> News {
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
    News::Message { contact, message }
}

/// One webhook body. Neighbours of one kind share a change, messages only if they are of one sender.
pub(crate) fn envelope<'a>(
    account: &WhatsAppAccount,
    news: impl Iterator<Item = &'a News>,
) -> Value {
    let mut changes: Vec<Value> = Vec::new();
    for one in news {
        match one {
            News::Status(status) => {
                let last = changes.last_mut();
                // Not by index: that would add what it does not find.
                let statuses =
                    last.and_then(|change| change.pointer_mut("/value/statuses")?.as_array_mut());
                match statuses {
                    Some(statuses) => statuses.push(status.clone()),
                    None => changes.push(change(account, json!({"statuses": [status]}))),
                }
            }
            News::Message { contact, message } => {
                let last = changes.last_mut();
                let same = last.filter(|change| change["value"]["contacts"][0] == *contact);
                match same.and_then(|change| change.pointer_mut("/value/messages")?.as_array_mut())
                {
                    Some(messages) => messages.push(message.clone()),
                    None => {
                        let value = json!({"contacts": [contact], "messages": [message]});
                        changes.push(change(account, value));
                    }
                }
            }
            News::Account { field, value } => {
                changes.push(json!({"field": field, "value": value}));
            }
            // Of the other provider.
            News::Notification(_) => {}
        }
    }
    json!({
        "object": "whatsapp_business_account",
        "entry": [{"id": account.business_account_id, "changes": changes}],
    })
}

fn change(account: &WhatsAppAccount, mut value: Value) -> Value {
    let display: String = account
        .display_phone
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    value["messaging_product"] = "whatsapp".into();
    value["metadata"] = json!({
        "display_phone_number": display,
        "phone_number_id": account.phone_number_id,
    });
    json!({"field": "messages", "value": value})
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
