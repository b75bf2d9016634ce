//! Finds messages whose job has ended without a word about them, and says that they have failed.
//!
//! A job normally ends its message in a transaction of its own. It cannot when staff cancels it, when its process dies in its
//! last attempt, or when it becomes a dead letter before its request. The message would wait for ever, with the credits that
//! it has reserved, and its campaign would never end.

use std::{collections::HashMap, time::Duration};

use chrono::TimeDelta;
use kazi_queue::{
    Job, JobError, Pool, Running,
    inspect::{self, About, State},
};
use serde::{Deserialize, Serialize};

use super::{
    Send, Status, hooks,
    model::Undelivered,
    store::{
        self,
        lost::{self, Waiting},
    },
};
use crate::{Across, Context, Work, pools};

/// Younger messages are not looked at: nearly all of them leave by themselves.
const WAITED_MINUTES: i64 = 15;
/// Messages at a time. For each so many, the queue reads all jobs that send.
const PAGE: i64 = 20_000;
/// The field of [`Send`] that names its message.
const FIELD: &str = "message";

/// Runs every quarter of an hour.
#[derive(Debug, Serialize, Deserialize)]
pub struct FindLost {}

impl Job for FindLost {
    type Context = Context;
    const NAME: &'static str = "messages.find_lost";
    const POOL: Pool = pools::BULK;
    const TIMEOUT: Duration = Duration::from_secs(600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let since = ctx.clock.now() - TimeDelta::minutes(WAITED_MINUTES);
        let mut after = None;
        loop {
            // Messages wait in any workspace, and few wait for long. So one query looks at all of them, and their jobs are
            // looked for after that: a job that sends its message meanwhile has changed the row before it ended.
            let mut across = Across::of(ctx).await?;
            let page = lost::waiting_since(across.conn(), since, after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = Some(last.id);
            let ids: Vec<String> = page.iter().map(|one| one.id.to_string()).collect();
            let jobs = inspect::about(across.conn(), Send::NAME, FIELD, &ids).await?;
            across.commit().await?;
            let mut states: HashMap<String, About> = HashMap::new();
            for job in jobs {
                // One that has not ended counts before a dead letter.
                let known = states.get(&job.value);
                if known.is_none_or(|known| known.state == State::Dead) {
                    states.insert(job.value.clone(), job);
                }
            }
            for (message, id) in page.iter().zip(&ids) {
                let dead = match states.get(id) {
                    Some(job) if job.state != State::Dead => continue,
                    Some(letter) => Some(letter.id.0),
                    None => None,
                };
                give_up(ctx, message, dead).await?;
            }
        }
    }
}

/// Says that a message has failed, if it still waits. With its dead letter an operator can send it again.
async fn give_up(ctx: &Context, message: &Waiting, dead: Option<i64>) -> Result<(), JobError> {
    let mut work = Work::of(ctx, message.workspace).await?;
    if let Some(campaign) = message.campaign {
        // The campaign's row is locked before the message's, as in a stop of the campaign.
        hooks::lock(&mut work, campaign).await?;
    }
    let Some(status) = lost::lock_waiting(&mut work, message.id).await? else {
        return Ok(());
    };
    let words = match (status, dead) {
        (Status::Sending, _) => "its job ended before the provider answered: it may have arrived",
        (_, Some(_)) => "its job has failed before it was sent",
        (_, None) => "its job was cancelled before it was sent",
    };
    let why = Undelivered {
        code: None,
        words,
        dead_letter: dead,
    };
    store::fail(&mut work, message.id, &why).await?;
    tracing::warn!(message.id = %message.id, "a message has failed: {words}");
    Ok(work.commit().await?)
}
