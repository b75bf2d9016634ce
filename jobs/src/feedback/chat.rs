//! The scene of the answers: a tap on a score, then words, or a tap to skip them.

use kazi_clients::whatsapp::ListRow;
use kazi_queue::{Job, JobError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Conclude, Feedback, FeedbackId, FeedbackStatus,
    conclude::{WORDS_WAIT, conclude},
    model::BEST,
    store,
};
use crate::{
    Work,
    conversations::{Heard, Say, Talk, TalkReply},
    locale,
};

/// The name of the scene. It is stored with the conversation.
pub(super) const SCENE: &str = "feedback";
/// The choice to write nothing.
const SKIP: &str = "skip";

/// The tap on a score.
pub(super) fn tap(id: FeedbackId, score: i16) -> String {
    format!("{SCENE}:{id}:{score}")
}

/// What the scene remembers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct At {
    feedback: FeedbackId,
}

/// Answers the customer. Returns `None` when the message is not for this scene.
pub(super) async fn hear(
    work: &mut Work,
    talk: &Talk<'_>,
    at: Option<&Value>,
    heard: Heard<'_>,
) -> Result<Option<TalkReply>, JobError> {
    let held = at.and_then(|at| serde_json::from_value::<At>(at.clone()).ok());
    let (id, answer) = match heard {
        Heard::Opened => return Ok(None),
        Heard::Tap(tap) => {
            let Some((id, choice)) = tap.split_once(':') else {
                return Ok(None);
            };
            let Ok(id) = id.parse() else {
                return Ok(None);
            };
            match score_of(choice) {
                Some(score) => (id, Answer::Score(score)),
                None if choice == SKIP => (id, Answer::Words(None)),
                None => return Ok(None),
            }
        }
        Heard::Text(words) => {
            let Some(At { feedback }) = held else {
                return Ok(None);
            };
            let skip = text(talk, "feedback-skip", &[]).to_lowercase();
            match score_of(words.trim()) {
                Some(score) => (feedback, Answer::Score(score)),
                None if words.trim().to_lowercase() == skip => (feedback, Answer::Words(None)),
                None => (feedback, Answer::Words(Some(words))),
            }
        }
        Heard::File { words, .. } => {
            let Some(At { feedback }) = held else {
                return Ok(None);
            };
            (feedback, Answer::Words(Some(words)))
        }
    };
    let found = store::lock(work, id).await?;
    // A customer does not find the feedback of others.
    let Some(one) = found.filter(|one| one.contact_id == talk.contact.id) else {
        return Ok(None);
    };
    match answer {
        Answer::Score(score) => scored(work, talk, one, score).await,
        Answer::Words(words) => said(work, talk, one, words, matches!(heard, Heard::Tap(_))).await,
    }
}

enum Answer<'a> {
    Score(i16),
    /// `None`: the customer wants to say nothing.
    Words(Option<&'a str>),
}

fn score_of(choice: &str) -> Option<i16> {
    let score = choice.parse().ok();
    score.filter(|score| (1..=BEST).contains(score))
}

/// Takes a score, or another one before the words, and asks for words.
async fn scored(
    work: &mut Work,
    talk: &Talk<'_>,
    mut one: Feedback,
    score: i16,
) -> Result<Option<TalkReply>, JobError> {
    match one.status {
        FeedbackStatus::Skipped => return Ok(None),
        FeedbackStatus::Given => return Ok(Some(ends(talk, "feedback-known"))),
        FeedbackStatus::Asked => {
            one.status = FeedbackStatus::Scored;
            one.scored_at = Some(work.now());
            let job = Conclude {
                workspace: work.workspace(),
                feedback: one.id,
            };
            let due = work.now() + WORDS_WAIT;
            job.enqueue_with(work.conn(), job.options().due(due))
                .await?;
        }
        FeedbackStatus::Scored => {}
    }
    one.score = Some(score);
    store::save(work, &one).await?;
    let said = score.to_string();
    let skip = ListRow {
        id: format!("{SCENE}:{}:{SKIP}", one.id),
        title: text(talk, "feedback-skip", &[]),
        description: None,
    };
    Ok(Some(TalkReply {
        says: vec![Say::Choice {
            text: text(talk, "feedback-words", &[("score", &said)]),
            rows: vec![skip],
        }],
        next: Some(json!({"feedback": one.id})),
    }))
}

/// Takes the words, and thanks. After some time a text is about something else, and the bot answers it.
async fn said(
    work: &mut Work,
    talk: &Talk<'_>,
    one: Feedback,
    words: Option<&str>,
    tapped: bool,
) -> Result<Option<TalkReply>, JobError> {
    let late = one.scored_at.is_none_or(|at| work.now() - at > WORDS_WAIT);
    match one.status {
        FeedbackStatus::Scored if !late || tapped => {
            conclude(work, one, words).await?;
            Ok(Some(ends(talk, "feedback-thanks")))
        }
        FeedbackStatus::Given if tapped => Ok(Some(ends(talk, "feedback-thanks"))),
        _ => Ok(None),
    }
}

fn ends(talk: &Talk<'_>, key: &str) -> TalkReply {
    TalkReply {
        says: vec![Say::Text(text(talk, key, &[]))],
        next: None,
    }
}

fn text(talk: &Talk<'_>, key: &str, fill: &[(&'static str, &str)]) -> String {
    locale::text(talk.language, key, fill)
}
