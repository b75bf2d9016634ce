//! Simulators of WhatsApp (Meta Cloud API), Green API, OpenRouter, Stripe and the publishing part of the Graph API over
//! HTTP, and of a mail server over SMTP. They are as strict as the real services. Tests, load tests and the demo use
//! them.
//!
//! All providers listen on one port, each below its own base URL ([`Simulators::base_url`]). A [`Phone`] is a customer.
//! The business receives a customer's message as a signed webhook, and the phone's transcript shows the business's
//! messages. A [`Receiver`] is a business's own server, which Kazi tells of events. A [`Fault`] scripts what a provider
//! does wrong. The [ledger](Entry) keeps the requests that a provider received. [`Simulators::url`] is also a page, which
//! shows a person what was received, and plays faults.

mod carrier;
mod chats;
mod control;
mod delivery;
mod faults;
mod graph;
mod greenapi;
mod ledger;
mod media;
mod openrouter;
mod options;
mod page;
mod phone;
mod receiver;
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
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use tokio::task::JoinHandle;
use tokio_util::sync::DropGuard;

pub use chats::{Choice, Line, LineFile};
pub use faults::{CutAt, Fault, WebhookFault};
pub use graph::Post;
pub use ledger::Entry;
pub use media::SentFile;
pub use options::{
    GraphAccount, GreenApiAccount, Network, Options, Service, StripeAccount, WhatsAppAccount,
};
pub use phone::Phone;
pub use receiver::{Call, Receiver, Say};
pub use smtp::{Mail, MailFault};
pub use stripe::{StripeAction, StripeSession};
pub use whatsapp::{Template, TemplateChange};

use chats::{ChatKey, Chats};
use delivery::{Destination, Mailbox, Office};
use faults::Faults;
use ledger::Ledger;

/// A shutdown waits this long for running requests.
const LAST_REQUESTS: Duration = Duration::from_secs(2);

/// Running simulators. They stop when the last clone is dropped, or by [`Simulators::shutdown`].
#[derive(Clone)]
pub struct Simulators {
    world: Arc<World>,
    server: Arc<Mutex<Option<JoinHandle<()>>>>,
    _stops: Arc<DropGuard>,
}

/// The state that all parts share.
pub(crate) struct World {
    pub options: Options,
    pub address: SocketAddr,
    pub ledger: Ledger,
    pub faults: Faults,
    pub chats: Chats,
    pub office: Office,
    pub numbers: Mutex<HashMap<String, Arc<whatsapp::Number>>>,
    pub templates: Mutex<whatsapp::Templates>,
    pub uploads: whatsapp::Uploads,
    pub instances: Mutex<HashMap<String, Arc<greenapi::Instance>>>,
    pub keys: Mutex<HashSet<String>>,
    pub stripe: Mutex<HashMap<String, Arc<stripe::Account>>>,
    /// Stripe's clock is this many seconds ahead.
    pub stripe_ahead: AtomicI64,
    pub board: Mutex<graph::Board>,
    pub limits_pairs: AtomicBool,
    pub files: media::Shelf,
    pub inbox: Arc<smtp::Inbox>,
    /// The business's own server, which its endpoints call.
    pub business: Arc<receiver::Desk>,
    pub smtp: SocketAddr,
}

impl Simulators {
    /// Starts the simulators in the current tokio runtime.
    ///
    /// # Errors
    /// Another program uses the address, or no HTTP client can be made on this system.
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
            uploads: whatsapp::Uploads::default(),
            instances: Mutex::default(),
            keys: Mutex::default(),
            stripe: Mutex::default(),
            stripe_ahead: AtomicI64::default(),
            board: Mutex::default(),
            limits_pairs: AtomicBool::new(false),
            files: media::Shelf::default(),
            inbox,
            business: Arc::default(),
            smtp,
        });
        let server = tokio::spawn(server::serve(listener, world.clone()));
        Ok(Self {
            world,
            server: Arc::new(Mutex::new(Some(server))),
            _stops: Arc::new(stop.drop_guard()),
        })
    }

    /// Returns `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.world.url()
    }

    /// Returns the IP address of the providers and of the business's own server.
    pub fn ip(&self) -> IpAddr {
        self.world.address.ip()
    }

    /// Returns the base URL for a client of this provider.
    pub fn base_url(&self, service: Service) -> String {
        format!("{}/{}", self.url(), service.name())
    }

    /// Adds a phone number, or replaces the one with the same id.
    pub fn add_whatsapp(&self, account: WhatsAppAccount) {
        self.world.add_whatsapp(account);
    }

    /// Adds an instance, or replaces the one with the same id.
    pub fn add_greenapi(&self, account: GreenApiAccount) {
        self.world.add_greenapi(account);
    }

    pub fn add_openrouter_key(&self, key: &str) {
        lock(&self.world.keys).insert(key.to_owned());
    }

    /// Adds an Instagram account or a Facebook page, or replaces the one with the same id.
    pub fn add_graph(&self, account: GraphAccount) {
        lock(&self.world.board).add(account);
    }

    /// Returns the posts of the Graph API, the oldest first.
    pub fn posts(&self) -> Vec<Post> {
        lock(&self.world.board).posts()
    }

    /// Adds an approved template to a business account. Each account has `hello_world` (en_US) from the start.
    pub fn add_template(&self, business_account_id: &str, template: Template) {
        lock(&self.world.templates).add(business_account_id, template);
    }

    /// Changes a template of a business account as Meta does, and sends the webhooks about it. Returns `false` when the
    /// template does not exist.
    pub fn change_template(&self, business_account_id: &str, change: &TemplateChange) -> bool {
        whatsapp::change_template(&self.world, business_account_id, change)
    }

    /// Switches on Meta's limit for a number and a recipient (131056): one message in 6 seconds, and 45 at once. It is
    /// off at the start.
    pub fn limit_pairs(&self, on: bool) {
        self.world.limits_pairs.store(on, Ordering::Relaxed);
    }

    /// Returns the address of the business's own server, for an endpoint. It keeps what it is told, and the simulators'
    /// page shows it.
    pub fn business_url(&self) -> String {
        format!("{}/business", self.url())
    }

    /// Returns the requests that a provider has received, the oldest first. The ledger keeps the newest 500,000 of all
    /// providers.
    pub fn ledger(&self, service: Service) -> Vec<Entry> {
        self.world.ledger.newest(Some(service), 0, usize::MAX)
    }

    pub fn clear_ledger(&self) {
        self.world.ledger.clear();
    }

    /// The address of the mail server. It uses no TLS and accepts letters from everybody.
    pub fn smtp(&self) -> SocketAddr {
        self.world.smtp
    }

    /// Returns the received letters, the oldest first. The inbox keeps the newest 10,000.
    pub fn inbox(&self) -> Vec<Mail> {
        self.world.inbox.mails()
    }

    /// Adds a fault of the mail server after the existing ones.
    pub fn mail_fault(&self, fault: MailFault) {
        self.world.inbox.faults.add(fault);
    }

    /// Adds a fault after the existing ones.
    pub fn fault(&self, fault: Fault) {
        self.world.faults.add(fault);
    }

    pub fn clear_faults(&self) {
        self.world.clear_faults();
    }

    /// Returns a customer's phone by its digits, in the chat with a business. `to` is a phone number id or an instance.
    pub fn phone(&self, wa_id: &str, channel: Service, to: &str) -> Phone {
        let key = ChatKey {
            phone: wa_id.trim_start_matches('+').to_owned(),
            service: channel,
            account: to.to_owned(),
        };
        Phone::new(self.world.clone(), key)
    }

    /// Lets all addresses of files expire, as they do five minutes after Meta has made them.
    pub fn expire_addresses(&self) {
        self.world.files.expire();
    }

    /// Forgets all files, as the providers do after some days.
    pub fn forget_files(&self) {
        self.world.files.clear();
    }

    /// Returns the bytes of a file that the business has uploaded, or that a phone has sent.
    pub fn file(&self, id: &str) -> Option<Vec<u8>> {
        self.world.files.get(id).map(|file| file.bytes.to_vec())
    }

    /// Returns the bytes of a template's sample, by its handle.
    pub fn sample(&self, handle: &str) -> Option<Vec<u8>> {
        self.world.uploads.bytes(handle)
    }

    /// Waits until no webhook is on its way. This includes webhooks of statuses that are still to come.
    pub async fn settle(&self) {
        self.world.office.settle().await;
    }

    /// Stops everything. Running calls are dropped.
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

    pub fn clear_faults(&self) {
        self.faults.clear();
        self.inbox.faults.clear();
        self.business.refusals.clear();
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

/// Locks a mutex. No code panics while it holds a lock, and the data would still be whole if it did.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
