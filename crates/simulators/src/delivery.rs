//! Webhooks to the business: a queue for each account, the faults that strike them, and the count of what is under way.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, value::RawValue};
use tokio::{
    runtime::Handle,
    sync::{Notify, mpsc, oneshot},
    time::sleep,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    World, carrier,
    chats::ChatKey,
    lock,
    options::{GreenApiAccount, Service, StripeAccount, WhatsAppAccount},
};

/// What a held event waits for the next one.
const HELD: Duration = Duration::from_millis(250);

/// The tasks, the client, and the count of what is under way.
pub(crate) struct Office {
    pub http: reqwest::Client,
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
    Stripe(StripeAccount),
}

/// What a webhook tells.
#[derive(Clone)]
pub(crate) enum News {
    /// WhatsApp: a customer's message.
    Message { contact: Value, message: Value },
    /// WhatsApp: what became of a message.
    Status(Box<RawValue>),
    /// WhatsApp: of the whole business account, and when, in seconds since 1970.
    Account {
        field: String,
        value: Value,
        time: i64,
    },
    /// Green API, Stripe: the whole call.
    Notification(Value),
}

pub(crate) struct Event {
    pub news: News,
    /// A customer's message: its line becomes `delivered`.
    pub line: Option<(ChatKey, String)>,
    /// Set when the target has taken it.
    pub delivered: Option<Arc<AtomicBool>>,
    /// Told when the target has taken it.
    pub taken: Option<oneshot::Sender<()>>,
    /// Settling waits for it.
    pub ticket: Ticket,
    /// A fault: to be delivered once more.
    pub twice: bool,
}

impl Event {
    pub fn new(office: &Office, news: News) -> Self {
        Self {
            news,
            line: None,
            delivered: None,
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
            Destination::Stripe(account) => (Service::Stripe, account.account.clone()),
        };
        let (queue, events) = mpsc::unbounded_channel();
        world
            .office
            .spawn(carrier::carry(world.clone(), Arc::new(destination), events));
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
