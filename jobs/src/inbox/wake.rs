//! Ends a snooze.

use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};

use super::chats::tell_awake;
use crate::{
    Context, Work,
    conversations::{self, Chat, ConversationId, save_chat},
    pools,
};

/// Due at the end of the snooze.
#[derive(Debug, Serialize, Deserialize)]
pub struct Wake {
    pub workspace: WorkspaceId,
    pub conversation: ConversationId,
    /// The snooze that this job is for. With another one, or none, the job does nothing.
    pub until: Timestamp,
}

impl Job for Wake {
    type Context = Context;
    const NAME: &'static str = "inbox.wake";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> Options {
        let key = format!("{}:{}", self.conversation, self.until.timestamp_micros());
        Options::default()
            .tenant(self.workspace)
            .unique(key, Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(chat) = conversations::lock_chat(&mut work, self.conversation).await? else {
            tracing::warn!(conversation.id = %self.conversation, "a snoozed conversation is gone");
            return Ok(());
        };
        // The snooze was changed or has ended, or this is a second run.
        if chat.closed || chat.snoozed_until != Some(self.until) {
            return Ok(());
        }
        let chat = Chat {
            snoozed_until: None,
            ..chat
        };
        save_chat(&mut work, &chat).await?;
        tell_awake(&mut work, &chat).await?;
        work.commit().await?;
        Ok(())
    }
}
