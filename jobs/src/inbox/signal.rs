//! Tells the provider that the customer's messages are read, or that a member writes an answer.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, WorkspaceId};
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};

use crate::{
    Context, Work,
    channels::ChannelId,
    conversations::{self, ConversationId},
    messages, pools,
};

/// Providers show the typing for at most 25 seconds: a later sign of it would be wrong.
const TYPING_SECONDS: i64 = 25;

#[derive(Debug, Serialize, Deserialize)]
pub struct Signal {
    pub workspace: WorkspaceId,
    pub conversation: ConversationId,
    pub channel: ChannelId,
    pub typing: bool,
    pub at: Timestamp,
}

impl Job for Signal {
    type Context = Context;
    const NAME: &'static str = "inbox.signal";
    const POOL: Pool = pools::WHATSAPP;

    fn options(&self) -> Options {
        let key = format!("{}:{}", self.conversation, self.typing);
        Options::default()
            .tenant(self.workspace)
            .unique(key, Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        if self.typing && ctx.clock.now() - self.at > TimeDelta::seconds(TYPING_SECONDS) {
            return Ok(());
        }
        let mut work = Work::of(ctx, self.workspace).await?;
        let conversation = conversations::get(&mut work, self.conversation).await?;
        let message = messages::last_heard(&mut work, self.conversation).await?;
        // The directory needs a connection of its own.
        drop(work);
        let (Some(conversation), Some(message)) = (conversation, message) else {
            return Ok(());
        };
        let channel = ctx.channels().by_id(self.channel).await;
        let channel = channel.map_err(|error| JobError::retry("channel", error))?;
        let Some(channel) = channel.filter(|channel| channel.active) else {
            return Ok(());
        };
        let peer = &conversation.peer;
        if messages::signal(ctx, &channel, peer, &message, self.typing)
            .await
            .is_err()
        {
            // Nobody misses a sign enough to send it late.
            tracing::warn!(conversation.id = %self.conversation, channel.id = %self.channel, typing = self.typing,
                           "the provider does not take a read receipt or a typing indicator");
        }
        Ok(())
    }
}
