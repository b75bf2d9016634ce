//! The demo's campaign: hundreds of customers with tags, and a draft that is ready to be sent.

use kazi_jobs::{
    Work,
    campaigns::{self, Content, Delivery, NewCampaign, NewSegment, Parameter, Price, SendIn},
    channels::{self, ChannelId, Rate},
    contacts::{self, Audience, ContactError, NewContact},
    templates::Category,
};
use kazi_platform::{WorkspaceId, actor::Actor};

use super::templates::OFFER;
use crate::{CliError, cli::demo::PHONES, runtime::Runtime};

/// Customers besides those of the phones.
const CUSTOMERS: usize = 300;
const NAMES: [&str; 12] = [
    "Achieng",
    "Baraka",
    "Chebet",
    "Desta",
    "Esperança",
    "Fatuma",
    "Grace",
    "Hassan",
    "Imani",
    "Juma",
    "Kamau",
    "Lwanda",
];
const FAMILIES: [&str; 5] = ["Otieno", "Mwangi", "Njeri", "Hussein", "Wanjiku"];

/// Creates the campaign and its customers, unless there is a campaign.
pub async fn make(
    runtime: &Runtime,
    workspace: WorkspaceId,
    channel: ChannelId,
) -> Result<(), CliError> {
    let mut work = Work::by(&runtime.ctx, workspace, Actor::OPERATOR).await?;
    let there = campaigns::list(&mut work, None, None, 1).await?;
    if !there.is_empty() {
        return Ok(());
    }
    let tags = || vec!["market".to_owned()];
    // The bot asks them for their name and language when they write.
    let phones = PHONES.iter().map(|(phone, ..)| NewContact {
        phone: Some(format!("+{phone}")),
        tags: tags(),
        ..NewContact::default()
    });
    let names = NAMES.iter().cycle().zip(FAMILIES.iter().cycle());
    let others = names.zip(0..CUSTOMERS).map(|((name, family), n)| {
        let vip = (n % 7 == 0).then(|| "vip".to_owned());
        NewContact {
            name: Some(format!("{name} {family}")),
            phone: Some(format!("+2547200{n:05}")),
            language: Some("en".into()),
            tags: tags().into_iter().chain(vip).collect(),
            ..NewContact::default()
        }
    });
    for (n, new) in others.chain(phones).enumerate() {
        let made = match contacts::create(&mut work, &new).await {
            Ok(made) => made.id,
            // They have written before.
            Err(ContactError::PhoneTaken { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        // Some are left out, to show the reasons.
        if n % 40 == 9 {
            contacts::consent(&mut work, made, false, "at the till").await?;
        }
        if n == 5 {
            contacts::block(&mut work, made, true).await?;
        }
    }
    // Slow enough to be stopped on its way.
    let rate = Rate {
        per_second: 20.0,
        burst: 20,
    };
    channels::set_rate(&mut work, channel, rate).await?;
    let audience = Audience {
        tags_any: vec!["market".into()],
        ..Audience::default()
    };
    let segment = NewSegment {
        name: "Market customers".into(),
        audience,
    };
    let segment = campaigns::create_segment(&mut work, &segment).await?;
    let price = |country: &str, micros| Price {
        country: country.into(),
        category: Category::Marketing,
        micros,
        currency: "USD".into(),
    };
    let prices = [price("KE", 22_500), price("*", 60_000)];
    campaigns::set_prices(&mut work, &prices).await?;
    let draft = NewCampaign {
        name: "Market day".into(),
        channel_id: channel,
        content: Content::Template {
            name: OFFER.into(),
            parameters: vec![Parameter::Field {
                name: "first_name".into(),
                fallback: Some("neighbour".into()),
            }],
            header: None,
            buttons: Vec::new(),
            cards: Vec::new(),
            offer_ends_at: None,
        },
        segment_id: Some(segment.id),
        audience: None,
        conversion_days: None,
        delivery: Delivery::default(),
        send_in: SendIn::Workspace,
        experiment: None,
    };
    campaigns::create(&mut work, &draft).await?;
    work.commit().await?;
    Ok(())
}
