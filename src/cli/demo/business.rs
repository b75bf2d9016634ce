//! The demo's business: a market in Nairobi, in six languages (`business.json`).

mod appointments;
mod campaigns;
mod credits;
mod news;
mod orders;
mod payments;
mod social;
mod subscriptions;
pub mod templates;

use futures_util::future::try_join_all;
use kazi_jobs::{
    Across, Role, Work,
    ai::{self, Format, NewDocument, NewPrompt},
    catalog::{self, NewProduct, Text},
    channels::{self, ChannelId, ChannelKind, Credentials, NewChannel},
    identity,
    locale::LANGUAGES,
    workspaces::{self, NewWorkspace},
};
use kazi_platform::{Currency, Money, UserId, WorkspaceId, actor::Actor, database};
use kazi_queue::trace::TraceId;
use kazi_simulators::{GraphAccount, Simulators};
use serde::Deserialize;

use crate::{CliError, runtime::Runtime};

const NAME: &str = "Mama Zuri Market";
/// The WhatsApp business account.
pub const BUSINESS_ACCOUNT: &str = "102290129340398";

/// The members: role, address, name. The owner also belongs to the platform's staff. The demo opens the app as each of
/// them.
pub const PEOPLE: [(Role, &str, &str); 3] = [
    (Role::Owner, OWNER, "Zuri"),
    (Role::Agent, AGENT, "Baraka"),
    (Role::Viewer, "viewer@zuri.example", "Chebet"),
];
pub const OWNER: &str = "owner@zuri.example";
pub const AGENT: &str = "agent@zuri.example";
/// The password of all members. It is public, because the demo has nothing to protect.
pub const PASSWORD: &str = "maize kettle orbit";

/// A channel, for the simulated provider.
#[derive(Clone)]
pub struct DemoChannel {
    pub kind: ChannelKind,
    pub external_id: &'static str,
    pub name: &'static str,
    pub display_phone: &'static str,
    pub token: String,
    /// The app secret, or the token of webhooks.
    pub webhook_secret: String,
}

#[derive(Deserialize)]
struct Business {
    menu: Vec<MenuItem>,
    products: Vec<Product>,
    knowledge: Vec<Knowledge>,
}

#[derive(Deserialize)]
struct MenuItem {
    key: String,
    titles: Text,
    descriptions: Text,
}

#[derive(Deserialize)]
struct Product {
    sku: String,
    price_minor: i64,
    stock: i32,
    names: Text,
    descriptions: Text,
}

#[derive(Deserialize)]
struct Knowledge {
    titles: Text,
    bodies: Text,
}

/// The values for the simulated providers.
pub struct Made {
    pub workspace: WorkspaceId,
    pub whatsapp: ChannelId,
    pub channels: Vec<DemoChannel>,
    pub social: Vec<GraphAccount>,
}

/// Creates the business or finds it. Its channels get new credentials at each start.
pub async fn make(runtime: &Runtime, own: &str) -> Result<Made, CliError> {
    let members = members(runtime).await?;
    let business: Business = serde_json::from_str(include_str!("business.json"))?;
    let currency: Currency = "USD".parse()?;
    // As the platform, because the workspace does not exist yet.
    let ctx = &runtime.ctx;
    let mut across = Across::begin(&ctx.db, ctx.clock.now(), Actor::OPERATOR).await?;
    let mut work = match workspaces::by_name(across.conn(), NAME).await? {
        Some(there) => across.within(there),
        None => {
            let new = NewWorkspace {
                name: NAME,
                default_language: "en",
                languages: &LANGUAGES.map(str::to_owned),
                country: Some("KE"),
                currency,
            };
            let workspace = workspaces::create(across.conn(), &new).await?;
            let mut work = across.within(workspace);
            let prompt = NewPrompt {
                name: "Assistant".into(),
                channel_id: None,
                body: format!(
                    "You are the friendly assistant of {NAME}, a market in Nairobi that sells over WhatsApp."
                ),
                models: vec![
                    "openai/gpt-4o-mini".into(),
                    "meta-llama/llama-3.3-70b-instruct".into(),
                ],
                temperature: 0.3,
                max_tokens: 400,
                tools: true,
            };
            let prompt = ai::create_prompt(&mut work, &prompt).await?;
            ai::activate_prompt(&mut work, &prompt).await?;
            for known in &business.knowledge {
                for language in LANGUAGES {
                    if let (Some(title), Some(body)) =
                        (known.titles.get(language), known.bodies.get(language))
                    {
                        let document = NewDocument {
                            title: title.clone(),
                            language: language.to_owned(),
                            format: Format::Text,
                            body: body.clone(),
                        };
                        ai::create_document(&mut work, &document).await?;
                    }
                }
            }
            work
        }
    };
    let workspace = work.workspace();
    for (user, role) in members {
        workspaces::join(&mut work, user.uuid(), role).await?;
    }
    work.commit().await?;
    let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
    for (item, order) in business.menu.iter().zip(1..) {
        catalog::add_menu_item(
            &mut work,
            &item.key,
            order,
            &item.titles,
            &item.descriptions,
        )
        .await?;
    }
    for product in &business.products {
        let texts: Vec<(&str, &str, &str)> = product
            .names
            .iter()
            .map(|(language, name)| {
                let description = product
                    .descriptions
                    .get(language)
                    .map_or("", String::as_str);
                (language.as_str(), name.as_str(), description)
            })
            .collect();
        let new = NewProduct {
            sku: &product.sku,
            price: Money {
                minor: product.price_minor,
                currency,
            },
            image_url: Some(&format!("{own}/demo/images/{}.jpg", product.sku)),
            stock: product.stock,
            texts: &texts,
        };
        catalog::add_product(&mut work, &new).await?;
    }
    news::make(&mut work).await?;
    appointments::make(&mut work).await?;
    orders::make(&mut work).await?;
    subscriptions::make(&mut work, currency).await?;
    let secret = || TraceId::random().to_string();
    let demo = |kind, external_id, name, display_phone| DemoChannel {
        kind,
        external_id,
        name,
        display_phone,
        token: secret(),
        webhook_secret: secret(),
    };
    let made = vec![
        demo(
            ChannelKind::WhatsApp,
            "106540352242922",
            "WhatsApp",
            "+254 20 555 0100",
        ),
        demo(
            ChannelKind::GreenApi,
            "1101000001",
            "Green API",
            "+254 20 555 0200",
        ),
    ];
    let mut whatsapp = None;
    for channel in &made {
        let of_whatsapp = channel.kind == ChannelKind::WhatsApp;
        let webhook_secret = Some(channel.webhook_secret.clone().into());
        let credentials = Credentials {
            token: channel.token.clone().into(),
            app_secret: webhook_secret.clone().filter(|_| of_whatsapp),
            verify_token: None,
            webhook_token: webhook_secret.filter(|_| !of_whatsapp),
        };
        let new = NewChannel {
            kind: channel.kind,
            name: channel.name,
            external_id: channel.external_id,
            account_id: of_whatsapp.then_some(BUSINESS_ACCOUNT),
            display_phone: Some(channel.display_phone),
            // Commands in another terminal have the real services in their configuration.
            base_url: Some(match channel.kind {
                ChannelKind::WhatsApp => runtime.config.whatsapp.base_url.as_str(),
                ChannelKind::GreenApi => runtime.config.greenapi.base_url.as_str(),
            }),
            credentials: &credentials,
        };
        let id = channels::add(&mut work, &runtime.ctx.keyring, &new).await?;
        if of_whatsapp {
            whatsapp = Some(id);
        }
    }
    let social = social::make(runtime, &mut work).await?;
    work.commit().await?;
    Ok(Made {
        workspace,
        whatsapp: whatsapp.ok_or("there is no channel for WhatsApp")?,
        channels: made,
        social,
    })
}

/// Creates the parts that need the providers, after these know the channels. Returns the workspace that sells credits.
pub async fn complete(
    runtime: &Runtime,
    simulators: &Simulators,
    made: &Made,
    own: &str,
) -> Result<WorkspaceId, CliError> {
    let workspace = made.workspace;
    payments::connect(runtime, workspace, simulators, (own, payments::ACCOUNT)).await?;
    let seller = credits::seller(runtime, simulators, own).await?;
    templates::learn(runtime, workspace, made.whatsapp).await?;
    campaigns::make(runtime, workspace, made.whatsapp).await?;
    Ok(seller)
}

/// Creates or finds the users of the members, all at once: hashing a password takes a while.
async fn members(runtime: &Runtime) -> Result<Vec<(UserId, Role)>, CliError> {
    let ctx = &runtime.ctx;
    let members = PEOPLE.map(async |(role, email, name)| {
        // As the platform, because users stand above the workspaces.
        let mut tx = database::platform(&ctx.db).await?;
        let there = identity::user_by_email(&mut tx, email).await?;
        drop(tx);
        let is_staff = role == Role::Owner;
        let user = match there {
            // The owner of an older folder may not belong to the staff yet.
            Some(_) if is_staff => {
                identity::set_staff(ctx, &Actor::OPERATOR, email, is_staff).await?
            }
            Some(there) => there,
            None => {
                let (password, name) = (PASSWORD.into(), Some(name));
                identity::create_user(ctx, &Actor::OPERATOR, email, &password, name, is_staff)
                    .await?
            }
        };
        Ok::<_, CliError>((user, role))
    });
    try_join_all(members).await
}
