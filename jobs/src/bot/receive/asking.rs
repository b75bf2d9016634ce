//! How a model comes to answer: at once, or when the customer has written all lines of the question.

use kazi_queue::{Job, JobError, Running};

use super::Exchange;
use crate::{
    Work,
    bot::{
        gather::{self, Gather, Next},
        reply::Reply,
    },
    conversations::{MessageId, State},
    workspaces,
};

impl Exchange<'_> {
    /// Lets a model answer a line, together with those before it and after it.
    pub(super) async fn gather(
        &self,
        work: &mut Work,
        job: &Running,
        state: &mut State,
    ) -> Result<(), JobError> {
        let business = workspaces::view(work).await;
        let business = business.map_err(|error| JobError::retry("workspace", error))?;
        match gather::add(state, self.message, self.now, business.settings.gather()) {
            Next::Wait(until) => {
                let gather = Gather {
                    workspace: self.event.workspace,
                    conversation: self.conversation.id,
                    line: self.message,
                    sequence: job.sequence.clone(),
                };
                let options = gather.options().tenant(gather.workspace).due(until);
                gather.enqueue_with(work.conn(), options).await?;
                Ok(())
            }
            Next::Ask(earlier) => self.ask(work, job, self.message, earlier).await,
        }
    }

    /// Enqueues the answer of a model.
    pub(super) async fn ask(
        &self,
        work: &mut Work,
        job: &Running,
        message: MessageId,
        earlier: Vec<MessageId>,
    ) -> Result<(), JobError> {
        let reply = Reply {
            workspace: self.event.workspace,
            conversation: self.conversation.id,
            message,
            earlier,
        };
        reply.enqueue_first(work, job.sequence.as_deref()).await
    }
}
