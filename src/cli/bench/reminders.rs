//! Reminders of many workspaces that fall due in the same minute: how soon all of them are planned, and how long a
//! workspace waits for its first while all the others have theirs.

use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use axum::Router;
use chrono::{DurationRound, TimeDelta, Utc};
use clap::Args;
use kazi_jobs::{
    Context,
    appointments::{
        self, BookingFilter, BookingId, NewBooking, NewOffering, NewProvider, Offering, Opening,
        Provider, REMINDER_TEMPLATE,
    },
    channels::{self, ChannelId, ChannelKind, Credentials, NewChannel},
    contacts::{self, ContactId, Identity},
    pools,
    templates::{self, Category, Template, TemplateId, TemplateStatus},
    workspaces::{self, NewWorkspace},
};
use kazi_platform::{Phone, Timestamp, WorkspaceId, actor::Actor, database};
use kazi_queue::{bench::Figure, inspect};
use kazi_simulators::{Entry, Options, Service, Simulators, WhatsAppAccount};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{ACCOUNT, Format, SECRET, percentile, show, spinner};
use crate::{
    Fault,
    config::Config,
    http,
    runtime::{self, Parts},
};

/// How much.
#[derive(Args)]
pub struct Reminders {
    /// Workspaces, each with a number of its own.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    workspaces: u32,
    /// Bookings of each, all of them to be reminded of at the same moment.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=250))]
    each: u32,
    /// Seconds until that moment, in which the bookings are made.
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(10..=3_600))]
    lead: u32,
    #[command(flatten)]
    format: Format,
}

/// Bookings of a provider: their offerings remind so many minutes before, so they are due together.
const BEFORE: [u32; 5] = [10, 20, 30, 40, 50];
/// Workspaces that are filled at the same time.
const AT_ONCE: usize = 4;
/// Between two looks.
const LOOK: Duration = Duration::from_millis(500);
/// After this nothing more is waited for.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
const TEMPLATE_BODY: &str = "A reminder: {{1}}, {{2}}, with {{3}}.";

/// A workspace with its people, before anything is booked.
struct Business {
    workspace: WorkspaceId,
    number: String,
    /// With one reminder each.
    offerings: Vec<Offering>,
    providers: Vec<Provider>,
    contacts: Vec<ContactId>,
}

impl Reminders {
    /// Measures.
    pub async fn run(self, mut ctx: Context, config: &Config) -> Result<(), Fault> {
        let simulators = Simulators::start(Options {
            rate_per_second: None,
            ..Options::default()
        })
        .await?;
        let mut providers = (*ctx.providers).clone();
        providers.whatsapp_base_url = simulators.base_url(Service::WhatsApp);
        ctx.providers = providers.into();
        let listener = http::listen("127.0.0.1:0".parse()?).await?;
        let url = format!("http://{}/webhooks/whatsapp", listener.local_addr()?);
        let bar = spinner();
        bar.set_message("making the workspaces");
        let each = self.each;
        let businesses = on_several(0..self.workspaces, {
            let ctx = ctx.clone();
            move |number| {
                let ctx = ctx.clone();
                async move { Business::make(&ctx, number, each).await }
            }
        })
        .await?;
        for business in &businesses {
            simulators.add_whatsapp(business.account(&url));
        }
        simulators.add_template(
            ACCOUNT,
            kazi_simulators::Template {
                name: REMINDER_TEMPLATE.into(),
                language: "en".into(),
                category: "UTILITY".into(),
                body: TEMPLATE_BODY.into(),
                status: "APPROVED".into(),
                ..kazi_simulators::Template::default()
            },
        );
        bar.set_message("booking");
        let due = (ctx.clock.now() + TimeDelta::seconds(self.lead.into()))
            .duration_trunc(TimeDelta::minutes(1))?
            + TimeDelta::minutes(1);
        let businesses = on_several(businesses, {
            let ctx = ctx.clone();
            move |business| {
                let ctx = ctx.clone();
                async move {
                    business.book(&ctx, due).await?;
                    Ok(business)
                }
            }
        })
        .await?;
        if ctx.clock.now() > due - TimeDelta::seconds(3) {
            return Err("the bookings were not made in time: try a longer --lead".into());
        }
        let stop = CancellationToken::new();
        let parts = Parts {
            intake: true,
            pools: config.pools(),
            listener,
            routes: Router::new(),
        };
        let running = tokio::spawn({
            let (ctx, config, stop) = (ctx.clone(), config.clone(), stop.clone());
            async move { runtime::run(&ctx, &config, parts, stop).await }
        });
        bar.set_message(format!("waiting for {}", due.format("%H:%M:%S")));
        let ended = end(&ctx, due).await;
        stop.cancel();
        running.await??;
        bar.finish_and_clear();
        ended?;
        let planned = planned(&ctx, &businesses, due).await?;
        let ledger = simulators.ledger(Service::WhatsApp);
        simulators.shutdown().await;
        show(self.format, &self.figures(&planned, &ledger, due))
    }

    fn figures(&self, planned: &[f64], ledger: &[Entry], due: Timestamp) -> Vec<Figure> {
        let all = f64::from(self.workspaces * self.each);
        let sent = ledger
            .iter()
            .filter(|entry| entry.status == 200 && entry.path.ends_with("/messages"));
        let mut first: BTreeMap<&str, f64> = BTreeMap::new();
        let (mut messages, mut count, mut last) = (HashSet::new(), 0_u32, 0.0_f64);
        for entry in sent {
            let after = (entry.at - due).as_seconds_f64();
            let known = first.entry(&entry.account).or_insert(after);
            *known = known.min(after);
            last = last.max(after);
            messages.insert(entry.callback.as_deref());
            count += 1;
        }
        let mut first: Vec<f64> = first.into_values().collect();
        // A workspace that got none has waited for ever.
        let missing = (self.workspaces as usize).saturating_sub(first.len());
        first.extend(std::iter::repeat_n(f64::INFINITY, missing));
        first.sort_by(f64::total_cmp);
        let different = u32::try_from(messages.len()).unwrap_or(u32::MAX);
        vec![
            Figure::new("reminders due in one minute", all, ""),
            Figure::new("workspaces", f64::from(self.workspaces), ""),
            Figure::new("planned, p50 after due", percentile(planned, 0.5), "s"),
            Figure::new("planned, the last after due", percentile(planned, 1.0), "s").at_most(5.0),
            Figure::new(
                "a workspace's first at the provider, p50 after due",
                percentile(&first, 0.5),
                "s",
            ),
            Figure::new(
                "a workspace's first at the provider, the last after due",
                percentile(&first, 1.0),
                "s",
            )
            .at_most(5.0),
            Figure::new("all at the provider after due", last, "s"),
            Figure::new(
                "reminders that did not arrive",
                all - f64::from(different),
                "",
            )
            .at_most(0.0),
            Figure::new(
                "reminders that arrived twice",
                f64::from(count - different),
                "",
            )
            .at_most(0.0),
        ]
    }
}

impl Business {
    async fn make(ctx: &Context, number: u32, each: u32) -> Result<Self, Fault> {
        let new = NewWorkspace {
            name: &format!("Salon {number}"),
            default_language: "en",
            languages: &["en".to_owned()],
            country: None,
            currency: "USD".parse()?,
        };
        // It makes the workspace that it fills.
        let mut tx = database::platform(&ctx.db).await?;
        let workspace = workspaces::create(&mut tx, &new).await?;
        let credentials = Credentials {
            token: "token".into(),
            app_secret: Some(SECRET.into()),
            verify_token: None,
            webhook_token: None,
        };
        let external_id = format!("1065403522{number:05}");
        let new = NewChannel {
            kind: ChannelKind::WhatsApp,
            name: "Bench",
            external_id: &external_id,
            account_id: Some(ACCOUNT),
            display_phone: None,
            base_url: None,
            credentials: &credentials,
        };
        let actor = &Actor::OPERATOR;
        let channel = channels::add(&mut tx, &ctx.keyring, workspace, actor, &new).await?;
        tx.commit().await?;

        let mut tx = database::tenant(&ctx.db, workspace).await?;
        let template = Template {
            id: TemplateId::new(),
            account: ACCOUNT.into(),
            name: REMINDER_TEMPLATE.into(),
            language: "en".into(),
            category: Category::Utility,
            status: TemplateStatus::Approved,
            body: TEMPLATE_BODY.into(),
            components: Value::Null,
            paused_until: None,
        };
        templates::save(&mut tx, workspace, &template).await?;
        let mut providers = Vec::new();
        let kinds = BEFORE.len();
        for place in 0..(each as usize).div_ceil(kinds) {
            let new =
                json!({"kind": "desk", "name": format!("Chair {place}"), "zone": "Africa/Nairobi"});
            let new: NewProvider = serde_json::from_value(new)?;
            let provider = appointments::create_provider(&mut tx, workspace, actor, &new).await?;
            let always = |weekday| json!({"weekday": weekday, "from": "00:00", "until": "24:00"});
            let week: Vec<Opening> = serde_json::from_value((1..=7).map(always).collect())?;
            appointments::set_hours(&mut tx, workspace, actor, &provider, &week).await?;
            providers.push(provider);
        }
        let mut offerings = Vec::new();
        for before in BEFORE {
            let ids: Vec<_> = providers.iter().map(|provider| provider.id).collect();
            let new = json!({"names": {"en": "Haircut"}, "duration_minutes": 10, "reminder_minutes": [before], "providers": ids});
            let new: NewOffering = serde_json::from_value(new)?;
            let now = ctx.clock.now();
            offerings
                .push(appointments::create_offering(&mut tx, workspace, actor, now, &new).await?);
        }
        let mut people = Vec::new();
        for place in 0..each {
            people.push(contact(&mut tx, ctx, workspace, channel, number * 1_000 + place).await?);
        }
        tx.commit().await?;
        Ok(Self {
            workspace,
            number: external_id,
            offerings,
            providers,
            contacts: people,
        })
    }

    fn account(&self, url: &str) -> WhatsAppAccount {
        WhatsAppAccount {
            phone_number_id: self.number.clone(),
            business_account_id: ACCOUNT.into(),
            display_phone: "+254 20 555 0100".into(),
            token: "token".into(),
            app_secret: SECRET.into(),
            webhook_url: url.to_owned(),
        }
    }

    /// One booking a contact, each so long after the moment as its offering reminds before.
    async fn book(&self, ctx: &Context, due: Timestamp) -> Result<(), Fault> {
        let mut tx = database::tenant(&ctx.db, self.workspace).await?;
        let mut places = Vec::new();
        for provider in &self.providers {
            for (offering, before) in self.offerings.iter().zip(BEFORE) {
                places.push((provider.id, offering.id, before));
            }
        }
        for (contact, (provider, offering, before)) in self.contacts.iter().zip(places) {
            let new = NewBooking {
                offering,
                provider,
                contact: *contact,
                starts_at: due + TimeDelta::minutes(before.into()),
                note: None,
            };
            let now = ctx.clock.now();
            let (actor, id) = (&Actor::OPERATOR, BookingId::at(now));
            appointments::book(&mut tx, self.workspace, actor, now, id, &new).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Somebody whom the number knows, and who has never written.
async fn contact(
    conn: &mut sqlx::PgConnection,
    ctx: &Context,
    workspace: WorkspaceId,
    channel: ChannelId,
    number: u32,
) -> Result<ContactId, Fault> {
    let phone = format!("2547{number:08}");
    let identity = Identity {
        phone: Phone::from_wa_id(&phone),
        chat_id: Some(phone),
        name: Some("Amina".into()),
        user_id: None,
    };
    let now = ctx.clock.now();
    Ok(contacts::resolve(conn, workspace, channel, now, &identity)
        .await?
        .id)
}

/// Does something for each, some at the same time.
async fn on_several<T, R, W>(
    all: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> W,
) -> Result<Vec<R>, Fault>
where
    R: Send + 'static,
    W: Future<Output = Result<R, Fault>> + Send + 'static,
{
    let (mut done, mut under_way) = (Vec::new(), JoinSet::new());
    for one in all {
        if under_way.len() == AT_ONCE
            && let Some(ended) = under_way.join_next().await
        {
            done.push(ended??);
        }
        under_way.spawn(work(one));
    }
    while let Some(ended) = under_way.join_next().await {
        done.push(ended??);
    }
    Ok(done)
}

/// Waits until all is planned and sent.
async fn end(ctx: &Context, due: Timestamp) -> Result<(), Fault> {
    let until_due = (due - Utc::now()).to_std().unwrap_or_default();
    tokio::time::sleep(until_due).await;
    loop {
        tokio::time::sleep(LOOK).await;
        // The queue's tables are no workspace's.
        let mut tx = database::platform(&ctx.db).await?;
        let all = inspect::pools(&mut tx).await?;
        let left = all
            .iter()
            .filter(|pool| [pools::DEFAULT.name(), pools::WHATSAPP.name()].contains(&&*pool.pool))
            .map(|pool| pool.ready + pool.running + pool.blocked + pool.scheduled)
            .sum::<i64>();
        if left == 0 {
            return Ok(());
        }
        if Utc::now() - due > PATIENCE {
            return Err(format!("{left} jobs are left").into());
        }
    }
}

/// When each was planned, in seconds after it was due, in order.
async fn planned(
    ctx: &Context,
    businesses: &[Business],
    due: Timestamp,
) -> Result<Vec<f64>, Fault> {
    let mut times = Vec::new();
    for business in businesses {
        let mut tx = database::tenant(&ctx.db, business.workspace).await?;
        let filter = BookingFilter::default();
        let all = appointments::bookings(&mut tx, business.workspace, &filter, None, 1_000).await?;
        times.extend(all.iter().map(|booking| {
            booking
                .reminded_at
                .map_or(f64::INFINITY, |at| (at - due).as_seconds_f64())
        }));
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}
