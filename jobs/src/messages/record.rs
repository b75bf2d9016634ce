//! Stores a message that comes in, or that the business writes without this program, and has its file fetched.

use kazi_platform::Timestamp;
use kazi_queue::EnqueueError;
use serde_json::{Value, json};

use super::{
    NewInbound,
    heard::Attached,
    store::{self, changes::NewEcho},
};
use crate::{
    Work,
    conversations::{Conversation, MessageId},
    media::{self, MediaId, NewIncoming},
};

/// Stores an inbound message. Returns `false` when it is stored already.
pub(crate) async fn record_in(
    work: &mut Work,
    mut new: NewInbound<'_>,
) -> Result<bool, EnqueueError> {
    new.content = with_media(new.content, new.id, new.file);
    let is_new = store::record_in(work, &new).await?;
    if is_new {
        let message = (new.id, new.provider_id);
        expect(work, new.conversation, message, new.file, new.at).await?;
    }
    Ok(is_new)
}

/// Stores a message that the business wrote without this program. Returns `false` when it is stored already, or when
/// the provider's id belongs to a message of this program.
pub(crate) async fn record_echo(
    work: &mut Work,
    mut new: NewEcho<'_>,
) -> Result<bool, EnqueueError> {
    new.content = with_media(new.content, new.id, new.file);
    let is_new = store::changes::record_echo(work, &new).await?;
    if is_new {
        let message = (new.id, new.provider_id);
        expect(work, new.conversation, message, new.file, new.at).await?;
    }
    Ok(is_new)
}

/// The id of the file that a message brings. A message brings one at most, so its own id gives the file's.
pub(crate) fn media_of(message: MessageId) -> MediaId {
    MediaId::derived(message.uuid(), 0)
}

fn with_media(mut content: Value, message: MessageId, file: Option<&Attached>) -> Value {
    if file.is_some() && content.is_object() {
        content["media"] = json!(media_of(message));
    }
    content
}

/// Has the file of a new message fetched, if it brings one.
async fn expect(
    work: &mut Work,
    conversation: &Conversation,
    (message, provider_id): (MessageId, &str),
    file: Option<&Attached>,
    at: Timestamp,
) -> Result<(), EnqueueError> {
    let Some(file) = file else {
        return Ok(());
    };
    let new = NewIncoming {
        id: media_of(message),
        contact: conversation.contact,
        channel: conversation.channel,
        message: message.uuid(),
        file: file.named.clone(),
        source: file.source(&conversation.peer, provider_id),
        at,
    };
    media::expect(work, &new).await
}
