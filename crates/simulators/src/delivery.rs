//! Webhooks on their way to the business: one queue for each account, in order, several events in one call when the
//! target is slower than the events (as Meta batches them).
//!
//! An unreachable target is tried again after 1, 2, 4 … 30 seconds, for ten minutes, and everything behind waits. An
//! answer that is not 2xx is tried again likewise, but others overtake it.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;
use tokio::{
    runtime::Handle,
    sync::{Notify, mpsc, oneshot},
    time::{Instant, sleep},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    World,
    chats::ChatKey,
    greenapi, lock,
    options::{GreenApiAccount, Service, WhatsAppAccount},
    whatsapp,
};

/// Events of one call.
const BATCH: usize = 100;
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const GIVE_UP: Duration = Duration::from_secs(600);
/// What a held event waits for the next one.
const HELD: Duration = Duration::from_millis(250);

/// The tasks, the client, and the count of what is under way.
pub(crate) struct Office {
    http: reqwest::Client,
    runtime: Handle,
    pub tasks: TaskTracker,
    pub stop: CancellationToken,
    under_way: Arc<UnderWay>,
}

#[derive(Default)]
struct UnderWay {
    count: AtomicUsize,
    none: Notify,
}

/// Something is under way as long as this lives.
pub(crate) struct Ticket(Arc<UnderWay>);

impl Drop for Ticket {
    fn drop(&mut self) {
        if self.0.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.none.notify_waiters();
        }
    }
}

impl Office {
    /// # Errors
    /// No HTTP client can be made on this system.
    pub fn new() -> Result<Self, reqwest::Error> {
        // The second call of a process finds it installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(20))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self {
            http,
            runtime: Handle::current(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            under_way: Arc::default(),
        })
    }

    pub fn ticket(&self) -> Ticket {
        self.under_way.count.fetch_add(1, Ordering::AcqRel);
        Ticket(self.under_way.clone())
    }

    pub async fn settle(&self) {
        loop {
            let none = self.under_way.none.notified();
            if self.under_way.count.load(Ordering::Acquire) == 0 {
                return;
            }
            none.await;
        }
    }

    /// Runs until it is done or the simulators stop.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        let task = async move { stop.run_until_cancelled(task).await };
        self.tasks.spawn_on(task, &self.runtime);
    }
}

/// Whose webhooks they are.
pub(crate) enum Destination {
    WhatsApp(WhatsAppAccount),
    GreenApi(GreenApiAccount),
}

/// What a webhook tells.
#[derive(Clone)]
pub(crate) enum News {
    /// WhatsApp: a customer's message.
    Message { contact: Value, message: Value },
    /// WhatsApp: what became of a message.
    Status(Value),
    /// Green API: the whole call.
    Notification(Value),
}

pub(crate) struct Event {
    pub news: News,
    /// A customer's message: its line becomes `delivered`.
    pub line: Option<(ChatKey, String)>,
    /// Told when the target has taken it.
    pub taken: Option<oneshot::Sender<()>>,
    ticket: Ticket,
    twice: bool,
}

impl Event {
    pub fn new(office: &Office, news: News) -> Self {
        Self {
            news,
            line: None,
            taken: None,
            ticket: office.ticket(),
            twice: false,
        }
    }
}

/// An account's queue.
pub(crate) struct Mailbox {
    service: Service,
    account: String,
    queue: mpsc::UnboundedSender<Event>,
    held: Mutex<Option<Event>>,
}

impl Mailbox {
    pub fn open(world: &Arc<World>, destination: Destination) -> Arc<Self> {
        let (service, account) = match &destination {
            Destination::WhatsApp(account) => (Service::WhatsApp, account.phone_number_id.clone()),
            Destination::GreenApi(account) => (Service::GreenApi, account.instance.clone()),
        };
        let (queue, events) = mpsc::unbounded_channel();
        world
            .office
            .spawn(carry(world.clone(), Arc::new(destination), events));
        Arc::new(Self {
            service,
            account,
            queue,
            held: Mutex::default(),
        })
    }

    /// Sends an event on its way, through the webhook faults.
    pub fn post(self: &Arc<Self>, world: &Arc<World>, mut event: Event) {
        let fate = world.faults.fate(self.service, &self.account);
        if fate.drop {
            return;
        }
        event.twice = fate.duplicate;
        if fate.delay_ms == 0 {
            return self.forward(world, event, fate.reorder);
        }
        let (mailbox, world) = (self.clone(), world.clone());
        world.clone().office.spawn(async move {
            sleep(Duration::from_millis(fate.delay_ms)).await;
            mailbox.forward(&world, event, fate.reorder);
        });
    }

    fn forward(self: &Arc<Self>, world: &Arc<World>, event: Event, reorder: bool) {
        let before = {
            let mut held = lock(&self.held);
            match held.take() {
                Some(before) => Some(before),
                None if reorder => {
                    *held = Some(event);
                    drop(held);
                    let mailbox = self.clone();
                    world.office.spawn(async move {
                        sleep(HELD).await;
                        if let Some(event) = lock(&mailbox.held).take() {
                            mailbox.enqueue(event);
                        }
                    });
                    return;
                }
                None => None,
            }
        };
        self.enqueue(event);
        if let Some(before) = before {
            self.enqueue(before);
        }
    }

    fn enqueue(&self, event: Event) {
        // Fails only when the simulators have stopped.
        let _ = self.queue.send(event);
    }
}

async fn carry(
    world: Arc<World>,
    destination: Arc<Destination>,
    mut events: mpsc::UnboundedReceiver<Event>,
) {
    let limit = match *destination {
        Destination::WhatsApp(_) => BATCH,
        // One notification a call.
        Destination::GreenApi(_) => 1,
    };
    let mut batch = Vec::new();
    while events.recv_many(&mut batch, limit).await > 0 {
        let batch = std::mem::take(&mut batch);
        let twice: Vec<Event> = batch
            .iter()
            .filter(|event| event.twice)
            .map(|event| Event::new(&world.office, event.news.clone()))
            .collect();
        deliver(&world, &destination, batch).await;
        if !twice.is_empty() {
            deliver(&world, &destination, twice).await;
        }
    }
}

/// Until it is taken; what is refused goes on in a task of its own.
async fn deliver(world: &Arc<World>, destination: &Arc<Destination>, batch: Vec<Event>) {
    let body = Bytes::from(destination.encode(batch.iter().map(|event| &event.news)));
    let (started, mut wait) = (Instant::now(), FIRST_WAIT);
    loop {
        match attempt(&world.office.http, destination, body.clone()).await {
            Attempt::Taken => return taken(world, batch),
            Attempt::Refused => {
                let (world, destination) = (world.clone(), destination.clone());
                return world.clone().office.spawn(async move {
                    insist(&world, &destination, batch, body).await;
                });
            }
            Attempt::Unreachable => {}
        }
        if started.elapsed() + wait > GIVE_UP {
            return tracing::warn!(
                events = batch.len(),
                "webhooks given up: target unreachable"
            );
        }
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

async fn insist(world: &Arc<World>, destination: &Destination, batch: Vec<Event>, body: Bytes) {
    let (started, mut wait) = (Instant::now(), FIRST_WAIT);
    while started.elapsed() + wait <= GIVE_UP {
        sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
        if matches!(
            attempt(&world.office.http, destination, body.clone()).await,
            Attempt::Taken
        ) {
            return taken(world, batch);
        }
    }
    tracing::warn!(
        events = batch.len(),
        "webhooks given up: target refuses them"
    );
}

fn taken(world: &World, batch: Vec<Event>) {
    for event in batch {
        if let Some((key, id)) = &event.line {
            world.chats.set_status(key, id, "delivered", None);
        }
        if let Some(taken) = event.taken {
            // Whoever wrote it may have stopped waiting.
            let _ = taken.send(());
        }
        drop(event.ticket);
    }
}

enum Attempt {
    Taken,
    Refused,
    Unreachable,
}

async fn attempt(http: &reqwest::Client, to: &Destination, body: Bytes) -> Attempt {
    let request = match to {
        Destination::WhatsApp(account) => http.post(&account.webhook_url).header(
            "X-Hub-Signature-256",
            whatsapp::signature(&account.app_secret, &body),
        ),
        Destination::GreenApi(account) => http.post(&account.webhook_url).header(
            AUTHORIZATION,
            greenapi::authorization(&account.webhook_token),
        ),
    };
    match request
        .header(CONTENT_TYPE, "application/json")
        .body(body)
        .send()
        .await
    {
        Ok(answer) if answer.status().is_success() => {
            // Read to the end, so that the connection is used again.
            let _ = answer.bytes().await;
            Attempt::Taken
        }
        Ok(_) => Attempt::Refused,
        Err(error) if error.is_connect() => Attempt::Unreachable,
        // It may have got it. So may the real ones think, and send again.
        Err(_) => Attempt::Refused,
    }
}

impl Destination {
    fn encode<'a>(&self, news: impl Iterator<Item = &'a News>) -> Vec<u8> {
        match self {
            Self::WhatsApp(account) => whatsapp::envelope(account, news).to_string().into_bytes(),
            Self::GreenApi(_) => {
                let only = news.into_iter().find_map(|news| match news {
                    News::Notification(value) => Some(value.to_string()),
                    News::Message { .. } | News::Status(_) => None,
                });
                only.unwrap_or_default().into_bytes()
            }
        }
    }
}
