//! The campaign: created, planned and sent with the domain's own functions, as by a member.

use std::{collections::HashSet, fmt::Write, time::Instant};

use kazi_jobs::{
    Context, Work,
    campaigns::{
        self, Campaign, CampaignStatus, Content, Delivery, Funnel, NewCampaign, RecipientFilter,
        SendIn,
    },
    channels::{self, ChannelId, Rate},
    contacts::Audience,
    conversations::MessageId,
    messages::CampaignId,
    pools,
    templates::{self, Category, Template, TemplateId, TemplateStatus},
};
use kazi_platform::{WorkspaceId, actor::Actor};
use kazi_queue::lanes;
use tokio::time::sleep;

use super::{LOOK, STANDSTILL};
use crate::{
    CliError,
    cli::bench::{ACCOUNT, import},
};

/// The default burst of a number with a limit.
pub const BURST: u32 = 20;
/// Meta's fastest rate.
const FASTEST: f64 = 1_000.0;
/// A rate in messages a second and a burst that nobody reaches.
const BOUNDLESS: (f64, u32) = (100_000.0, 100_000);
/// Recipients in one page.
const PAGE: i64 = 5_000;

/// A campaign to all contacts.
pub struct Deed<'a> {
    pub ctx: &'a Context,
    pub workspace: WorkspaceId,
    id: CampaignId,
}

impl<'a> Deed<'a> {
    /// Imports contacts and drafts a campaign to them. `rate` is the number's messages per second. `None`: unlimited.
    pub async fn draft(
        ctx: &'a Context,
        workspace: WorkspaceId,
        recipients: u32,
        rate: Option<u32>,
    ) -> Result<Self, CliError> {
        let mut file = String::from("Name,Phone\n");
        for row in 0..recipients {
            writeln!(file, "Amina {row},07{row:08}")?;
        }
        let imported = import::import(ctx, workspace, file).await?.ended;
        if imported.rows_created != i64::from(recipients) {
            return Err(format!("{} contacts were imported", imported.rows_created).into());
        }
        let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
        let channel = channels::active(&mut work).await?;
        let channel = *channel.first().ok_or("there is no channel")?;
        // Every account has this template.
        let hello = Template {
            id: TemplateId::new(),
            account: ACCOUNT.into(),
            name: "hello_world".into(),
            language: "en_US".into(),
            category: Category::Utility,
            status: TemplateStatus::Approved,
            body: "Welcome and congratulations!!".into(),
            components: serde_json::json!([{"type": "BODY", "text": "Welcome and congratulations!!"}]),
            paused_until: None,
        };
        templates::save(&mut work, &hello).await?;
        let new = NewCampaign {
            name: "Bench".into(),
            channel_id: channel,
            content: Content::Template {
                name: hello.name,
                parameters: Vec::new(),
                header: None,
                buttons: Vec::new(),
                cards: Vec::new(),
                offer_ends_at: None,
            },
            segment_id: None,
            // The imported contacts, without the customer who asks for replies.
            audience: Some(Audience {
                tags_any: vec![import::TAG.into()],
                ..Audience::default()
            }),
            conversion_days: None,
            delivery: Delivery::default(),
            send_in: SendIn::Workspace,
            experiment: None,
        };
        let id = campaigns::create(&mut work, &new).await?.id;
        let per_second = rate.map_or(FASTEST, f64::from);
        let of_number = Rate {
            per_second,
            burst: BURST,
        };
        channels::set_rate(&mut work, channel, of_number).await?;
        work.commit().await?;
        if rate.is_none() {
            lift(ctx, channel).await?;
        }
        Ok(Self { ctx, workspace, id })
    }

    /// Plans the recipients. Returns the seconds.
    pub async fn plan(&self) -> Result<f64, CliError> {
        let mut work = Work::by(self.ctx, self.workspace, Actor::OPERATOR).await?;
        let before = campaigns::lock(&mut work, self.id).await?;
        let before = before.ok_or("the campaign is gone")?;
        let began = Instant::now();
        campaigns::plan(&mut work, &before, &self.ctx.providers.public_url).await?;
        work.commit().await?;
        loop {
            match self.look().await?.status {
                CampaignStatus::Planned => return Ok(began.elapsed().as_secs_f64()),
                CampaignStatus::Planning if began.elapsed() < STANDSTILL => sleep(LOOK).await,
                other => return Err(format!("the campaign is {other}").into()),
            }
        }
    }

    pub async fn send(&self) -> Result<(), CliError> {
        let workspace = self.workspace;
        let mut work = Work::by(self.ctx, workspace, Actor::OPERATOR).await?;
        let before = campaigns::lock(&mut work, self.id).await?;
        let before = before.ok_or("the campaign is gone")?;
        campaigns::send(&mut work, &before, &self.ctx.providers.public_url).await?;
        Ok(work.commit().await?)
    }

    /// Reads the campaign.
    pub async fn look(&self) -> Result<Campaign, CliError> {
        let mut work = Work::by(self.ctx, self.workspace, Actor::OPERATOR).await?;
        let found = campaigns::get(&mut work, self.id).await?;
        Ok(found.ok_or("the campaign is gone")?)
    }

    pub async fn funnel(&self) -> Result<Funnel, CliError> {
        let mut work = Work::by(self.ctx, self.workspace, Actor::OPERATOR).await?;
        Ok(campaigns::funnel(&mut work, self.id).await?)
    }

    /// The ids of the recipients' messages.
    pub async fn messages(&self) -> Result<HashSet<MessageId>, CliError> {
        let mut work = Work::by(self.ctx, self.workspace, Actor::OPERATOR).await?;
        let campaign = self.look().await?;
        let filter = RecipientFilter::default();
        let (mut all, mut after) = (HashSet::new(), None);
        loop {
            let page = campaigns::recipients(&mut work, &campaign, &filter, after, PAGE).await?;
            let Some((last, _)) = page.last() else {
                return Ok(all);
            };
            after = Some(last.contact_id);
            all.extend(
                page.iter()
                    .filter_map(|(recipient, _)| recipient.message_id),
            );
        }
    }
}

/// Gives the lane a rate that nobody reaches. Without a rate, the usual one would set how many messages are queued ahead.
async fn lift(ctx: &Context, channel: ChannelId) -> Result<(), CliError> {
    let mut conn = ctx.owner.acquire().await?;
    let boundless = lanes::Limits {
        rate: Some(BOUNDLESS),
        ..lanes::Limits::default()
    };
    let lane = channel.to_string();
    Ok(lanes::set(&mut conn, pools::WHATSAPP, &lane, &boundless).await?)
}
