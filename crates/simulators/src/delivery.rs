//! Webhooks to the business: a queue for each account, the faults of webhooks, and the count of webhooks on their way.

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

/// A held event waits this long for the next one.
const HELD: Duration = Duration::from_millis(250);

/// The tasks, the HTTP client, and the count of webhooks on their way.
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

/// A webhook is on its way while its ticket lives.
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
        // The second call in a process fails, because the first has installed the provider.
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

    /// Runs a task until it ends or the simulators stop.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        let task = async move { stop.run_until_cancelled(task).await };
        self.tasks.spawn_on(task, &self.runtime);
    }
}

/// The account that webhooks belong to.
pub(crate) enum Destination {
    WhatsApp(WhatsAppAccount),
    GreenApi(GreenApiAccount),
    Stripe(StripeAccount),
}

/// The content of a webhook.
#[derive(Clone)]
pub(crate) enum Content {
    /// WhatsApp: a customer's message.
    Message { contact: Value, message: Value },
    /// WhatsApp: a message that the business wrote on its own phone.
    Echo(Value),
    /// WhatsApp: the status of a message.
    Status {
        status: Box<RawValue>,
        /// Who it is about, without a profile. Meta leaves it out for a message that has failed.
        contact: Option<Box<RawValue>>,
    },
    /// WhatsApp: a change of the whole business account, with its time in Unix seconds.
    Account {
        field: String,
        value: Value,
        time: i64,
    },
    /// Green API and Stripe: the whole body.
    Notification(Value),
}

pub(crate) struct Event {
    pub content: Content,
    /// The line of a customer's message. It becomes `delivered`.
    pub line: Option<(ChatKey, String)>,
    /// Set when the target has accepted the webhook.
    pub delivered: Option<Arc<AtomicBool>>,
    /// Sent when the target has accepted the webhook.
    pub taken: Option<oneshot::Sender<()>>,
    /// Settling waits for this ticket.
    pub ticket: Ticket,
    /// A fault: the webhook is delivered twice.
    pub twice: bool,
}

impl Event {
    pub fn new(office: &Office, content: Content) -> Self {
        Self {
            content,
            line: None,
            delivered: None,
            taken: None,
            ticket: office.ticket(),
            twice: false,
        }
    }
}

/// The queue of an account.
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

    /// Sends an event, after the faults of webhooks.
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
        // Sending fails only when the simulators have stopped.
        let _ = self.queue.send(event);
    }
}
