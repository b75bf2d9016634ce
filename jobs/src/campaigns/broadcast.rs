//! Feeds the sending number's lane.
//!
//! Each turn holds the campaign's row and moves some recipients on to `queued`, each with a message and its job, in one
//! transaction: whoever dies in between has moved nobody, and nobody is moved twice. Only a window of messages waits at any
//! time, so that a pause takes back all but what has left, and so that others of the same number get their turn.

use std::{collections::BTreeMap, time::Duration};

use kazi_clients::whatsapp::{Body, ButtonParameter};
use kazi_platform::{Phone, Timestamp, WorkspaceId, database};
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{
    ButtonSource, Campaign, CampaignError, CampaignStatus, Content, Finish, plan,
    quiet::Quiet,
    stop,
    store::{self, recipients::Next},
};
use crate::{
    Context,
    channels::{ChannelKind, Sender},
    contacts::{self, ContactId, Standing},
    conversations::{self, MessageId},
    messages::{self, CampaignId, Cause, NewOutbound},
    pools,
    templates::{self, Template, TemplateStatus},
    workspaces,
};

/// Recipients of one transaction.
const CHUNK: i64 = 1_000;
/// How long the window lasts at the channel's rate, in seconds; and its bounds, in messages.
const WINDOW: f64 = 20.0;
const LEAST: i64 = 200;
const MOST: i64 = 20_000;
/// Between two looks at a window that is full enough.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Quiet hours are looked at again, whoever changes them.
const QUIET: Duration = Duration::from_secs(600);

/// Broadcasts a campaign.
#[derive(Debug, Serialize, Deserialize)]
pub struct Broadcast {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which.
    pub campaign: CampaignId,
    /// Which of its starts: one that was paused and resumed since has another job.
    pub run: i32,
}

/// What a turn came to.
pub(super) enum Turn {
    /// There is room for more.
    More,
    /// Not now.
    Wait(Duration),
    /// All are queued, or the campaign was stopped.
    Over,
}

impl Job for Broadcast {
    type Context = Context;
    const NAME: &'static str = "campaigns.broadcast";
    const POOL: Pool = pools::BULK;
    const RETRY: Retry =
        Retry::exponential(Duration::from_millis(500), Duration::from_secs(30)).attempts(1_000);
    const TIMEOUT: Duration = Duration::from_secs(120);

    fn options(&self) -> Options {
        Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        loop {
            let mut tx = database::tenant(&ctx.db, self.workspace).await?;
            let Some(campaign) = store::lock(&mut tx, self.workspace, self.campaign).await? else {
                tracing::warn!(campaign.id = %self.campaign, "no such campaign to send");
                return Ok(());
            };
            if campaign.status != CampaignStatus::Sending || campaign.run != self.run {
                return Ok(());
            }
            let turn = turn(&mut tx, self.workspace, ctx.clock.now(), &campaign).await?;
            tx.commit().await?;
            match turn {
                Turn::More => job.extend_deadline(Self::TIMEOUT),
                Turn::Wait(wait) => {
                    let until = ctx.clock.now() + wait;
                    return Err(JobError::snooze_until(until, "the window is full"));
                }
                Turn::Over => return Ok(()),
            }
        }
    }
}

pub(super) async fn turn(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    now: Timestamp,
    campaign: &Campaign,
) -> Result<Turn, CampaignError> {
    let id = campaign.id;
    let Some(sender) = stop::check_sender(&mut *conn, now, workspace, campaign).await? else {
        return Ok(Turn::Over);
    };
    #[expect(clippy::cast_possible_truncation, reason = "it is clamped")]
    let window = (plan::rate(&mut *conn, workspace, campaign).await? * WINDOW) as i64;
    let window = window.clamp(LEAST, MOST);
    let waiting = messages::waiting(&mut *conn, workspace, id, now).await?;
    // Refilled by the half: many at once are cheaper.
    if waiting > window / 2 {
        return Ok(Turn::Wait(LOOK_AGAIN));
    }
    let (not_of, until) = quiet(&mut *conn, workspace, now, campaign).await?;
    let limit = (window - waiting).min(CHUNK);
    let next = store::recipients::next(&mut *conn, workspace, id, &not_of, limit).await?;
    if next.is_empty() {
        if let Some(until) = until
            && store::recipients::any_left(&mut *conn, workspace, id).await?
        {
            let wait = (until - now).to_std().unwrap_or(LOOK_AGAIN);
            return Ok(Turn::Wait(wait.clamp(LOOK_AGAIN, QUIET)));
        }
        let finish = Finish {
            workspace,
            campaign: id,
            run: campaign.run,
        };
        finish.enqueue(conn).await?;
        return Ok(Turn::Over);
    }
    match queue(&mut *conn, workspace, now, campaign, &sender, next).await? {
        true => Ok(Turn::More),
        false => Ok(Turn::Over),
    }
}

/// The countries whose quiet hours it is, and when the first of them end. Only offers wait for them.
async fn quiet(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    now: Timestamp,
    campaign: &Campaign,
) -> Result<(Vec<String>, Option<Timestamp>), CampaignError> {
    if !campaign.is_marketing() {
        return Ok((Vec::new(), None));
    }
    let business = workspaces::view(&mut *conn, workspace).await;
    let business = business.map_err(|_| CampaignError::NotFound("workspace"))?;
    let hours = business.settings.quiet_hours.as_ref();
    let Some(quiet) = hours.and_then(|hours| Quiet::new(hours, &business.time_zone)) else {
        return Ok((Vec::new(), None));
    };
    let (mut countries, mut until): (Vec<String>, Option<Timestamp>) = (Vec::new(), None);
    for found in campaign.report.iter().flat_map(|report| &report.countries) {
        let country = Some(found.country.as_str()).filter(|country| !country.is_empty());
        if let Some(ends) = quiet.ends(country, now) {
            countries.push(found.country.clone());
            until = Some(until.map_or(ends, |until| until.min(ends)));
        }
    }
    Ok((countries, until))
}

/// Queues them; `false` when the campaign was stopped instead.
async fn queue(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    now: Timestamp,
    campaign: &Campaign,
    sender: &Sender,
    next: Vec<Next>,
) -> Result<bool, CampaignError> {
    let id = campaign.id;
    let mut known: Vec<Template> = Vec::new();
    if let Content::Template { name, .. } = &campaign.content {
        let account = sender.account.as_deref().unwrap_or_default();
        for language in next.iter().filter_map(|next| next.language.as_deref()) {
            if known.iter().any(|template| template.language == language) {
                continue;
            }
            let found = templates::find(&mut *conn, workspace, account, name, language).await?;
            match found {
                Some(template) if template.status == TemplateStatus::Approved => {
                    known.push(template);
                }
                other => {
                    let status = other.map(|template| template.status);
                    stop::by_template(&mut *conn, now, workspace, campaign, status).await?;
                    return Ok(false);
                }
            }
        }
    }
    // Who has opted out since the planning, or is blocked or gone. The contacts are held: who opts out at this moment waits
    // until the messages are there, and then takes theirs back.
    let ids: Vec<ContactId> = next.iter().map(|next| next.contact).collect();
    let marketing = campaign.is_marketing();
    let mut out: BTreeMap<&str, Vec<ContactId>> = BTreeMap::new();
    let standings = contacts::standings(&mut *conn, workspace, &ids).await?;
    let (mut peers, mut bodies) = (Vec::new(), BTreeMap::new());
    for one in &next {
        let template = known
            .iter()
            .find(|template| one.language.as_deref() == Some(&template.language));
        let body = body(&campaign.content, template, &one.parameters);
        let reason = match standings.get(&one.contact) {
            None | Some(Standing::Gone) => "gone",
            Some(Standing::Blocked) => "blocked",
            Some(Standing::OptedOut) if marketing => "opted_out",
            Some(_) => match (body, one.phone()) {
                (Some(body), Some(phone)) => {
                    peers.push((one.contact, peer_of(sender.kind, &phone)));
                    bodies.insert(one.contact, body);
                    continue;
                }
                // The template has changed since the planning.
                _ => "does_not_fit",
            },
        };
        out.entry(reason).or_default().push(one.contact);
    }
    for (reason, contacts) in out {
        store::recipients::set_left_out(&mut *conn, workspace, id, &contacts, reason).await?;
    }
    let ways = conversations::reach_all(&mut *conn, workspace, sender, &peers, now).await?;
    let new: Vec<NewOutbound<'_>> = ways
        .iter()
        .filter_map(|way| {
            Some(NewOutbound {
                id: MessageId::at(now),
                conversation: &way.conversation,
                body: bodies.get(&way.conversation.contact)?,
                cause: Cause::Campaign,
                at: now,
            })
        })
        .collect();
    let queued: Vec<(ContactId, MessageId)> = new
        .iter()
        .map(|message| (message.conversation.contact, message.id))
        .collect();
    messages::queue_all(&mut *conn, workspace, id, &new).await?;
    store::recipients::set_queued(conn, workspace, id, &queued).await?;
    metrics::counter!("kazi_campaigns_messages_queued_total").increment(queued.len() as u64);
    Ok(true)
}

/// How a channel names a phone.
fn peer_of(kind: ChannelKind, phone: &Phone) -> String {
    match kind {
        ChannelKind::WhatsApp => phone.wa_id().to_owned(),
        ChannelKind::GreenApi => format!("{}@c.us", phone.wa_id()),
    }
}

/// What is said to somebody; `None` when the template does not take it.
pub(super) fn body(
    content: &Content,
    template: Option<&Template>,
    frozen: &[String],
) -> Option<Body> {
    match content {
        Content::Text { text, .. } => {
            let marks = frozen.iter().zip(1..);
            let text = marks.fold(text.clone(), |text, (value, n)| {
                text.replace(&format!("{{{{{n}}}}}"), value)
            });
            Some(Body::Text { text })
        }
        Content::Template { buttons, .. } => {
            let (texts, ends) = frozen.split_at_checked(content.body_parameters())?;
            let given = buttons.iter().zip(ends).map(|(button, end)| match button {
                ButtonSource::Url { index, .. } => ButtonParameter::Url {
                    index: *index,
                    text: end.clone(),
                },
                ButtonSource::Payload { index, .. } => ButtonParameter::Payload {
                    index: *index,
                    payload: end.clone(),
                },
            });
            template?.fill(texts, given.collect()).ok()
        }
    }
}
