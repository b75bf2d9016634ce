//! Applies many plain statuses in one statement: sent, delivered or read, with our id.

use std::collections::{BTreeMap, HashSet, btree_map::Entry};

use kazi_clients::{json, whatsapp::webhook};
use kazi_platform::Timestamp;
use kazi_queue::JobError;

use super::{ApplyStatus, becomes, count, update};
use crate::{
    Across, Context,
    channels::{self, ChannelId, ChannelKind, Event, WebhookEventId},
    conversations::MessageId,
    messages::{Status, StatusUpdate, store::bulk},
};

/// The newest status of one message, from several events.
#[derive(Clone, Debug)]
pub(in crate::messages) struct Report {
    /// The furthest status.
    pub status: Status,
    pub provider_id: String,
    /// The earliest time.
    pub at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub read_at: Option<Timestamp>,
}

impl Report {
    pub(super) fn of(update: &StatusUpdate<'_>) -> Self {
        let at = |status| (update.status == status).then_some(update.at);
        Self {
            status: update.status,
            provider_id: update.provider_id.to_owned(),
            at: update.at,
            sent_at: at(Status::Sent),
            delivered_at: at(Status::Delivered),
            read_at: at(Status::Read),
        }
    }

    /// Adds a later event.
    fn add(&mut self, later: Self) {
        if self.status.may_become(later.status) {
            self.status = later.status;
        }
        self.sent_at = self.sent_at.or(later.sent_at);
        self.delivered_at = self.delivered_at.or(later.delivered_at);
        self.read_at = self.read_at.or(later.read_at);
    }
}

impl ApplyStatus {
    /// Applies the plain statuses in one statement. Others get a job of their own: failures, unreadable events, events
    /// without our id, and messages that are not stored yet.
    pub(super) async fn together(
        &self,
        ctx: &Context,
        ids: &[WebhookEventId],
    ) -> Result<(), JobError> {
        // As the platform, although each statement names its workspace. The tenant's policy would add a condition, and
        // with it the plan for a new partition without statistics reads all messages of the workspace.
        let mut work = Across::in_bulk(ctx).await?.within(self.workspace);
        let events = channels::events(&mut work, ids).await?;
        let mut alone = Vec::new();
        let mut plain: BTreeMap<ChannelId, BTreeMap<MessageId, Report>> = BTreeMap::new();
        let (mut about, mut applied) = (Vec::new(), Vec::new());
        for event in &events {
            match plain_news(event) {
                Plain::Update(message, report) => {
                    about.push((event.id, message, report.status));
                    let reports = plain.entry(event.channel).or_default();
                    match reports.entry(message) {
                        Entry::Vacant(entry) => {
                            entry.insert(report);
                        }
                        Entry::Occupied(mut entry) => entry.get_mut().add(report),
                    }
                }
                Plain::Nothing => {}
                Plain::More => alone.push(event.id),
            }
        }
        let mut known = HashSet::new();
        for (channel, reports) in &plain {
            let of = bulk::apply(&mut work, *channel, reports).await?;
            known.extend(of);
        }
        for (event, message, status) in about {
            match known.contains(&message) {
                true => applied.push(status),
                false => alone.push(event),
            }
        }
        self.alone(&mut work, &alone).await?;
        work.commit().await?;
        for status in applied {
            count(status);
        }
        Ok(())
    }
}

/// The meaning of an event.
enum Plain {
    /// A message has moved on.
    Update(MessageId, Report),
    /// There is nothing to do.
    Nothing,
    /// One statement for many is not enough.
    More,
}

fn plain_news(event: &Event) -> Plain {
    let Ok(status) = serde_json::from_str::<webhook::Status>(&json::lenient(&event.payload)) else {
        return Plain::More;
    };
    // PostgreSQL's text cannot hold U+0000.
    if event.provider != ChannelKind::WhatsApp || status.id.contains('\0') {
        return Plain::More;
    }
    let Some(becomes) = becomes(&status) else {
        return Plain::Nothing;
    };
    match status.biz_opaque_callback_data.as_deref().map(str::parse) {
        Some(Ok(id)) if becomes != Status::Failed => {
            Plain::Update(id, Report::of(&update(event, &status, becomes)))
        }
        // Another value: the id of a one-time code, which is no message, or of another program.
        Some(Err(_)) => Plain::Nothing,
        Some(Ok(_)) | None => Plain::More,
    }
}
