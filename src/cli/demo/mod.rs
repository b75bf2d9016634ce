//! `kazi demo`: a business with customers to play, and nothing to configure. It is the real program with its own
//! PostgreSQL and simulated providers on this machine.

mod activity;
mod business;
mod first_day;
mod page;

use std::{io::IsTerminal, net::SocketAddr, path::Path, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use kazi_clients::smtp::Tls;
use kazi_jobs::channels::ChannelKind;
use kazi_queue::trace::TraceId;
use kazi_simulators::{GreenApiAccount, Options, Service, Simulators, WhatsAppAccount};
use secrecy::SecretString;
use tokio::net::TcpListener;

use super::output;
use crate::{
    CliError,
    config::Config,
    http,
    runtime::{self, Parts, Runtime, Whose},
};

/// A message whose request was lost is sent again soon, because nobody waits five minutes in a demo.
const AMBIGUOUS_WAIT_SECONDS: u64 = 10;
/// The time that the simulated Meta takes to approve a template: long enough to see it under review.
const REVIEW: Duration = Duration::from_secs(20);
/// The number of ports that are tried after the configured one.
const PORTS: u16 = 20;

/// The customers of the page's phones: number, name, language.
const PHONES: [(&str, &str, &str); 4] = [
    ("254712345678", "Amina", "en"),
    ("5511987654321", "João", "pt"),
    ("33612345678", "Chloé", "fr"),
    ("201001234567", "ليلى", "ar"),
];

/// The addresses of the demo.
pub struct Demo {
    simulators: String,
    channels: Vec<business::DemoChannel>,
}

/// Runs the demo until it is stopped.
pub async fn run(mut config: Config) -> Result<(), CliError> {
    let stop = runtime::signals()?;
    let listener = listen(config.http.bind).await?;
    let own = format!("http://{}", listener.local_addr()?);
    let simulators = Simulators::start(Options {
        template_review: Some(REVIEW),
        ..Options::default()
    })
    .await?;
    let key = TraceId::random().to_string();
    simulators.add_openrouter_key(&key);
    config.openrouter.key = SecretString::from(key).into();
    config.openrouter.base_url = simulators.base_url(Service::OpenRouter);
    config.whatsapp.base_url = simulators.base_url(Service::WhatsApp);
    config.stripe.base_url = simulators.base_url(Service::Stripe);
    // Customers come back to this address after paying.
    config.http.public_url.clone_from(&own);
    config.greenapi.base_url = simulators.base_url(Service::GreenApi);
    config.social.instagram_base_url = simulators.base_url(Service::Graph);
    config.social.facebook_base_url = simulators.base_url(Service::Graph);
    config.smtp.host = simulators.smtp().ip().to_string();
    config.smtp.port = simulators.smtp().port();
    config.smtp.tls = Tls::None;
    // The business's own server is among the simulators, and its endpoint may call it.
    let network = simulators.ip().to_string().parse()?;
    config.endpoints.networks.push(network);
    config.messages.ambiguous_wait_seconds = AMBIGUOUS_WAIT_SECONDS;
    // Apart from the data of `kazi run` in the same folder.
    config.database.folder.push("demo");

    let steps = Steps::begin();
    steps.say("starting PostgreSQL (the first time its data folder is made)");
    let mut runtime = Runtime::open(config, Whose::Ours).await?;
    steps.say("migrating the database");
    let prepared = async {
        kazi_jobs::migrate(&runtime.ctx.owner, &runtime.ctx.clock).await?;
        steps.say("making the business");
        let made = business::make(&runtime, &own).await?;
        register(&simulators, &made, &own);
        let seller = business::complete(&runtime, &simulators, &made, &own).await?;
        let has_begun = first_day::has_begun(&runtime, made.workspace).await?;
        Ok((made, seller, has_begun))
    };
    let (made, seller, has_begun) = match prepared.await {
        Ok(prepared) => prepared,
        Err(fault) => {
            runtime.close().await;
            return Err(fault);
        }
    };
    let channels = made.channels;
    // Members prove their phones over the business's own number.
    let mut providers = (*runtime.ctx.providers).clone();
    providers.code_channel = Some(made.whatsapp.uuid());
    providers.credits_seller = Some(seller);
    runtime.ctx.providers = providers.into();
    steps.end();
    output::print(&welcome(&own, &runtime.config.database.folder))?;

    let number = channels
        .iter()
        .find(|channel| channel.kind == ChannelKind::WhatsApp)
        .map_or("", |channel| channel.external_id);
    let routes = page::routes(
        &runtime.ctx.db,
        Demo {
            simulators: simulators.url(),
            channels,
        },
    );
    let routes = match routes {
        Ok(routes) => routes,
        Err(fault) => {
            runtime.close().await;
            return Err(fault);
        }
    };
    let pools = runtime.config.pools();
    let parts = Parts {
        intake: true,
        pools,
        listener,
        routes,
    };
    let place = first_day::Place {
        own: &own,
        simulators: &simulators,
        number,
        clock: &runtime.ctx.clock,
    };
    let day = async {
        if !has_begun && let Err(error) = first_day::play(&place).await {
            tracing::warn!(%error, "the first day of the business is not complete");
        }
    };
    let day = stop.clone().run_until_cancelled_owned(day);
    let running = runtime::run(&runtime.ctx, &runtime.config, parts, stop);
    let (ended, _) = tokio::join!(running, day);
    simulators.shutdown().await;
    runtime.close().await;
    ended
}

/// Listens on the configured address, or on one of the next ports if it is taken.
async fn listen(bind: SocketAddr) -> Result<TcpListener, CliError> {
    let first = http::listen(bind).await;
    let Err(fault) = first else { return Ok(first?) };
    for port in (1..=PORTS).filter_map(|next| bind.port().checked_add(next)) {
        if let Ok(listener) = http::listen(SocketAddr::new(bind.ip(), port)).await {
            output::print(&format!(
                "Port {} is busy: the demo takes {port}.\n",
                bind.port()
            ))?;
            return Ok(listener);
        }
    }
    Err(fault.into())
}

/// Gives the simulators our accounts and templates, as a person fills in a provider's dashboard.
fn register(simulators: &Simulators, made: &business::Made, own: &str) {
    business::templates::register(simulators);
    for account in &made.social {
        simulators.add_graph(account.clone());
    }
    for channel in &made.channels {
        match channel.kind {
            ChannelKind::WhatsApp => simulators.add_whatsapp(WhatsAppAccount {
                phone_number_id: channel.external_id.to_owned(),
                business_account_id: business::BUSINESS_ACCOUNT.to_owned(),
                display_phone: channel.display_phone.to_owned(),
                token: channel.token.clone(),
                app_secret: channel.webhook_secret.clone(),
                webhook_url: format!("{own}/webhooks/whatsapp"),
            }),
            ChannelKind::GreenApi => simulators.add_greenapi(GreenApiAccount {
                instance: channel.external_id.to_owned(),
                token: channel.token.clone(),
                webhook_url: format!("{own}/webhooks/greenapi"),
                webhook_token: channel.webhook_secret.clone(),
            }),
        }
    }
}

fn welcome(own: &str, folder: &Path) -> String {
    let (owner, password) = (business::OWNER, business::PASSWORD);
    let folder = folder.display();
    // As the user started it.
    let program = std::env::args().next().unwrap_or_default();
    let kazi = format!("KAZI_DATABASE__FOLDER={folder} {program} campaigns list");
    format!(
        "
  The phones   {own}/              as a customer
  The app      {own}/open/owner    as the business; also /open/agent, /open/viewer
  Simulators   {own}/simulators    faults to play; letters, posts, calls, webhooks
  The API      {own}/api/docs      as {owner}, {password}; the owner is the platform's staff too
  Metrics      {own}/metrics       Ready?  {own}/readyz

  Try, on a phone:
    Hello                                   the bot asks your name and language; then the menu: tap Shop
    “How much is delivery?”                 a model answers; agent: a person does
    cart, book, plans, news                 order and pay, visit the hairdresser, television, a brief
    STOP                                    no more offers; START takes it back
  In the app:
    Inbox       write agent on a phone, answer it here, hand it back to the bot
    Campaigns   send one, pause it on its way, see who answered
    Bookings    book for a customer: the reminder comes within minutes; tap its answer on the phone
  On the page of the simulators:
    Faults      lose a payment's webhooks, pay, and compare with Stripe in the app: what was lost is found

  As the operator, in another terminal of this folder:
    {kazi}

  Ctrl-C stops everything. What was done is there again at the next start.

"
    )
}

/// Shows the present step to a person who waits.
struct Steps(ProgressBar);

impl Steps {
    fn begin() -> Self {
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    fn say(&self, what: &'static str) {
        self.0.set_message(what);
    }

    fn end(self) {
        self.0.finish_and_clear();
    }
}
