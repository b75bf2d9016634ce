//! Completes a feedback: with the customer's words, or without them after an hour.

use chrono::TimeDelta;
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Running, Unique};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Feedback, FeedbackId, FeedbackStatus,
    model::{BEST, LOW},
    settings::settings,
    store,
};
use crate::{
    Context, Work,
    endpoints::{Type, announce},
    notifications::{self, Kind, Notification},
    orders, pools,
    support::{self, NewTicket, TicketError, TicketId},
    workspaces,
};

/// Time that a customer has to write words, and to tap another score.
pub(super) const WORDS_WAIT: TimeDelta = TimeDelta::hours(1);
/// Characters of a comment.
const COMMENT_LIMIT: usize = 4_000;

/// Due an hour after the score.
#[derive(Debug, Serialize, Deserialize)]
pub struct Conclude {
    pub workspace: WorkspaceId,
    pub feedback: FeedbackId,
}

impl Job for Conclude {
    type Context = Context;
    const NAME: &'static str = "feedback.conclude";
    const POOL: Pool = pools::DEFAULT;

    fn options(&self) -> Options {
        Options::default()
            .tenant(self.workspace)
            .unique(self.feedback.to_string(), Unique::WhileUnfinished)
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let found = store::lock(&mut work, self.feedback).await?;
        // The customer has written words, or this is a second run.
        let Some(one) = found.filter(|one| one.status == FeedbackStatus::Scored) else {
            return Ok(());
        };
        conclude(&mut work, one, None).await?;
        Ok(work.commit().await?)
    }
}

/// Completes a locked feedback that has a score. A low score opens a ticket, and the members are told of it.
pub(super) async fn conclude(
    work: &mut Work,
    mut one: Feedback,
    words: Option<&str>,
) -> Result<(), JobError> {
    let score = one.score.unwrap_or(BEST);
    one.status = FeedbackStatus::Given;
    one.given_at = Some(work.now());
    one.comment = words.map(readable).filter(|words| !words.is_empty());
    if score <= LOW {
        if settings(work).await?.settings.low_opens_ticket {
            one.ticket_id = open_ticket(work, &one, score).await?;
        }
        let data = json!({"feedback": one.id, "ticket": one.ticket_id});
        let notification = Notification {
            kind: Kind::FEEDBACK_LOW,
            title: &format!("A customer has given {score} of {BEST}."),
            data: &data,
        };
        let to = workspaces::assignee_or_all(work, None).await?;
        notifications::notify(work, to, &notification).await?;
    }
    store::save(work, &one).await?;
    announce(work, Type::FEEDBACK_GIVEN, one.id).await?;
    metrics::counter!("kazi_feedback_given_total", "score" => score.to_string()).increment(1);
    Ok(())
}

/// A customer's text, as a comment and a ticket take it.
fn readable(words: &str) -> String {
    let plain = words.trim().chars().take(COMMENT_LIMIT);
    plain
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect()
}

async fn open_ticket(
    work: &mut Work,
    one: &Feedback,
    score: i16,
) -> Result<Option<TicketId>, JobError> {
    let about = match one.order_id {
        Some(id) => match orders::order(work, id).await? {
            Some(order) => format!("order {}", order.number),
            None => "an order".to_owned(),
        },
        None => "a booking".to_owned(),
    };
    let subject = format!("{score} of {BEST} for {about}");
    let message = one.comment.clone();
    let message = message.unwrap_or_else(|| format!("The customer gave {subject}."));
    let new = NewTicket {
        category: Some("feedback".to_owned()),
        ..NewTicket::plain(one.contact_id, subject, message)
    };
    match support::open(work, &new).await {
        Ok(ticket) => Ok(Some(ticket.id)),
        Err(TicketError::Database(error)) => Err(error.into()),
        Err(TicketError::Enqueue(error)) => Err(error.into()),
        // The contact was deleted meanwhile.
        Err(error) => {
            tracing::warn!(feedback.id = %one.id, "a low score opens no ticket: {error}");
            Ok(None)
        }
    }
}
