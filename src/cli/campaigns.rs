use std::{collections::BTreeMap, time::Duration};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use kazi_jobs::{
    Work,
    campaigns::{self, Campaign, CampaignStatus, Funnel},
    credits::{self, Standing},
    messages::CampaignId,
};
use kazi_platform::{WorkspaceId, actor::Actor, database};
use serde_json::json;

use super::output::{self, Format};
use crate::{CliError, runtime::Runtime};

/// The most campaigns in a list.
const MAX_CAMPAIGNS: i64 = 200;
/// The pause between two looks at a running campaign.
const LOOK: Duration = Duration::from_millis(500);

/// Commands for campaigns.
#[derive(Subcommand)]
pub enum Campaigns {
    /// Lists the newest campaigns of all businesses.
    List(Format),
    /// Shows a campaign and the progress of its messages.
    Show {
        /// The id, like cmp_0190….
        id: CampaignId,
        #[command(flatten)]
        format: Format,
    },
    /// Sends a campaign. If it is not planned yet, it is planned first.
    Send {
        /// The id, like cmp_0190….
        id: CampaignId,
        /// Waits until the campaign has ended.
        #[arg(long)]
        watch: bool,
        #[command(flatten)]
        format: Format,
    },
    /// Stops a campaign for a while. Messages that have not left wait.
    Pause {
        /// The id, like cmp_0190….
        id: CampaignId,
    },
    /// Continues a paused campaign.
    Resume {
        /// The id, like cmp_0190….
        id: CampaignId,
    },
    /// Stops a campaign for good.
    Cancel {
        /// The id, like cmp_0190….
        id: CampaignId,
    },
}

#[derive(Clone, Copy)]
enum Deed {
    Send,
    Pause,
    Resume,
    Cancel,
}

impl Campaigns {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        match self {
            Self::List(format) => list(runtime, format).await,
            Self::Show { id, format } => show(runtime, id, format).await,
            Self::Send { id, watch, format } => {
                let (workspace, campaign) = act(runtime, id, Deed::Send).await?;
                if watch {
                    follow(runtime, workspace, id).await?;
                    return show(runtime, id, format).await;
                }
                say(&campaign)
            }
            Self::Pause { id } => say(&act(runtime, id, Deed::Pause).await?.1),
            Self::Resume { id } => say(&act(runtime, id, Deed::Resume).await?.1),
            Self::Cancel { id } => say(&act(runtime, id, Deed::Cancel).await?.1),
        }
    }
}

fn say(campaign: &Campaign) -> Result<(), CliError> {
    output::print(&format!("{} is {}\n", campaign.id, campaign.status))
}

async fn list(runtime: &Runtime, format: Format) -> Result<(), CliError> {
    // The operator's list shows all workspaces.
    let mut tx = database::platform(&runtime.ctx.db).await?;
    let all = campaigns::everywhere(&mut tx, MAX_CAMPAIGNS).await?;
    let header = ["campaign", "name", "status", "why", "recipients", "created"];
    format.rows(&header, &all, |campaign| {
        let recipients = campaign.report.as_ref().map(|report| report.recipients);
        vec![
            campaign.id.to_string(),
            campaign.name.clone(),
            campaign.status.to_string(),
            campaign.reason.clone().unwrap_or_default(),
            recipients.map(|n| n.to_string()).unwrap_or_default(),
            campaign.created_at.format("%F %R").to_string(),
        ]
    })
}

async fn workspace_of(runtime: &Runtime, id: CampaignId) -> Result<WorkspaceId, CliError> {
    // This transaction looks up the campaign's workspace, so it must see all workspaces.
    let mut tx = database::platform(&runtime.ctx.db).await?;
    let found = campaigns::workspace_of(&mut tx, id).await?;
    Ok(found.ok_or_else(|| format!("there is no campaign {id}"))?)
}

async fn look(
    runtime: &Runtime,
    workspace: WorkspaceId,
    id: CampaignId,
) -> Result<(Campaign, Funnel), CliError> {
    let mut work = Work::by(&runtime.ctx, workspace, Actor::OPERATOR).await?;
    let campaign = campaigns::get(&mut work, id).await?;
    let campaign = campaign.ok_or_else(|| format!("there is no campaign {id}"))?;
    let funnel = campaigns::funnel(&mut work, id).await?;
    Ok((campaign, funnel))
}

async fn show(runtime: &Runtime, id: CampaignId, format: Format) -> Result<(), CliError> {
    let workspace = workspace_of(runtime, id).await?;
    let (campaign, funnel) = look(runtime, workspace, id).await?;
    let spent = credits_of(runtime, workspace, &campaign).await?;
    if format.json {
        let credits: BTreeMap<_, _> = spent.into_iter().collect();
        let credits = campaign.metered.then_some(credits);
        return output::json(&json!({"campaign": campaign, "funnel": funnel, "credits": credits}));
    }
    let why = campaign.reason_detail.as_deref();
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    output::print(&format!("{} is {}{why}\n", campaign.name, campaign.status))?;
    let mut rows = vec![
        ("contacts", funnel.contacts),
        ("left out", funnel.left_out.total),
        ("recipients", funnel.recipients),
        ("waiting", funnel.waiting),
        ("queued", funnel.queued),
        ("sending", funnel.sending),
        ("accepted", funnel.accepted),
        ("sent", funnel.sent),
        ("delivered", funnel.delivered),
        ("read", funnel.read),
        ("replied", funnel.replied),
        ("clicked", funnel.clicked),
        ("clicks", funnel.clicks),
        ("opted out", funnel.opted_out),
        ("converted", funnel.converted),
        ("failed", funnel.failed.total),
    ];
    let reasons = funnel.left_out.reasons.iter();
    rows.extend(reasons.map(|(reason, count)| (reason.as_str(), *count)));
    rows.extend(spent.iter().map(|(name, credits)| (*name, *credits)));
    let codes: Vec<(String, i64)> = funnel
        .failed
        .codes
        .iter()
        .map(|(code, count)| (format!("failed: {code}"), *count))
        .collect();
    rows.extend(codes.iter().map(|(code, count)| (code.as_str(), *count)));
    format.rows(&["", "number"], &rows, |(name, count)| {
        vec![(*name).to_owned(), count.to_string()]
    })
}

/// What a campaign that pays with credits costs, and what became of them. Empty for another one.
async fn credits_of(
    runtime: &Runtime,
    workspace: WorkspaceId,
    campaign: &Campaign,
) -> Result<Vec<(&'static str, i64)>, CliError> {
    if !campaign.metered {
        return Ok(Vec::new());
    }
    let mut work = Work::by(&runtime.ctx, workspace, Actor::OPERATOR).await?;
    let Standing {
        reserved,
        charged,
        released,
    } = credits::standing(&mut work, campaign.id).await?;
    let quote = campaign.report.as_ref().and_then(|report| report.credits);
    let mut rows = vec![
        ("credits reserved", reserved),
        ("credits charged", charged),
        ("credits released", released),
    ];
    if let Some(quote) = quote {
        rows.insert(0, ("credits planned", quote.price));
    }
    Ok(rows)
}

async fn act(
    runtime: &Runtime,
    id: CampaignId,
    deed: Deed,
) -> Result<(WorkspaceId, Campaign), CliError> {
    let workspace = workspace_of(runtime, id).await?;
    let mut work = Work::by(&runtime.ctx, workspace, Actor::OPERATOR).await?;
    let before = campaigns::lock(&mut work, id).await?;
    let before = before.ok_or_else(|| format!("there is no campaign {id}"))?;
    let after = match deed {
        Deed::Send => {
            campaigns::send(&mut work, &before, &runtime.ctx.providers.public_url).await?
        }
        Deed::Pause => campaigns::pause(&mut work, &before).await?,
        Deed::Resume => campaigns::resume(&mut work, &before).await?,
        Deed::Cancel => campaigns::cancel(&mut work, &before).await?,
    };
    work.commit().await?;
    Ok((workspace, after))
}

/// Waits until the campaign is neither being planned nor being sent. The progress bar appears only on a terminal.
async fn follow(runtime: &Runtime, workspace: WorkspaceId, id: CampaignId) -> Result<(), CliError> {
    let bar = ProgressBar::no_length();
    bar.set_style(ProgressStyle::with_template(
        "{msg:12} {bar:40} {pos}/{len} {per_sec} {eta}",
    )?);
    loop {
        let (campaign, funnel) = look(runtime, workspace, id).await?;
        bar.set_message(campaign.status.to_string());
        bar.set_length(funnel.recipients.try_into()?);
        bar.set_position((funnel.accepted + funnel.failed.total).try_into()?);
        let under_way = [
            CampaignStatus::Planning,
            CampaignStatus::Planned,
            CampaignStatus::Sending,
        ];
        if !under_way.contains(&campaign.status) {
            bar.finish_and_clear();
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
}
