//! `POST /{number}/messages`: checks a message, shows it on the phone, and reports its statuses.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use chrono::Utc;
use serde_json::json;
use tokio::time::sleep;

use super::{Number, envelope::Outcome, errors::Refusal, message_id, validate};
use crate::{
    World,
    chats::{ChatKey, LineFile},
    delivery::Event,
    lock, media,
    options::Service,
    server::{Call, Reply},
};

pub(super) fn messages(world: &Arc<World>, call: &Call, number: &Arc<Number>) -> Reply {
    if call.json["status"] == "read" {
        // Read receipts and the typing indicator. The phone keeps neither.
        return match call.json["message_id"].as_str() {
            Some(_) => Reply::json(200, json!({"success": true})),
            None => Refusal::new(100, "The parameter message_id is required.").reply(),
        };
    }
    match accept(world, call, number) {
        Ok(reply) => reply,
        Err(refusal) => refusal.reply(),
    }
}

fn accept(world: &Arc<World>, call: &Call, number: &Arc<Number>) -> Result<Reply, Refusal> {
    let account = &number.account;
    if let Some(limit) = world.options.rate_per_second
        && !number.rate.take(limit)
    {
        return Err(Refusal::new(
            130_429,
            "Rate limit hit: too many messages sent from this phone number",
        ));
    }
    let mut asked = validate::outgoing(&call.json)?;
    if let Some(id) = &asked.media {
        let kind = asked.line.kind.as_str();
        let Some(file) = world.files.get(id) else {
            let details = format!(
                "Param {kind}['id'] is not a valid whatsapp business account media attachment ID"
            );
            return Err(Refusal::new(100, details));
        };
        if !media::fits(kind, &file.mime) {
            let details = format!("Unsupported {kind} mime type {}", file.mime);
            return Err(Refusal::new(131_053, details));
        }
        let url = format!("{}/_files/{id}", world.url());
        asked.line.image_url = (kind == "image").then(|| url.clone());
        let name = call.json[kind]["filename"].as_str().map(str::to_owned);
        asked.line.file = Some(LineFile {
            url,
            mime: file.mime,
            name: name.or(file.name),
        });
    }
    let phone = match asked.recipient.contains('.') {
        true => world
            .chats
            .phone_of(&asked.recipient)
            .unwrap_or_else(|| asked.recipient.clone()),
        false => asked.recipient.clone(),
    };
    if account
        .display_phone
        .chars()
        .filter(char::is_ascii_digit)
        .eq(phone.chars())
    {
        return Err(Refusal::new(131_021, "Recipient cannot be sender"));
    }
    let filled = match &asked.template {
        Some(template) => {
            Some(lock(&world.templates).fill(&account.business_account_id, template)?)
        }
        None => None,
    };
    if asked.recipient.contains('.')
        && filled
            .as_ref()
            .is_some_and(|filled| filled.category == "authentication")
    {
        return Err(Refusal::new(
            131_062,
            "Authentication templates need a phone number in 'to'",
        ));
    }
    if world.limits_pairs.load(Ordering::Relaxed) && !number.pairs.take(&phone) {
        return Err(Refusal::new(
            131_056,
            "Too many messages sent to this recipient in a short time",
        ));
    }
    let key = ChatKey {
        phone,
        service: Service::WhatsApp,
        account: account.phone_number_id.clone(),
    };
    let (id, now) = (message_id(), Utc::now());
    let category = filled
        .as_ref()
        .map_or_else(|| "service".to_owned(), |filled| filled.category.clone());
    let fails = call.fails.or_else(|| match &filled {
        None => (!world.chats.window_open(&key, now)).then_some(131_047),
        // Meta: no marketing templates to numbers of the United States.
        Some(filled) => {
            (filled.category == "marketing" && key.phone.len() == 11 && key.phone.starts_with('1'))
                .then_some(131_049)
        }
    });
    if let Some(filled) = filled {
        asked.line.text = filled.text;
        asked.line.buttons = filled.buttons;
    }
    let mut message = json!({"id": id});
    if asked.template.is_some() {
        message["message_status"] = "accepted".into();
    }
    // A message to a user id does not tell the number.
    let contact = match asked.recipient.contains('.') {
        true => json!({"input": asked.to, "user_id": asked.recipient}),
        false => json!({"input": asked.to, "wa_id": key.phone}),
    };
    let answer = json!({
        "messaging_product": "whatsapp",
        "contacts": [contact],
        "messages": [message],
    });
    asked.line.id.clone_from(&id);
    asked.line.at = now;
    asked.line.status = "accepted".into();
    asked.line.callback.clone_from(&asked.callback);
    world.chats.push(&key, asked.line);
    let outcome = Outcome {
        id: id.clone(),
        callback: asked.callback,
        category,
        fails,
    };
    world
        .office
        .spawn(report(world.clone(), number.clone(), key, outcome));
    Ok(Reply {
        message_id: Some(id),
        ..Reply::json(200, answer)
    })
}

/// Sends the statuses of an accepted message one after the other.
fn report(
    world: Arc<World>,
    number: Arc<Number>,
    key: ChatKey,
    outcome: Outcome,
) -> impl Future<Output = ()> {
    // The ticket is taken before the answer, so that a test that settles right after the answer waits for these
    // statuses.
    let ticket = world.office.ticket();
    async move {
        let steps: &[&str] = match (outcome.fails, world.options.reads) {
            (Some(_), _) => &["failed"],
            (None, true) => &["sent", "delivered", "read"],
            (None, false) => &["sent", "delivered"],
        };
        for step in steps {
            pause(world.options.status_delay).await;
            world
                .chats
                .set_status(&key, &outcome.id, step, outcome.fails);
            let status = outcome.status(step, &key.phone, &world.chats.profile(&key.phone));
            number
                .mailbox
                .post(&world, Event::new(&world.office, status));
        }
        drop(ticket);
    }
}

async fn pause(delay: Duration) {
    // A timer rounds up to a millisecond. Under load it is faster to use none.
    if !delay.is_zero() {
        sleep(delay).await;
    }
}
