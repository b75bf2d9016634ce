//! The demo's campaign: an approved template, some hundred customers with tags, and a draft that is ready to be sent.

use kazi_jobs::{
    campaigns::{self, Content, NewCampaign, NewSegment, Parameter, Price},
    channels::ChannelId,
    contacts::{self, Audience, ContactError, NewContact},
    templates::{self, Category, Template, TemplateId, TemplateStatus},
};
use kazi_platform::{Timestamp, WorkspaceId, actor::Actor};
use serde_json::json;
use sqlx::PgConnection;

use super::BUSINESS_ACCOUNT;
use crate::Fault;

/// Customers beside those who write themselves.
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
const OFFER: &str = "market_day_offer";
const BODY: &str =
    "Habari {{1}}! This Saturday everything at the market is 10 % cheaper. See you there?";
const REPLIES: [&str; 2] = ["I will come", "Not this time"];

/// What the simulated Meta must know too.
pub fn template() -> kazi_simulators::Template {
    kazi_simulators::Template {
        name: OFFER.into(),
        language: "en".into(),
        category: "MARKETING".into(),
        body: BODY.into(),
        status: "APPROVED".into(),
        footer: Some("STOP for no more offers".into()),
        buttons: REPLIES
            .iter()
            .map(|reply| json!({"type": "QUICK_REPLY", "text": reply}))
            .collect(),
        ..kazi_simulators::Template::default()
    }
}

/// Makes what is not there.
pub async fn make(
    conn: &mut PgConnection,
    workspace: WorkspaceId,
    channel: ChannelId,
    now: Timestamp,
) -> Result<(), Fault> {
    let actor = &Actor::OPERATOR;
    let there = templates::find(&mut *conn, workspace, BUSINESS_ACCOUNT, OFFER, "en").await?;
    if there.is_some() {
        return Ok(());
    }
    let buttons = template().buttons;
    let offer = Template {
        id: TemplateId::new(),
        account: BUSINESS_ACCOUNT.into(),
        name: OFFER.into(),
        language: "en".into(),
        category: Category::Marketing,
        status: TemplateStatus::Approved,
        body: BODY.into(),
        components: json!([
            {"type": "BODY", "text": BODY, "example": {"body_text": [["Amina"]]}},
            {"type": "FOOTER", "text": "STOP for no more offers"},
            {"type": "BUTTONS", "buttons": buttons},
        ]),
        paused_until: None,
    };
    templates::save(&mut *conn, workspace, &offer).await?;
    let names = NAMES.iter().cycle().zip(FAMILIES.iter().cycle());
    for ((name, family), n) in names.zip(0..CUSTOMERS) {
        let mut tags = vec!["market".to_owned()];
        if n % 7 == 0 {
            tags.push("vip".into());
        }
        let new: NewContact = serde_json::from_value(json!({
            "name": format!("{name} {family}"),
            "phone": format!("+2547200{n:05}"),
            "language": "en",
            "tags": tags,
        }))?;
        match contacts::create(&mut *conn, workspace, actor, now, &new).await {
            // Somebody who wrote before.
            Ok(_) | Err(ContactError::PhoneTaken { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let audience = Audience {
        tags_any: vec!["market".into()],
        ..Audience::default()
    };
    let segment = NewSegment {
        name: "Market customers".into(),
        audience,
    };
    let segment = campaigns::create_segment(&mut *conn, workspace, actor, &segment).await?;
    let price = |country: &str, micros| Price {
        country: country.into(),
        category: Category::Marketing,
        micros,
        currency: "USD".into(),
    };
    let prices = [price("KE", 22_500), price("*", 60_000)];
    campaigns::set_prices(&mut *conn, workspace, actor, &prices).await?;
    let draft = NewCampaign {
        name: "Market day".into(),
        channel,
        content: Content::Template {
            name: OFFER.into(),
            parameters: vec![Parameter::Field {
                name: "first_name".into(),
                fallback: Some("neighbour".into()),
            }],
            buttons: Vec::new(),
        },
        segment: Some(segment.id),
        audience: None,
    };
    campaigns::create(conn, workspace, actor, &draft).await?;
    Ok(())
}
