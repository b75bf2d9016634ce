//! Queues a campaign's messages in the lane of the sending number.
//!
//! Each turn locks the campaign's row and moves some recipients to `queued`, with a message and a job for each, in one
//! transaction. A process that dies in between has moved nobody, and nobody is moved twice. Only a window of messages
//! waits at any time. So a pause takes back almost everything, and other campaigns of the number get their turn.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use kazi_clients::whatsapp::Body;
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};

use super::{
    Campaign, CampaignError, CampaignStatus, Content, Finish, HeaderSource, arms,
    content::{OFFER_ENDED, take},
    frequency,
    pace::{self, Room},
    plan, stop,
    store::{self, next::Next},
    zones,
};
use crate::{
    Context, Work,
    channels::Sender,
    contacts::{self, ContactId, Standing},
    conversations::{self, MessageId},
    messages::{self, CampaignId, Cause, NewOutbound},
    pools,
    templates::{
        self, CardValues, Category, HeaderValue, Template, TemplateStatus, Values,
        takes_no_marketing,
    },
    workspaces::FrequencyCap,
};

/// Recipients in one transaction.
const CHUNK: i64 = 1_000;
/// Seconds that the window lasts at the channel's rate, and the bounds of the window in messages.
const WINDOW: f64 = 20.0;
const LEAST: i64 = 200;
const MOST: i64 = 20_000;
/// Time between two looks at a window that is full enough.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// The longest wait in quiet hours, because members may change them.
const QUIET: Duration = Duration::from_secs(600);

#[derive(Debug, Serialize, Deserialize)]
pub struct Broadcast {
    pub workspace: WorkspaceId,
    pub campaign: CampaignId,
    /// The number of the start. A campaign that was paused and resumed has another job.
    pub run: i32,
}

pub(super) enum BroadcastTurn {
    /// There are more recipients.
    More,
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
            let mut work = Work::of(ctx, self.workspace).await?;
            let Some(campaign) = store::lock(&mut work, self.campaign).await? else {
                tracing::warn!(campaign.id = %self.campaign, "no such campaign to send");
                return Ok(());
            };
            if campaign.status != CampaignStatus::Sending || campaign.run != self.run {
                return Ok(());
            }
            let turn = turn(&mut work, &campaign).await?;
            work.commit().await?;
            match turn {
                BroadcastTurn::More => job.extend_deadline(Self::TIMEOUT),
                BroadcastTurn::Wait(wait) => {
                    let until = ctx.clock.now() + wait;
                    return Err(JobError::snooze_until(until, "the window is full"));
                }
                BroadcastTurn::Over => return Ok(()),
            }
        }
    }
}

pub(super) async fn turn(
    work: &mut Work,
    campaign: &Campaign,
) -> Result<BroadcastTurn, CampaignError> {
    let id = campaign.id;
    let Some(sender) = stop::check_sender(work, campaign).await? else {
        return Ok(BroadcastTurn::Over);
    };
    if campaign
        .contents()
        .iter()
        .all(|one| one.is_over(work.now()))
    {
        return leave_out_rest(work, campaign).await;
    }
    if pace::trips(work, campaign).await? {
        return Ok(BroadcastTurn::Over);
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is clamped")]
    let window = (plan::rate(work, campaign).await? * WINDOW) as i64;
    let window = window.clamp(LEAST, MOST);
    let waiting = messages::waiting(work, id).await?;
    // Refills when half is gone, because many at once are cheaper.
    if waiting > window / 2 {
        return Ok(BroadcastTurn::Wait(LOOK_AGAIN));
    }
    let later = zones::later(work, campaign).await?;
    let limit = match pace::room(work, campaign, waiting, (window - waiting).min(CHUNK)).await? {
        Room::For(limit) => limit,
        Room::Wait(wait) => return Ok(BroadcastTurn::Wait(wait)),
        Room::Stopped => return Ok(BroadcastTurn::Over),
    };
    let (not_of, winner) = (&later.countries, campaign.experiment_state.won);
    let next = match &later.due {
        Some(due) => store::next::within(work, id, winner, due, limit).await?,
        None if campaign.is_undecided() => store::experiment::next(work, id, not_of, limit).await?,
        None => store::next::of(work, id, winner, not_of, limit).await?,
    };
    if next.is_empty() {
        if let Some(until) = later.until
            && any_due(work, campaign).await?
        {
            let wait = (until - work.now()).to_std().unwrap_or(LOOK_AGAIN);
            return Ok(BroadcastTurn::Wait(wait.clamp(LOOK_AGAIN, QUIET)));
        }
        return match arms::after_test(work, campaign, waiting).await? {
            arms::Next::GoOn => finish(work, campaign).await,
            arms::Next::Wait => Ok(BroadcastTurn::Wait(LOOK_AGAIN)),
            arms::Next::Over => Ok(BroadcastTurn::Over),
        };
    }
    match queue(work, campaign, &sender, later.cap, next).await? {
        Some(queued) => {
            pace::take(work, campaign, queued).await?;
            Ok(BroadcastTurn::More)
        }
        None => Ok(BroadcastTurn::Over),
    }
}

async fn finish(work: &mut Work, campaign: &Campaign) -> Result<BroadcastTurn, CampaignError> {
    let finish = Finish {
        workspace: work.workspace(),
        campaign: campaign.id,
        run: campaign.run,
    };
    finish.enqueue(work.conn()).await?;
    Ok(BroadcastTurn::Over)
}

/// All offers have ended: whoever still waits gets nothing.
async fn leave_out_rest(
    work: &mut Work,
    campaign: &Campaign,
) -> Result<BroadcastTurn, CampaignError> {
    let rest = store::next::of(work, campaign.id, None, &[], CHUNK).await?;
    if rest.is_empty() {
        return finish(work, campaign).await;
    }
    let rest: Vec<ContactId> = rest.iter().map(|next| next.contact).collect();
    store::recipients::set_left_out(work, campaign.id, &rest, OFFER_ENDED).await?;
    Ok(BroadcastTurn::More)
}

/// Whether somebody waits who does not wait for the winner of a test.
async fn any_due(work: &mut Work, campaign: &Campaign) -> Result<bool, sqlx::Error> {
    match campaign.is_undecided() {
        true => store::experiment::any_left(work, campaign.id).await,
        false => store::next::any(work, campaign.id).await,
    }
}

/// Queues messages and returns their number. Returns `None` when it stopped the campaign or an arm instead.
async fn queue(
    work: &mut Work,
    campaign: &Campaign,
    sender: &Sender,
    cap: Option<FrequencyCap>,
    next: Vec<Next>,
) -> Result<Option<usize>, CampaignError> {
    let id = campaign.id;
    let mut known: Vec<Template> = Vec::new();
    let account = sender.account.as_deref().unwrap_or_default();
    for one in &next {
        let content = campaign.content_of(one.arm);
        let (Content::Template { name, .. }, Some(language)) = (content, &one.language) else {
            continue;
        };
        if find(&known, content, language).is_some() {
            continue;
        }
        match templates::find(work, account, name, language).await? {
            Some(template) if template.status == TemplateStatus::Approved => known.push(template),
            other => {
                let status = other.map(|template| template.status);
                let lost = (name.as_str(), Some(language.as_str()));
                arms::lose_template(work, campaign, lost, status).await?;
                return Ok(None);
            }
        }
    }
    // Leaves out contacts that have opted out, were blocked or were deleted since the planning. The contacts are
    // locked: an opt-out at this moment waits until the messages exist, and then takes its own back.
    let ids: Vec<ContactId> = next.iter().map(|next| next.contact).collect();
    // Its template may have become one since the planning.
    let marketing = campaign.is_marketing()
        || known
            .iter()
            .any(|template| template.category == Category::Marketing);
    let capped = match marketing {
        true => frequency::full(work, campaign, cap, &ids).await?,
        false => BTreeSet::new(),
    };
    let chats = contacts::chats_of(work, &ids).await?;
    let mut out: BTreeMap<&str, Vec<ContactId>> = BTreeMap::new();
    let standings = contacts::standings(work, &ids).await?;
    let (mut peers, mut bodies) = (Vec::new(), BTreeMap::new());
    for one in &next {
        let content = campaign.content_of(one.arm);
        let template = one.language.as_deref();
        let template = template.and_then(|language| find(&known, content, language));
        let body = body(content, template, &one.parameters);
        // As the provider calls them: the account may have an older number.
        let chats = chats.get(&one.contact).map_or(&[][..], Vec::as_slice);
        let peer = conversations::peer(sender, chats, one.phone().as_ref());
        let address = match (one.phone.as_str(), &peer) {
            ("", Some(hidden)) => hidden,
            (phone, _) => phone,
        };
        let standing = standings.get(&one.contact).copied();
        let reason = match Standing::against(standing, marketing) {
            Some(why) => why,
            // The other arms of a test go on.
            None if content.is_over(work.now()) => OFFER_ENDED,
            None if capped.contains(&one.contact) => frequency::REASON,
            None if marketing && takes_no_marketing(sender.kind, address) => "us_marketing",
            None => match (body, peer) {
                (Some(body), Some(peer)) => {
                    peers.push((one.contact, peer));
                    bodies.insert(one.contact, (body, one.credits));
                    continue;
                }
                // The template has changed since the planning.
                (None, _) => "does_not_fit",
                // The channel has forgotten the user id.
                (_, None) => "no_phone",
            },
        };
        out.entry(reason).or_default().push(one.contact);
    }
    for (reason, contacts) in out {
        store::recipients::set_left_out(work, id, &contacts, reason).await?;
    }
    let ways = conversations::reach_all(work, sender, &peers).await?;
    let new: Vec<NewOutbound<'_>> = ways
        .iter()
        .filter_map(|way| {
            Some(NewOutbound {
                id: MessageId::at(work.now()),
                conversation: &way.conversation,
                body: &bodies.get(&way.conversation.contact)?.0,
                cause: Cause::Campaign,
                at: work.now(),
            })
        })
        .collect();
    let queued: Vec<(ContactId, MessageId)> = new
        .iter()
        .map(|message| (message.conversation.contact, message.id))
        .collect();
    // Of each message what its recipient has reserved, or nothing at all.
    let credits: Vec<i32> = new
        .iter()
        .filter(|_| campaign.metered)
        .filter_map(|message| bodies.get(&message.conversation.contact))
        .map(|(_, credits)| credits.unwrap_or_default())
        .collect();
    messages::queue_all(work, id, &new, &credits).await?;
    let winner = campaign.experiment_state.won;
    store::recipients::set_queued(work, id, winner, &queued).await?;
    metrics::counter!("kazi_campaigns_messages_queued_total").increment(queued.len() as u64);
    Ok(Some(queued.len()))
}

/// The template of a content in a language.
fn find<'a>(known: &'a [Template], content: &Content, language: &str) -> Option<&'a Template> {
    let Content::Template { name, .. } = content else {
        return None;
    };
    let mut known = known.iter();
    known.find(|template| template.name == *name && template.language == language)
}

/// The message for a recipient. Returns `None` when the parameters do not fit the template.
pub(super) fn body(
    content: &Content,
    template: Option<&Template>,
    frozen: &[String],
) -> Option<Body> {
    match content {
        Content::Text { text, .. } => {
            let text = templates::fill_in(text, |name| {
                let number: usize = name.parse().ok()?;
                frozen.get(number.checked_sub(1)?).map(String::as_str)
            });
            Some(Body::Text { text })
        }
        Content::Template {
            header,
            buttons,
            cards,
            offer_ends_at,
            ..
        } => {
            let mut rest = frozen;
            let texts = take(&mut rest, content.body_parameters())?;
            let given = buttons.iter().zip(take(&mut rest, buttons.len())?);
            let given = given.map(|(button, end)| button.given(end.clone()));
            let header = match header {
                None => None,
                Some(HeaderSource::Link(link)) => Some(HeaderValue::Link(link.clone())),
                Some(HeaderSource::Text(_)) => {
                    Some(HeaderValue::Text(take(&mut rest, 1)?.concat()))
                }
                Some(HeaderSource::Location(place)) => Some(HeaderValue::Location(place.clone())),
            };
            let cards = cards.iter().map(|card| card.filled(&mut rest));
            let cards = cards.collect::<Option<Vec<CardValues>>>()?;
            let values = Values {
                parameters: texts,
                header: header.as_ref(),
                buttons: given.collect(),
                cards: &cards,
                offer_ends_at: *offer_ends_at,
            };
            template?.fill(values).ok()
        }
    }
}
