//! The Cloud API's messages.

use kazi_clients::{
    json::lenient,
    whatsapp::webhook::{Attachment, CardName, FormReply, Message, Order},
};
use serde_json::{Value, json};

use super::{Attached, AttachedAt, Heard, Input, Place, lines};
use crate::conversations::fit;

/// Reads a message, and adds its origin: an advertisement, a product or a quoted message.
pub(crate) fn heard(message: Message) -> Heard {
    let (referral, context) = (message.referral.clone(), message.context.clone());
    let mut heard = read(message);
    if let Some(quoted) = context {
        if let Some(id) = quoted.id {
            heard = heard.with("quoted", None, id.into());
        }
        let product = quoted.referred_product;
        if let Some(id) = product.and_then(|product| product.product_retailer_id) {
            let line = format!("[about the product {}]", fit(&id, 100));
            heard = heard.with("product", Some(line), id.into());
        }
    }
    if referral.is_object() {
        let told = ["headline", "source_url"];
        let told: Vec<&str> = told
            .iter()
            .filter_map(|key| referral[key].as_str())
            .collect();
        let line = format!("[from the ad: {}]", fit(&told.join(", "), 300));
        heard = heard.with("referral", Some(line), referral);
    }
    heard
}

fn read(message: Message) -> Heard {
    let kind = message.kind.as_str();
    // An edit has the new message inside, and a reaction may come with a text: their kinds come first.
    match kind {
        "edit" => {
            let Some(edit) = message.edit else {
                return Heard::edit(None, None);
            };
            let text = edit.message.and_then(|message| match read(*message).said {
                Input::Text(text) => Some(text),
                _ => None,
            });
            return Heard::edit(edit.original_message_id, text);
        }
        "revoke" => {
            let of = message.revoke.and_then(|revoke| revoke.original_message_id);
            return Heard::deleted(of);
        }
        "reaction" => {
            let (of, sign) = message.reaction.map_or((None, None), |reaction| {
                (reaction.message_id, reaction.emoji)
            });
            return Heard::reaction(&sign.unwrap_or_default(), of.as_deref());
        }
        "system" => {
            let what = message.system.and_then(|system| system.kind);
            let body = format!("[{}]", what.unwrap_or_else(|| "system".to_owned()));
            return Heard::new(kind, body, Value::Null, Input::Nothing);
        }
        "request_welcome" => {
            let body = "[opened the chat]".to_owned();
            return Heard::new(kind, body, Value::Null, Input::Opened);
        }
        _ => {}
    }
    if let Some(tap) = message.interactive {
        if let Some(reply) = tap.button_reply.or(tap.list_reply) {
            return Heard::tap(kind, reply.id, reply.title);
        }
        if let Some(form) = tap.nfm_reply {
            return form_of(kind, &form);
        }
        let what = tap.kind.unwrap_or_else(|| kind.to_owned());
        // A permission to call, or a kind that is newer than this program. Both ask nothing.
        return Heard::new(kind, format!("[{what}]"), Value::Null, Input::Nothing);
    }
    if let Some(tap) = message.button {
        let (id, title) = (
            tap.payload.unwrap_or_default(),
            tap.text.unwrap_or_default(),
        );
        return Heard::tap(kind, id, title);
    }
    if let Some(text) = message.text {
        return Heard::text(text.body);
    }
    if let Some(order) = message.order {
        return order_of(&order);
    }
    if let Some(location) = &message.location {
        return Heard::place(&Place::of(location));
    }
    if !message.contacts.is_empty() {
        let cards = message.contacts.into_iter().map(|card| {
            let phones = card
                .phones
                .into_iter()
                .filter_map(|one| one.phone.or(one.wa_id));
            let emails = card.emails.into_iter().filter_map(|one| one.email);
            let name = card.name.as_ref().and_then(CardName::whole);
            let company = card.org.and_then(|org| org.company);
            let name = name.or(company.filter(|company| !company.trim().is_empty()));
            (name, phones.chain(emails).collect())
        });
        return Heard::cards(&cards.collect::<Vec<_>>());
    }
    let files = [
        ("image", message.image),
        ("video", message.video),
        ("document", message.document),
        ("audio", message.audio),
        ("sticker", message.sticker),
    ];
    let file = files
        .into_iter()
        .find_map(|(name, file)| Some((name, file?)));
    if let Some((name, file)) = file {
        return file_of(name, file);
    }
    let error = message.errors.into_iter().find_map(|error| error.title);
    let what = message.unsupported.and_then(|one| one.kind).or(error);
    Heard::unknown(kind, what.as_deref())
}

fn file_of(kind: &str, file: Attachment) -> Heard {
    let name = match (kind, &file.filename) {
        ("audio", _) if file.voice == Some(true) => "[voice message]".to_owned(),
        (kind, Some(name)) => format!("[{kind}: {}]", fit(name, 200)),
        (kind, None) => format!("[{kind}]"),
    };
    let content =
        json!({"media_id": file.id, "mime_type": file.mime_type, "filename": file.filename});
    let attached = file.id.map(|id| {
        let at = AttachedAt::WhatsApp {
            id,
            sha256: file.sha256,
        };
        let (mime, name) = (file.mime_type.as_deref(), file.filename.as_deref());
        Attached::new(kind, mime, name, at)
    });
    Heard::file(kind, &name, file.caption, content, attached)
}

fn order_of(order: &Order) -> Heard {
    let mut all: Vec<String> = order
        .product_items
        .iter()
        .map(|item| {
            let quantity = item.quantity.as_deref().unwrap_or("1");
            let each = match (&item.item_price, &item.currency) {
                (Some(price), Some(currency)) => format!(", {price} {currency} each"),
                (Some(price), None) => format!(", {price} each"),
                _ => String::new(),
            };
            format!("🛒 {quantity} × {}{each}", item.product_retailer_id)
        })
        .collect();
    all.extend(order.text.clone().filter(|text| !text.trim().is_empty()));
    if all.is_empty() {
        all.push("🛒".to_owned());
    }
    let items = order.product_items.iter().map(|item| {
        json!({
            "product": item.product_retailer_id, "quantity": item.quantity, "price": item.item_price,
            "currency": item.currency,
        })
    });
    let content = json!({
        "catalog_id": order.catalog_id, "text": order.text, "items": items.collect::<Vec<_>>(),
    });
    Heard::new("order", all.join("\n"), content, Input::Order)
}

fn form_of(kind: &str, form: &FormReply) -> Heard {
    let answers: Value = match &form.response_json {
        // JSON in JSON: nobody has cleaned its escapes yet.
        Value::String(text) => serde_json::from_str(&lenient(text))
            .unwrap_or_else(|_| Value::String(text.replace('\0', ""))),
        other => other.clone(),
    };
    let mut shown = answers.clone();
    if let Value::Object(fields) = &mut shown {
        // This program made the token. It means nothing to people.
        fields.remove("flow_token");
    }
    let mut all = Vec::new();
    lines("", &shown, &mut all);
    if all.is_empty() {
        let title = form.body.clone().or_else(|| form.name.clone());
        all.push(title.unwrap_or_else(|| "form".to_owned()));
    }
    let body = format!("📝 {}", all.join("\n"));
    let content = json!({"form": form.name, "answers": answers});
    Heard::new(kind, body, content, Input::Form)
}
