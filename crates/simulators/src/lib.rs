//! Stand-ins of WhatsApp (Meta Cloud API), Green API, OpenRouter, Stripe and the Graph API's publishing over real HTTP, and of
//! a mail server over real SMTP, as strict as the real ones: for tests, load tests and the demo.
//!
//! All providers listen on one port, each below its own base URL ([`Simulators::base_url`]). A [`Phone`] is a customer:
//! what they write comes to the business as a signed webhook, what the business sends stands in the phone's
//! transcript. [`Fault`]s script what a provider does wrong; the [ledger](Entry) keeps what it received.

mod carrier;
mod chats;
mod control;
mod delivery;
mod faults;
mod graph;
mod greenapi;
mod ledger;
mod openrouter;
mod options;
mod phone;
mod server;
mod smtp;
mod stripe;
mod stripe_handle;
mod whatsapp;
mod wire;

#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, HashSet},
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use tokio::task::JoinHandle;
use tokio_util::sync::DropGuard;

pub use chats::{Choice, Line};
pub use faults::{CutAt, Fault, WebhookFault};
pub use graph::Post;
pub use ledger::Entry;
pub use options::{
    GraphAccount, GreenApiAccount, Network, Options, Service, StripeAccount, WhatsAppAccount,
};
pub use phone::Phone;
pub use smtp::{Mail, MailFault};
pub use stripe::{StripeAction, StripeSession};
pub use whatsapp::{Template, TemplateChange};

use chats::{ChatKey, Chats};
use delivery::{Destination, Mailbox, Office};
use faults::Faults;
use ledger::Ledger;

/// Shutting down waits so long for requests under way.
const LAST_REQUESTS: Duration = Duration::from_secs(2);

/// Running simulators. They stop when the last clone is dropped, or by [`Simulators::shutdown`].
#[derive(Clone)]
pub struct Simulators {
    world: Arc<World>,
    server: Arc<Mutex<Option<JoinHandle<()>>>>,
    _stops: Arc<DropGuard>,
}

/// What all parts share.
pub(crate) struct World {
    pub options: Options,
    pub address: SocketAddr,
    pub ledger: Ledger,
    pub faults: Faults,
    pub chats: Chats,
    pub office: Office,
    pub numbers: Mutex<HashMap<String, Arc<whatsapp::Number>>>,
    pub templates: Mutex<whatsapp::Templates>,
    pub instances: Mutex<HashMap<String, Arc<greenapi::Instance>>>,
    pub keys: Mutex<HashSet<String>>,
    pub stripe: Mutex<HashMap<String, Arc<stripe::Account>>>,
    /// How many seconds the clock of Stripe is ahead.
    pub stripe_ahead: AtomicI64,
    pub board: Mutex<graph::Board>,
    pub limits_pairs: AtomicBool,
    pub inbox: Arc<smtp::Inbox>,
    pub smtp: SocketAddr,
}

impl Simulators {
    /// Starts them within the current tokio runtime.
    ///
    /// # Errors
    /// The address is taken; no HTTP client can be made.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(options.bind).await?;
        let office = Office::new().map_err(io::Error::other)?;
        let stop = office.stop.clone();
        let inbox = Arc::<smtp::Inbox>::default();
        let at = SocketAddr::new(options.bind.ip(), 0);
        let smtp = smtp::start(at, inbox.clone(), stop.clone()).await?;
        let world = Arc::new(World {
            address: listener.local_addr()?,
            options,
            ledger: Ledger::default(),
            faults: Faults::default(),
            chats: Chats::new(),
            office,
            numbers: Mutex::default(),
            templates: Mutex::default(),
            instances: Mutex::default(),
            keys: Mutex::default(),
            stripe: Mutex::default(),
            stripe_ahead: AtomicI64::default(),
            board: Mutex::default(),
            limits_pairs: AtomicBool::new(false),
            inbox,
            smtp,
        });
        let server = tokio::spawn(server::serve(listener, world.clone()));
        Ok(Self {
            world,
            server: Arc::new(Mutex::new(Some(server))),
            _stops: Arc::new(stop.drop_guard()),
        })
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        self.world.url()
    }

    /// What a client of this provider takes as its base.
    pub fn base_url(&self, service: Service) -> String {
        format!("{}/{}", self.url(), service.name())
    }

    /// Adds a phone number, or puts it in the place of the one with its id.
    pub fn add_whatsapp(&self, account: WhatsAppAccount) {
        self.world.add_whatsapp(account);
    }

    /// Adds an instance, or puts it in the place of the one with its id.
    pub fn add_greenapi(&self, account: GreenApiAccount) {
        self.world.add_greenapi(account);
    }

    /// Adds a key.
    pub fn add_openrouter_key(&self, key: &str) {
        lock(&self.world.keys).insert(key.to_owned());
    }

    /// Adds an Instagram account or a Facebook page, or puts it in the place of the one with its id.
    pub fn add_graph(&self, account: GraphAccount) {
        lock(&self.world.board).add(account);
    }

    /// What was published by the Graph API, oldest first.
    pub fn posts(&self) -> Vec<Post> {
        lock(&self.world.board).posts()
    }

    /// Adds an approved template to a business account; `hello_world` (en_US) every account has.
    pub fn add_template(&self, business_account_id: &str, template: Template) {
        lock(&self.world.templates).add(business_account_id, template);
    }

    /// Changes a template of a business account as Meta does, with the webhooks that tell of it. `false` when there is no
    /// such template.
    pub fn change_template(&self, business_account_id: &str, change: &TemplateChange) -> bool {
        whatsapp::change_template(&self.world, business_account_id, change)
    }

    /// Meta's limit for a number and a recipient (131056): one message in 6 seconds, 45 at once. Off at the start.
    pub fn limit_pairs(&self, on: bool) {
        self.world.limits_pairs.store(on, Ordering::Relaxed);
    }

    /// What a provider has received, oldest first; the newest 500,000 of all providers are kept.
    pub fn ledger(&self, service: Service) -> Vec<Entry> {
        self.world.ledger.read(Some(service), 0, usize::MAX)
    }

    /// Forgets the ledger's entries.
    pub fn clear_ledger(&self) {
        self.world.ledger.clear();
    }

    /// Where letters are taken, without TLS and from anybody.
    pub fn smtp(&self) -> SocketAddr {
        self.world.smtp
    }

    /// The letters that were taken, oldest first; the newest 10,000 are kept.
    pub fn inbox(&self) -> Vec<Mail> {
        self.world.inbox.mails()
    }

    /// Adds a fault of the mail server, behind those that are there.
    pub fn mail_fault(&self, fault: MailFault) {
        self.world.inbox.add_fault(fault);
    }

    /// Adds a fault, behind those that are there.
    pub fn fault(&self, fault: Fault) {
        self.world.faults.add(fault);
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.world.faults.clear();
        self.world.inbox.clear_faults();
    }

    /// A customer's phone, by its digits, and the business that it writes to: `to` is a phone number id or an instance.
    pub fn phone(&self, wa_id: &str, channel: Service, to: &str) -> Phone {
        let key = ChatKey {
            phone: wa_id.trim_start_matches('+').to_owned(),
            service: channel,
            account: to.to_owned(),
        };
        Phone::new(self.world.clone(), key)
    }

    /// Resolves when no webhook is under way, those of statuses to come included.
    pub async fn settle(&self) {
        self.world.office.settle().await;
    }

    /// Stops everything; what is under way is dropped.
    pub async fn shutdown(self) {
        self.world.office.stop.cancel();
        self.world.office.tasks.close();
        self.world.office.tasks.wait().await;
        let server = lock(&self.server).take();
        if let Some(mut server) = server
            && tokio::time::timeout(LAST_REQUESTS, &mut server)
                .await
                .is_err()
        {
            server.abort();
        }
    }
}

impl World {
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn add_whatsapp(self: &Arc<Self>, account: WhatsAppAccount) {
        let mailbox = Mailbox::open(self, Destination::WhatsApp(account.clone()));
        let id = account.phone_number_id.clone();
        let number = whatsapp::Number::new(account, mailbox);
        lock(&self.numbers).insert(id, Arc::new(number));
    }

    pub fn add_greenapi(self: &Arc<Self>, account: GreenApiAccount) {
        let mailbox = Mailbox::open(self, Destination::GreenApi(account.clone()));
        let id = account.instance.clone();
        let instance = greenapi::Instance::new(account, mailbox);
        lock(&self.instances).insert(id, Arc::new(instance));
    }

    pub fn number(&self, id: &str) -> Option<Arc<whatsapp::Number>> {
        lock(&self.numbers).get(id).cloned()
    }

    pub fn instance(&self, id: &str) -> Option<Arc<greenapi::Instance>> {
        lock(&self.instances).get(id).cloned()
    }
}

/// Nothing panics while it holds one of the locks; if it did, the data would still be whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
