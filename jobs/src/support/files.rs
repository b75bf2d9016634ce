//! The files of tickets: pictures that a customer sends, and what members attach to an answer or a note. They lie in the
//! store of [media](crate::media); a ticket names them.

use std::collections::BTreeSet;

use kazi_clients::whatsapp::Body;

use super::{TicketError, TicketMessage, TicketMessageId, store};
use crate::{
    Work,
    channels::ChannelKind,
    contacts::ContactId,
    conversations::MessageId,
    media::{self, MediaId},
    messages::media_of,
    violations::Violations,
};

/// Files of one message.
const MAX_FILES: usize = 5;

/// Checks how many files a member gives.
pub(super) fn check(violations: &mut Violations, files: &[MediaId]) {
    let rule = format!("must be at most {MAX_FILES} files");
    violations.unless(files.len() <= MAX_FILES, "/media_ids", "too_many", rule);
    let mut seen = BTreeSet::new();
    for (place, file) in files.iter().enumerate() {
        let pointer = format!("/media_ids/{place}");
        violations.unless(seen.insert(file.uuid()), pointer, "twice", "is there twice");
    }
}

/// Takes a member's files for a contact. `channel` is the kind that carries them to the contact; without one they stay with
/// the members. Returns the messages that bring them.
pub(super) async fn take(
    work: &mut Work,
    files: &[MediaId],
    contact: ContactId,
    channel: Option<ChannelKind>,
) -> Result<Vec<Body>, TicketError> {
    let mut violations = Violations::default();
    let mut bodies = Vec::with_capacity(files.len());
    for (place, id) in files.iter().enumerate() {
        let file = media::use_for(work, *id, contact).await?;
        let file = file.and_then(|file| {
            channel.map_or(Ok(()), |channel| file.check(channel))?;
            Ok(file)
        });
        let taken = violations.take(&format!("/media_ids/{place}"), file);
        bodies.extend(taken.map(|file| file.message(None)));
    }
    violations.end()?;
    Ok(bodies)
}

/// Adds files to a message of a ticket, and shows them in it.
pub(super) async fn attach(
    work: &mut Work,
    message: &mut TicketMessage,
    files: &[MediaId],
) -> Result<(), sqlx::Error> {
    if files.is_empty() {
        return Ok(());
    }
    store::attach(work, message.id, files).await?;
    let states = media::states(work, files).await?;
    let of = |id: &MediaId| states.get(id).cloned();
    message.media = files.iter().filter_map(of).collect();
    Ok(())
}

/// Adds the file of a chat's message, if it has brought one, to the line that it has become. Returns true when it has.
pub(super) async fn attach_said(
    work: &mut Work,
    line: TicketMessageId,
    said: MessageId,
) -> Result<bool, sqlx::Error> {
    let file = media_of(said);
    if media::states(work, &[file]).await?.is_empty() {
        return Ok(false);
    }
    store::attach(work, line, &[file]).await?;
    Ok(true)
}

/// Shows the files of messages.
pub(super) async fn fill(
    work: &mut Work,
    messages: &mut [TicketMessage],
) -> Result<(), sqlx::Error> {
    let ids: Vec<_> = messages.iter().map(|message| message.id).collect();
    let named = store::files_of(work, &ids).await?;
    let files: Vec<MediaId> = named.iter().map(|(_, file)| *file).collect();
    let states = media::states(work, &files).await?;
    for (message, file) in named {
        let into = messages.iter_mut().find(|one| one.id == message);
        let state = states.get(&file);
        if let (Some(into), Some(state)) = (into, state) {
            into.media.push(state.clone());
        }
    }
    Ok(())
}
