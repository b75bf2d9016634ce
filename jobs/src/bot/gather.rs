//! Gathers the lines of a question. People write a question in several messages, and it gets one answer.
//!
//! Each line stores itself in the state of the conversation and enqueues a [`Gather`] for the end of its own wait. The
//! `Gather` of a line that is not the last does nothing, because a later one follows. So nothing has to be rescheduled,
//! and a process may die at any time: the transaction that takes the lines out of the state enqueues their answer.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::reply::Reply;
use crate::{
    Context, Work,
    conversations::{self, ConversationId, Gathered, MessageId, State},
    pools,
};

/// The longest wait from the first line on. A customer who goes on writing gets an answer between.
const LONGEST_SECONDS: i64 = 15;
/// Lines of one question. More are another question.
const LINES: usize = 20;

/// Lets a model answer once the customer has been silent since a line.
#[derive(Debug, Serialize, Deserialize)]
pub struct Gather {
    pub workspace: WorkspaceId,
    pub conversation: ConversationId,
    pub line: MessageId,
    /// The customer's sequence, for the answer.
    pub sequence: Option<String>,
}

/// What follows a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Wait(Timestamp),
    /// The question is whole. These are the lines before this one.
    Ask(Vec<MessageId>),
}

/// Adds a line to the question.
pub(super) fn add(state: &mut State, line: MessageId, now: Timestamp, wait: TimeDelta) -> Next {
    let gathered = state.gathered.get_or_insert_with(|| Gathered {
        since: now,
        lines: Vec::new(),
    });
    let until = (now + wait).min(gathered.since + TimeDelta::seconds(LONGEST_SECONDS));
    if until > now && gathered.lines.len() + 1 < LINES {
        gathered.lines.push(line);
        return Next::Wait(until);
    }
    Next::Ask(state.gathered.take().map_or_else(Vec::new, |one| one.lines))
}

impl Job for Gather {
    type Context = Context;
    const NAME: &'static str = "bot.gather";
    const POOL: Pool = pools::INTERACTIVE;

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        // The lock keeps out the customer's next line, which is not in this job's sequence.
        if conversations::lock_chat(&mut work, self.conversation)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let mut state = conversations::state(&mut work, self.conversation).await?;
        let is_last = |one: &mut Gathered| one.lines.last() == Some(&self.line);
        let Some(mut gathered) = state.gathered.take_if(is_last) else {
            return Ok(());
        };
        gathered.lines.pop();
        conversations::set_state(&mut work, self.conversation, &state).await?;
        let reply = Reply {
            workspace: self.workspace,
            conversation: self.conversation,
            message: self.line,
            earlier: gathered.lines,
        };
        reply
            .enqueue_first(&mut work, self.sequence.as_deref())
            .await?;
        work.commit().await?;
        kazi_queue::ring(pools::AI);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
