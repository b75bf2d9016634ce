//! What the jobs' tests share: a business with both channels, its database, and the simulated providers. Events are
//! recorded as the intake does; jobs run when a test says so, at the time that it says.

mod business;
mod payments;

use std::time::Duration;

use kazi_clients::smtp::{Server, Smtp, Tls};
use kazi_platform::{
    Clock, Timestamp, WorkspaceId, actor::Actor, crypto::Keyring, database, egress::Reach,
    testing::TestDatabase,
};
use kazi_queue::{
    inspect::JobView,
    testing::{Drained, drain, pending},
    trace::TraceId,
};
use kazi_simulators::{
    Entry, Fault, GreenApiAccount, Options, SentFile, Service, Simulators, TemplateChange,
    WebhookFault, WhatsAppAccount,
};
use serde_json::{Value, json};
use sqlx::{Postgres, pool::PoolConnection};

use self::business::{add_channel, gather_for, offers, workspace};
use crate::{
    Across, Context, Providers, Work,
    channels::{ChannelId, ChannelKind, EventKind, NewEvent},
    context::MediaSettings,
    media::{self, MediaId, NewUpload},
    workspaces,
};

pub const NUMBER: &str = "106540352242922";
pub const INSTANCE: &str = "1101000001";
pub const CUSTOMER: &str = "254712345678";
/// The beginning of a picture.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

pub struct Shop {
    pub ctx: Context,
    pub providers: Simulators,
    pub workspace: WorkspaceId,
    pub whatsapp: ChannelId,
    pub greenapi: ChannelId,
    /// Dropped with the test.
    _database: TestDatabase,
    files: tempfile::TempDir,
}

/// A database as `kazi migrate` leaves it.
pub async fn database() -> TestDatabase {
    TestDatabase::new("kazi", async |db| {
        crate::migrate(&db, &Clock::system()).await
    })
    .await
}

fn smtp(providers: &Simulators) -> Smtp {
    let server = Server {
        host: providers.smtp().ip().to_string(),
        port: providers.smtp().port(),
        tls: Tls::None,
        credentials: None,
        from: "Kazi <kazi@kazi.test>".into(),
    };
    Smtp::new(&server, Duration::from_secs(10)).unwrap()
}

impl Shop {
    pub async fn open() -> Self {
        let database = database().await;
        let pools = database::connect(database.url(), 24).await.unwrap();
        let providers = Simulators::start(Options {
            rate_per_second: None,
            ..Options::default()
        })
        .await
        .unwrap();
        // Webhooks come from the tests themselves.
        for service in [Service::WhatsApp, Service::GreenApi, Service::Stripe] {
            let webhooks = Some(WebhookFault {
                drop: 1.0,
                ..WebhookFault::default()
            });
            providers.fault(Fault {
                webhooks,
                ..Fault::on(service)
            });
        }
        let nowhere = "http://127.0.0.1:1/".to_owned();
        providers.add_whatsapp(WhatsAppAccount {
            phone_number_id: NUMBER.into(),
            business_account_id: "1".into(),
            display_phone: "+254 20 555 0100".into(),
            token: "token".into(),
            app_secret: "secret".into(),
            webhook_url: nowhere.clone(),
        });
        providers.add_greenapi(GreenApiAccount {
            instance: INSTANCE.into(),
            token: "token".into(),
            webhook_url: nowhere,
            webhook_token: "secret".into(),
        });
        providers.add_openrouter_key("key");
        let files = tempfile::tempdir().unwrap();
        let keyring = Keyring::new(&Keyring::generate_master()).unwrap();
        let ctx = Context::new(
            pools,
            Clock::fixed(Clock::system().now()),
            keyring,
            Providers {
                whatsapp_base_url: providers.base_url(Service::WhatsApp),
                whatsapp_version: "v24.0".into(),
                greenapi_base_url: providers.base_url(Service::GreenApi),
                stripe_base_url: providers.base_url(Service::Stripe),
                public_url: "http://127.0.0.1:1".into(),
                openrouter_base_url: providers.base_url(Service::OpenRouter),
                openrouter_key: Some("key".to_owned().into()),
                instagram_base_url: providers.base_url(Service::Graph),
                facebook_base_url: providers.base_url(Service::Graph),
                social_version: "v24.0".into(),
                send_time_out: Duration::from_secs(10),
                ai_time_out: Duration::from_secs(10),
                ambiguous_wait: Duration::from_secs(300),
                // Their servers run on this machine.
                endpoints: Reach::new(vec!["127.0.0.0/8".parse().unwrap()]),
                smtp: Some(smtp(&providers)),
                code_channel: None,
                code_template: Some("code".into()),
                media: MediaSettings {
                    folder: files.path().to_owned(),
                    bucket: None,
                    max_bytes: 100_000_000,
                    keep_days: 0,
                    scanner: None,
                },
                credits_seller: None,
            },
        )
        .unwrap();
        let now = ctx.clock.now();
        let mut across = Across::begin(&ctx.db, now, Actor::OPERATOR).await.unwrap();
        let workspace = workspace(&mut across).await;
        let mut work = across.within(workspace);
        offers(&mut work).await;
        // Most tests ask one question and want its answer at once.
        gather_for(&mut work, Some(0)).await;
        let whatsapp = add_channel(&mut work, &ctx, ChannelKind::WhatsApp, NUMBER).await;
        let greenapi = add_channel(&mut work, &ctx, ChannelKind::GreenApi, INSTANCE).await;
        work.commit().await.unwrap();
        Self {
            _database: database,
            files,
            providers,
            workspace,
            whatsapp,
            greenapi,
            ctx,
        }
    }

    /// The number of files in the folder.
    pub fn files(&self) -> usize {
        let entries = |path: &std::path::Path| std::fs::read_dir(path).into_iter().flatten();
        let workspaces = entries(self.files.path()).flatten();
        workspaces.map(|one| entries(&one.path()).count()).sum()
    }

    /// Adds a channel, or gives one that is there its credentials anew.
    pub async fn add_channel(&self, kind: ChannelKind, external_id: &str) -> ChannelId {
        let mut work = self.work().await;
        let id = add_channel(&mut work, &self.ctx, kind, external_id).await;
        work.commit().await.unwrap();
        id
    }

    /// Lets the bot wait this many seconds for more lines of a question. `None`: the default.
    pub async fn gather_for(&self, seconds: Option<i32>) {
        let mut work = self.work().await;
        gather_for(&mut work, seconds).await;
        work.commit().await.unwrap();
    }

    /// Another pool like the jobs', of this many connections, which are waited for so long.
    pub async fn small_pool(&self, connections: u32, patience: Duration) -> sqlx::PgPool {
        sqlx::postgres::PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(patience)
            .connect_with((*self.ctx.db.connect_options()).clone())
            .await
            .unwrap()
    }

    /// Work of the operator for the business.
    pub async fn work(&self) -> Work {
        self.work_by(Actor::OPERATOR).await
    }

    /// Work of somebody for the business.
    pub async fn work_by(&self, actor: Actor) -> Work {
        self.work_in(self.workspace, actor).await
    }

    /// Work of somebody for any business.
    pub async fn work_in(&self, workspace: WorkspaceId, actor: Actor) -> Work {
        Work::begin(&self.ctx.db, workspace, self.now(), actor)
            .await
            .unwrap()
    }

    /// The owner's, which here is a superuser and sees everything.
    pub async fn conn(&self) -> PoolConnection<Postgres> {
        self.ctx.owner.acquire().await.unwrap()
    }

    /// Records an event as the intake would.
    pub async fn record(
        &self,
        provider: ChannelKind,
        kind: EventKind,
        sender: &str,
        payload: Value,
    ) -> usize {
        let (external_id, channel) = match provider {
            ChannelKind::WhatsApp => (NUMBER, self.whatsapp),
            ChannelKind::GreenApi => (INSTANCE, self.greenapi),
        };
        let event = NewEvent {
            provider,
            kind,
            key: payload.to_string(),
            external_id: external_id.into(),
            route: Some((self.workspace, channel)),
            sender: sender.into(),
            payload: payload.to_string(),
            trace: TraceId::random(),
        };
        let mut tx = database::platform(&self.ctx.db).await.unwrap();
        let recorded = crate::inbound::record(&mut tx, self.ctx.clock.now(), &[&event])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        recorded.new
    }

    /// A text of the customer over WhatsApp. `id` is the message's: the same twice is a duplicate.
    pub async fn hear(&self, id: &str, text: &str) {
        // Ids sort by the millisecond.
        self.ctx.clock.advance(chrono::TimeDelta::milliseconds(1));
        self.phone(ChannelKind::WhatsApp)
            .send_raw(json!({"type": "text", "text": {"body": text}}))
            .await;
        let message = json!({"id": id, "from": CUSTOMER, "type": "text", "text": {"body": text}});
        let payload = json!({"message": message, "contact": {"wa_id": CUSTOMER, "profile": {"name": "Amina"}}});
        self.record(ChannelKind::WhatsApp, EventKind::Message, CUSTOMER, payload)
            .await;
    }

    /// The customer sends a file, whose webhook is `message`.
    pub async fn brings(&self, kind: ChannelKind, message: Value) {
        // Ids sort by the millisecond.
        self.ctx.clock.advance(chrono::TimeDelta::milliseconds(1));
        let (sender, payload) = match kind {
            ChannelKind::WhatsApp => {
                let mut message = message;
                message["id"] = format!("wamid.{}", self.now().timestamp_micros()).into();
                message["from"] = CUSTOMER.into();
                let contact = json!({"wa_id": CUSTOMER, "profile": {"name": "Amina"}});
                let payload = json!({"message": message, "contact": contact});
                (CUSTOMER.to_owned(), payload)
            }
            ChannelKind::GreenApi => {
                let chat = format!("{CUSTOMER}@c.us");
                let id = self.phone(kind).send_raw(message.clone()).await;
                let payload = json!({
                    "typeWebhook": "incomingMessageReceived", "idMessage": id, "messageData": message,
                    "senderData": {"chatId": chat, "sender": chat, "senderName": "Amina"},
                });
                (chat, payload)
            }
        };
        let recorded = self
            .record(kind, EventKind::Message, &sender, payload)
            .await;
        assert_eq!(recorded, 1);
    }

    /// The customer sends a file.
    pub async fn sends(&self, kind: ChannelKind, file: SentFile) {
        let message = self.phone(kind).file_message(file);
        self.brings(kind, message).await;
    }

    /// A member stores a file.
    pub async fn upload(&self, mime: &str, bytes: &'static [u8]) -> MediaId {
        let body = futures_util::stream::iter([Ok::<_, String>(bytes.into())]);
        let new = NewUpload {
            mime: mime.into(),
            name: None,
        };
        let file = media::upload(&self.ctx, self.workspace, new, body).await;
        let mut work = self.work().await;
        let kept = media::keep_upload(&mut work, &file.unwrap(), None).await;
        work.commit().await.unwrap();
        kept.unwrap().id
    }

    /// A status of a message over WhatsApp.
    pub async fn status(
        &self,
        provider_id: &str,
        callback: Option<&str>,
        status: &str,
        error: Option<i64>,
    ) {
        let errors: Vec<Value> = error
            .iter()
            .map(|code| json!({"code": code, "title": "refused"}))
            .collect();
        let payload = json!({
            "id": provider_id, "status": status, "errors": errors, "biz_opaque_callback_data": callback,
        });
        self.record(ChannelKind::WhatsApp, EventKind::Status, "", payload)
            .await;
    }

    /// Meta's word about the English template `offer` of an account, which stands so from then on.
    pub async fn meta_says(&self, account: &str, word: &str) {
        let said = TemplateChange {
            name: "offer".into(),
            language: "en".into(),
            status: Some(word.into()),
            ..TemplateChange::default()
        };
        assert!(self.providers.change_template(account, &said));
        let payload = json!({
            "event": word, "message_template_id": 7, "message_template_name": "offer",
            "message_template_language": "en", "reason": "NONE", "at": self.now().to_rfc3339(),
        });
        self.record(ChannelKind::WhatsApp, EventKind::Other, "", payload)
            .await;
    }

    /// Opens the customer's 24 hours at the simulator and shows what has arrived.
    pub fn phone(&self, kind: ChannelKind) -> kazi_simulators::Phone {
        match kind {
            ChannelKind::WhatsApp => self.providers.phone(CUSTOMER, Service::WhatsApp, NUMBER),
            ChannelKind::GreenApi => self.providers.phone(CUSTOMER, Service::GreenApi, INSTANCE),
        }
    }

    /// A new user.
    pub async fn user(&self) -> uuid::Uuid {
        crate::identity::tests::somebody(&mut *self.conn().await).await
    }

    /// A new member of this role.
    pub async fn member(&self, role: crate::Role) -> uuid::Uuid {
        let user = self.user().await;
        let mut work = self.work().await;
        workspaces::join(&mut work, user, role).await.unwrap();
        work.commit().await.unwrap();
        user
    }

    /// Runs everything that is due now by the clock of the jobs.
    pub async fn drain(&self) -> Drained {
        drain(&self.ctx.owner, &crate::registry(), &self.ctx, self.now())
            .await
            .unwrap()
    }

    pub fn now(&self) -> Timestamp {
        self.ctx.clock.now()
    }

    /// Lets time pass, and runs what falls due.
    pub async fn after(&self, time: Duration) -> Drained {
        self.ctx
            .clock
            .advance(chrono::TimeDelta::from_std(time).unwrap());
        self.drain().await
    }

    pub async fn pending(&self) -> Vec<JobView> {
        pending(&self.ctx.owner).await.unwrap()
    }

    /// The requests for messages that a provider has received.
    pub fn sent(&self, service: Service) -> Vec<Entry> {
        self.providers
            .ledger(service)
            .into_iter()
            .filter(|entry| entry.method == "POST")
            .collect()
    }
}
