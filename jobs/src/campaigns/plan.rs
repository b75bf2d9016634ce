//! Plans a campaign: selects the recipients and freezes them with their values.
//!
//! The planning goes chunk by chunk, in the order of the contacts. A chunk's rows commit together with its progress,
//! and each contact and each phone has one row. So a process may die at any line, and two runs may overlap.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chrono::TimeDelta;
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Pool, Retry, Running};
use serde::{Deserialize, Serialize};

use super::{
    Campaign, CampaignError, CampaignStatus, Content, CountryReport, Report, arms, arms_report,
    create::found,
    credits, frequency,
    links::Links,
    preflight,
    prices::{self, cost},
    recipient::{Fit, Rules, UNKNOWN, Why},
    run, segments, stop, store, zones,
};
use crate::{
    Context, Work,
    channels::{self, ChannelId, ChannelKind, Sender},
    contacts::{self, Addressee, Audience, ContactId},
    conversations,
    messages::{self, CampaignId},
    pools,
    templates::{self, Category},
    workspaces::{self, Workspace},
};

/// Contacts in one transaction.
const CHUNK: i64 = 2_000;

#[derive(Debug, Serialize, Deserialize)]
pub struct Plan {
    pub workspace: WorkspaceId,
    pub campaign: CampaignId,
    /// The number of the planning.
    pub run: i32,
}

impl Job for Plan {
    type Context = Context;
    const NAME: &'static str = "campaigns.plan";
    const POOL: Pool = pools::BULK;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(60)).attempts(50);
    const TIMEOUT: Duration = Duration::from_secs(120);

    fn options(&self) -> kazi_queue::Options {
        kazi_queue::Options::default().tenant(self.workspace)
    }

    async fn run(&self, ctx: &Context, job: &Running) -> Result<(), JobError> {
        loop {
            let mut work = Work::of(ctx, self.workspace).await?;
            let Some(campaign) = store::lock(&mut work, self.campaign).await? else {
                tracing::warn!(campaign.id = %self.campaign, "no such campaign to plan");
                return Ok(());
            };
            // The campaign was cancelled, or a newer planning runs.
            if campaign.status != CampaignStatus::Planning || campaign.run != self.run {
                return Ok(());
            }
            let more = match chunk(&mut work, &campaign, &ctx.providers.public_url).await {
                Ok(more) => more,
                Err(Fault::Campaign(code, words)) => {
                    let failed = CampaignStatus::Failed;
                    let why = (code, words.as_str());
                    stop::stop(&mut work, &campaign, failed, why).await?;
                    work.commit().await?;
                    return Ok(());
                }
                Err(Fault::Error(error)) => return Err(error.into()),
            };
            if !more {
                conclude(&mut work, &campaign).await?;
            }
            work.commit().await?;
            if !more {
                return Ok(());
            }
            job.extend_deadline(Self::TIMEOUT);
        }
    }
}

enum Fault {
    /// The campaign itself is at fault.
    Campaign(&'static str, String),
    Error(CampaignError),
}

impl<E: Into<CampaignError>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

/// Plans the next contacts. Returns `false` when there are none.
async fn chunk(work: &mut Work, campaign: &Campaign, base: &str) -> Result<bool, Fault> {
    let Some(sender) = run::sender_of(work, campaign).await? else {
        let words = "its channel is gone".to_owned();
        return Err(Fault::Campaign("channel_gone", words));
    };
    let audience = audience_of(work, campaign).await?;
    let (after, limit) = (campaign.planned_until, CHUNK);
    let found = contacts::audience(work, &audience, after, limit).await;
    let found = match found {
        Ok(found) => found,
        // A custom field was deleted.
        Err(contacts::ContactError::Invalid(fault)) => {
            return Err(Fault::Campaign("segment", fault.to_string()));
        }
        Err(error) => return Err(CampaignError::from(error).into()),
    };
    let Some(last) = found.last().map(|contact| contact.id) else {
        return Ok(false);
    };
    let business = workspaces::get(work).await?;
    let variants = campaign.variants();
    let (mut category, mut known) = (None, Vec::new());
    for (_, content, language) in &variants {
        let of_arm =
            languages(work, &business, &sender, (content, *language), base, &found).await?;
        // What is an offer in one arm is one for all.
        if category != Some(Category::Marketing) {
            category = of_arm.0.or(category);
        }
        known.push(of_arm);
    }
    let rules: Vec<(Option<i16>, Rules<'_>)> = variants
        .iter()
        .zip(&known)
        .map(|((arm, content, _), (category, languages))| {
            let rules = Rules {
                content,
                kind: sender.kind,
                category: *category,
                languages,
            };
            (*arm, rules)
        })
        .collect();
    let tracked = variants.iter().any(|(_, content, _)| content.is_tracked());
    let hidden: Vec<ContactId> = found
        .iter()
        .filter(|contact| contact.phone.is_none())
        .map(|contact| contact.id)
        .collect();
    let chats = contacts::chats_of(work, &hidden).await?;
    let capped = match category.is_none_or(|category| category == Category::Marketing) {
        true => {
            let ids: Vec<ContactId> = found.iter().map(|contact| contact.id).collect();
            frequency::expected(work, campaign, &ids).await?
        }
        false => BTreeSet::new(),
    };
    let mut fits: Vec<(ContactId, Fit)> = Vec::new();
    let mut out: Vec<(ContactId, &'static str, Option<i16>)> = Vec::new();
    for contact in &found {
        let chats = chats.get(&contact.id).map_or(&[][..], Vec::as_slice);
        let hidden = conversations::peer(&sender, chats, None);
        let links = tracked.then(|| Links::random(base));
        // The arms can be compared only when each contact could have got each of them.
        let judged: Result<Vec<Fit>, _> = rules
            .iter()
            .map(|(arm, rules)| {
                let fit = rules.judge(contact, hidden.as_deref(), links);
                fit.map_err(|why| (why, arm.filter(|_| arms::is_of_arm(why))))
            })
            .collect();
        match judged {
            Ok(_) if capped.contains(&contact.id) => {
                out.push((contact.id, frequency::REASON, None));
            }
            Ok(all) => match arms::place(campaign, contact.id, all) {
                Some(fit) => fits.push((contact.id, fit)),
                None => out.push((contact.id, arms::HOLDOUT, None)),
            },
            Err((why, arm)) => out.push((contact.id, why.name(), arm)),
        }
    }
    zones::place(work, campaign, &found, &mut fits).await?;
    let id = campaign.id;
    let mut frozen = store::recipients::insert(work, id, &fits).await?;
    frozen.sort_unstable();
    let doubled = fits
        .iter()
        .filter(|(contact, _)| frozen.binary_search(contact).is_err());
    out.extend(doubled.map(|(contact, _)| (*contact, "duplicate", None)));
    store::recipients::insert_left_out(work, id, &out).await?;
    store::planned_until(work, id, last, category).await?;
    Ok(true)
}

pub(super) async fn audience_of(
    work: &mut Work,
    campaign: &Campaign,
) -> Result<Audience, CampaignError> {
    Ok(match (campaign.segment_id, &campaign.audience) {
        (Some(segment), _) => segments::segment(work, segment).await?.audience.0,
        (None, Some(audience)) => audience.clone(),
        (None, None) => Audience::default(),
    })
}

/// The category of the template, and the template's language for each contact language: one that is set, or the contact's
/// own. `base` is Kazi's address on the internet, where tracked links lead.
pub(super) async fn languages(
    work: &mut Work,
    business: &Workspace,
    sender: &Sender,
    (content, set): (&Content, Option<&str>),
    base: &str,
    contacts: &[Addressee],
) -> Result<(Option<Category>, BTreeMap<String, Option<String>>), sqlx::Error> {
    let (mut category, mut known) = (None, BTreeMap::new());
    let Content::Template { name, .. } = content else {
        return Ok((category, known));
    };
    let account = sender.account.as_deref().unwrap_or_default();
    for contact in contacts {
        let theirs = contact.language.as_deref().unwrap_or(UNKNOWN);
        if known.contains_key(theirs) {
            continue;
        }
        let home = business.default_language.as_str();
        let wanted = if theirs == UNKNOWN { home } else { theirs };
        let wanted = set.map_or_else(|| vec![wanted, home], |set| vec![set]);
        let found = templates::usable(work, account, name, &wanted).await?;
        let found = found.filter(|template| preflight::fits(template, content, base));
        // A template that is marketing in one language is marketing in all.
        if let Some(template) = &found
            && category != Some(Category::Marketing)
        {
            category = Some(template.category);
        }
        known.insert(theirs.to_owned(), found.map(|template| template.language));
    }
    Ok((category, known))
}

/// Ends the planning: stores the report and takes the step that was to follow.
async fn conclude(work: &mut Work, campaign: &Campaign) -> Result<(), CampaignError> {
    let report = report(work, campaign).await?;
    let failed = CampaignStatus::Failed;
    if report.recipients == 0 {
        let template = report.left_out.contains_key(Why::NoTemplate.name());
        let why = if template {
            (
                "no_template",
                "there is no approved template of this name that wants just what is given",
            )
        } else {
            ("nobody", "there is nobody to send it to")
        };
        stop::stop(work, campaign, failed, why).await?;
        return Ok(());
    }
    store::set_planned(work, campaign.id, &report).await?;
    if report.credits.is_some() {
        store::credits::set_metered(work, campaign.id).await?;
    }
    metrics::counter!("kazi_campaigns_planned_total").increment(1);
    tracing::info!(campaign.id = %campaign.id, recipients = report.recipients, "a campaign is planned");
    let planned = found(work, campaign.id).await?;
    match (credits::hold(work, &planned).await?, campaign.then) {
        (Ok(()), _) => {}
        (Err(missing), Some(_)) => return Ok(credits::wait(work, &planned, missing).await?),
        // Its report says what is missing, and whoever sends it is told.
        (Err(_), None) => return Ok(()),
    }
    match (campaign.then, campaign.scheduled_at) {
        (Some(CampaignStatus::Sending), _) => Ok(run::go(work, campaign.id).await?),
        // The time may have passed meanwhile; then the campaign is due at once.
        (Some(CampaignStatus::Scheduled), Some(at)) => run::put_off(work, campaign.id, at).await,
        _ => Ok(()),
    }
}

/// Who gets it and who does not, and what it costs.
pub(super) async fn report(work: &mut Work, campaign: &Campaign) -> Result<Report, CampaignError> {
    let mut report = Report::default();
    for state in store::recipients::states(work, campaign.id).await? {
        report.contacts += state.recipients;
        match state.reason {
            Some(reason) => *report.left_out.entry(reason).or_default() += state.recipients,
            None => report.recipients += state.recipients,
        }
    }
    let table = prices::prices(work).await?;
    let category = campaign.category;
    for (country, recipients) in store::recipients::countries(work, campaign.id).await? {
        let cost = category.and_then(|category| cost(&table, &country, category, recipients));
        match &cost {
            Some(cost) => match &mut report.cost {
                Some(all) => all.micros = all.micros.saturating_add(cost.micros),
                none => *none = Some(cost.clone()),
            },
            None => report.unpriced += recipients,
        }
        report.countries.push(CountryReport {
            country,
            recipients,
            cost,
        });
    }
    report.zones = store::zones::groups(work, campaign.id).await?;
    report.experiment = arms_report::read(work, campaign, &table).await?;
    report.rate = rate(work, campaign).await?;
    let whole = u32::try_from(report.recipients).unwrap_or(u32::MAX);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "seconds, far below the bound"
    )]
    let seconds = (f64::from(whole) / report.rate.max(0.001)).ceil() as i64;
    report.seconds = seconds;
    report.remaining_today = remaining_today(work, campaign).await?;
    report.credits = match &campaign.report {
        // What was reserved at the planning stays.
        Some(before) => before.credits,
        None => credits::quote(work, campaign.id, category).await?,
    };
    Ok(report)
}

/// To how many people who have not written the channel's business may still send a template within these 24 hours. `None`:
/// there is no limit, or it is not known.
async fn remaining_today(
    work: &mut Work,
    campaign: &Campaign,
) -> Result<Option<i64>, CampaignError> {
    let channel = channels::channel(work, campaign.channel_id).await;
    let channel = match channel {
        Ok(channel) => channel,
        Err(channels::ChannelError::Database(error)) => return Err(error.into()),
        Err(_) => return Ok(None),
    };
    let Some(limit) = channel.messaging_limit.as_deref().and_then(people_of_tier) else {
        return Ok(None);
    };
    let since = work.now() - TimeDelta::hours(24);
    let reached = messages::strangers_reached(work, since).await?;
    Ok(Some((limit - reached).max(0)))
}

/// The people of a limit in Meta's words: `TIER_250`, `TIER_1K`, `TIER_2K`, `TIER_10K`, `TIER_100K`. `TIER_UNLIMITED` has no
/// number.
fn people_of_tier(tier: &str) -> Option<i64> {
    let number = tier.strip_prefix("TIER_")?;
    match number.strip_suffix('K') {
        Some(thousands) => thousands.parse::<i64>().ok()?.checked_mul(1_000),
        None => number.parse().ok(),
    }
}

/// Messages per second that the campaign sends: its throttle, or else its channel's rate.
pub(super) async fn rate(work: &mut Work, campaign: &Campaign) -> Result<f64, CampaignError> {
    let channel = channel_rate(work, campaign.channel_id).await?;
    let channel = channel.unwrap_or(1.0);
    let throttle = campaign.delivery.throttle;
    Ok(throttle.map_or(channel, |throttle| throttle.min(channel)))
}

/// Messages per second that a channel sends. Returns `None` when it is gone.
pub(super) async fn channel_rate(
    work: &mut Work,
    channel: ChannelId,
) -> Result<Option<f64>, CampaignError> {
    let channel = channels::channel(work, channel).await;
    let channel = match channel {
        Ok(channel) => channel,
        Err(channels::ChannelError::Database(error)) => return Err(error.into()),
        Err(_) => return Ok(None),
    };
    let usual = crate::lane_limits();
    let usual = usual.iter().find(|(pool, _)| *pool == pools::WHATSAPP);
    let usual = usual.and_then(|(_, limits)| limits.rate);
    let of_kind = channel.kind.parse::<ChannelKind>().ok();
    let own = of_kind.and_then(ChannelKind::limits).and_then(|l| l.rate);
    let usual = own.or(usual).map_or(1.0, |(rate, _)| rate);
    Ok(Some(channel.rate.unwrap_or(usual)))
}
