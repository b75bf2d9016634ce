//! Green API's messages.

use kazi_clients::greenapi::webhook::{Card, MessageData, Poll};
use serde_json::{Value, json};

use super::{Attached, AttachedAt, Heard, Input, Place};
use crate::conversations::fit;

/// Reads a message. The kinds get Meta's names.
pub(crate) fn heard(data: MessageData) -> Heard {
    let quoted = data
        .quoted_message
        .clone()
        .and_then(|quoted| quoted.stanza_id);
    if data.type_message == "reactionMessage" {
        let sign = data.text().unwrap_or_default().to_owned();
        return Heard::reaction(&sign, quoted.as_deref());
    }
    let heard = read(data);
    match quoted {
        Some(quoted) => heard.with("quoted", None, quoted.into()),
        None => heard,
    }
}

fn read(data: MessageData) -> Heard {
    let kind = data.type_message.as_str();
    if kind == "editedMessage" || data.edited_message_data.is_some() {
        let new = data.text().map(str::to_owned);
        let (of, text) = data
            .edited_message_data
            .map_or((None, None), |edit| (edit.stanza_id, edit.text_message));
        return Heard::edit(of, text.or(new));
    }
    if kind == "deletedMessage" || data.deleted_message_data.is_some() {
        let of = data
            .deleted_message_data
            .and_then(|deleted| deleted.stanza_id);
        return Heard::deleted(of);
    }
    if let Some(menu) = &data.choice
        && let Some(offered) = menu.offered()
    {
        // What a person forwards is from that person.
        let said = match menu.is_forwarded() {
            true => Input::Kept,
            false => Input::Offered,
        };
        return Heard {
            attached: true,
            ..Heard::new("interactive", offered, Value::Null, said)
        };
    }
    if let Some(choice) = &data.choice
        && let Some(id) = choice.id().or_else(|| choice.title())
    {
        let title = choice.title().unwrap_or(id);
        return Heard::tap("interactive", id.to_owned(), title.to_owned());
    }
    if let Some(poll) = &data.poll_message_data {
        return poll_of(poll, kind == "pollUpdateMessage");
    }
    if let Some(place) = data
        .location_message_data
        .as_ref()
        .or(data.live_location_message_data.as_ref())
    {
        return Heard::place(&Place::of(place));
    }
    let inner = data.message_data.as_deref();
    let cards: Vec<&Card> = data
        .contact_message_data
        .iter()
        .chain(&data.contacts)
        .chain(inner.into_iter().flat_map(|inner| &inner.contacts))
        .collect();
    if !cards.is_empty() {
        let cards = cards.into_iter().map(|card| {
            let ways = card.ways().map(str::to_owned).collect();
            (card.name(), ways)
        });
        return Heard::cards(&cards.collect::<Vec<_>>());
    }
    if let Some(invite) = &data.group_invite_message_data {
        let body = format!("[invitation to the group {}]", fit(&invite.group_name, 100));
        return Heard {
            attached: true,
            ..Heard::new("group_invite", body, Value::Null, Input::Kept)
        };
    }
    let of_file = data.file_message_data.is_some();
    let text = data.text().unwrap_or_default().to_owned();
    let file = match kind {
        "imageMessage" => "image",
        "videoMessage" => "video",
        "documentMessage" => "document",
        "audioMessage" => "audio",
        "stickerMessage" => "sticker",
        other if of_file => other,
        other if text.trim().is_empty() => return Heard::unknown(other, None),
        _ => return Heard::text(text),
    };
    let named = data.file_message_data;
    let there = named.is_some();
    let (filename, url, mime) = named.map_or((None, None, None), |file| {
        (file.file_name, file.download_url, file.mime_type)
    });
    let name = match (file, &filename) {
        // The names of other files are made up by Green API.
        ("document", Some(name)) => format!("[document: {}]", fit(name, 200)),
        (kind, _) => format!("[{kind}]"),
    };
    let content = json!({"url": url, "mime_type": mime, "filename": filename});
    let attached = there.then(|| {
        let at = AttachedAt::GreenApi { url };
        Attached::new(file, mime.as_deref(), filename.as_deref(), at)
    });
    Heard::file(file, &name, Some(text), content, attached)
}

fn poll_of(poll: &Poll, voted: bool) -> Heard {
    let chosen = poll
        .votes
        .iter()
        .filter(|one| !one.option_voters.is_empty());
    let names: Vec<&str> = match voted {
        true => chosen.map(|one| one.option_name.as_str()).collect(),
        false => poll
            .options
            .iter()
            .map(|one| one.option_name.as_str())
            .collect(),
    };
    let body = format!(
        "📊 {}: {}",
        fit(&poll.name, 300),
        fit(&names.join(", "), 1_000)
    );
    let content = json!({"poll": poll.name, "options": names, "vote": voted});
    match voted {
        true => Heard::new("poll_vote", body, content, Input::Nothing),
        false => Heard {
            attached: true,
            ..Heard::new("poll", body, content, Input::Kept)
        },
    }
}
