//! Notes of members about a conversation. The customer never gets them.

use super::{InboxError, Note, NoteId, store};
use crate::{
    Work,
    audit::Change,
    conversations::{ConversationId, KIND},
    violations::Violations,
};

const NOTE_LIMIT: usize = 4_000;

pub async fn write_note(
    work: &mut Work,
    conversation: ConversationId,
    body: &str,
) -> Result<Note, InboxError> {
    let mut violations = Violations::default();
    violations.text("/body", body, 1, NOTE_LIMIT);
    violations.end()?;
    let note = Note {
        id: NoteId::at(work.now()),
        conversation_id: conversation,
        author_id: work.actor().id,
        body: body.trim().to_owned(),
        created_at: work.now(),
    };
    store::insert_note(work, &note).await?;
    // Without the text: it tells of a person, and the log outlives their erasure.
    let written = serde_json::json!({"note_id": note.id});
    work.audit(&Change::created(
        "inbox.note",
        (KIND, conversation),
        &written,
    ))
    .await?;
    Ok(note)
}
