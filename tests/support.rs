//! A running Kazi with a business, a customer's phone, and a URL that stays the same when the program is restarted.

use std::{
    net::SocketAddr,
    process::{Output, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use hmac::{Hmac, KeyInit, Mac};
use kazi_jobs::{
    Across, Role, Work,
    ai::{self, Format, NewDocument, NewPrompt},
    catalog::{self, NewProduct, Text},
    channels::{self, ChannelKind, Credentials, NewChannel},
    locale::LANGUAGES,
    workspaces::{self, NewWorkspace},
};
use kazi_platform::{
    Clock, Money, Timestamp, WorkspaceId,
    actor::Actor,
    crypto::Keyring,
    testing::TestDatabase,
    token::{Audience, Tokens},
};
use kazi_simulators::{
    GreenApiAccount, Options, Phone, Service, Simulators, StripeAccount, WhatsAppAccount,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;
use sqlx::PgPool;
use tokio::{
    io::{AsyncBufReadExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
};
use uuid::Uuid;

pub const NUMBER: &str = "106540352242922";
pub const INSTANCE: &str = "1101000001";
pub const SECRET: &str = "the app's secret";
pub const WEBHOOK_TOKEN: &str = "the instance's webhook token";

/// The time-out for work that normally takes a moment. A busy machine may need longer.
pub const LONG: Duration = Duration::from_secs(60);

pub struct App {
    program: Option<Child>,
    /// The address where the program listens now. [`App::url`] leads to it and does not change.
    target: Arc<Mutex<Option<SocketAddr>>>,
    address: SocketAddr,
    environment: Vec<(&'static str, String)>,
    pub providers: Simulators,
    keyring: Keyring,
    /// The business in the database.
    pub workspace: WorkspaceId,
    pub http: reqwest::Client,
    /// The folder of the files of messages.
    _files: tempfile::TempDir,
    /// The last field: the program is dropped before its database.
    database: TestDatabase,
}

impl App {
    /// Starts `kazi run` for a business with both channels.
    pub async fn start() -> Self {
        let mut app = Self::prepare().await;
        app.run().await;
        app
    }

    /// Like [`App::start`], with an account at Stripe. Stripe sends no webhooks unless a test sets them up.
    pub async fn till() -> Self {
        let app = Self::start().await;
        app.connect_stripe().await;
        app
    }

    /// Connects the business with an account at Stripe. The program runs.
    pub async fn connect_stripe(&self) {
        self.providers.add_stripe(StripeAccount {
            account: "acct_1".into(),
            key: "sk_test_1".into(),
            webhook_secret: "whsec_1".into(),
            webhook_url: "http://127.0.0.1:1/".into(),
        });
        let owner = self.member(self.workspace, Role::Owner).await;
        let secrets = json!({"key": "sk_test_1", "webhook_secret": "whsec_1"});
        let account = self.url("/api/v1/payment-account");
        let put = self.http.put(account).bearer_auth(owner).json(&secrets);
        assert_eq!(put.send().await.unwrap().status(), 200);
    }

    /// Prepares everything except the program.
    pub async fn prepare() -> Self {
        let database = TestDatabase::new("kazi", async |db| {
            kazi_jobs::migrate(&db, &Clock::system()).await
        })
        .await;
        let options = Options {
            status_delay: Duration::from_millis(20),
            rate_per_second: None,
            ..Options::default()
        };
        let providers = Simulators::start(options).await.unwrap();
        let master = Keyring::generate_master();
        let target = Arc::new(Mutex::new(None));
        let address = forward(target.clone()).await;
        let files = tempfile::tempdir().unwrap();
        let folder = files.path().to_str().unwrap().to_owned();
        let environment = vec![
            ("KAZI_MEDIA__FOLDER", folder),
            ("DATABASE_URL", database.url().to_owned()),
            ("KAZI_MASTER_KEY", master.expose_secret().to_owned()),
            ("KAZI_HTTP__BIND", "127.0.0.1:0".into()),
            ("KAZI_DATABASE__MAX_CONNECTIONS", "12".into()),
            ("KAZI_LOG__FORMAT", "json".into()),
            // All tests come from one address, and some call a hundred routes in a moment.
            ("KAZI_HTTP__RATE_PER_ADDRESS", "0".into()),
            ("KAZI_HTTP__RATE_PER_CALLER", "0".into()),
            ("KAZI_MESSAGES__AMBIGUOUS_WAIT_SECONDS", "3".into()),
            ("KAZI_OPENROUTER__KEY", "key".into()),
            (
                "KAZI_WHATSAPP__BASE_URL",
                providers.base_url(Service::WhatsApp),
            ),
            (
                "KAZI_GREENAPI__BASE_URL",
                providers.base_url(Service::GreenApi),
            ),
            ("KAZI_STRIPE__BASE_URL", providers.base_url(Service::Stripe)),
            (
                "KAZI_OPENROUTER__BASE_URL",
                providers.base_url(Service::OpenRouter),
            ),
        ];
        providers.add_openrouter_key("key");
        providers.add_whatsapp(WhatsAppAccount {
            phone_number_id: NUMBER.into(),
            business_account_id: "1022".into(),
            display_phone: "+254 20 555 0100".into(),
            token: "token".into(),
            app_secret: SECRET.into(),
            webhook_url: format!("http://{address}/webhooks/whatsapp"),
        });
        providers.add_greenapi(GreenApiAccount {
            instance: INSTANCE.into(),
            token: "token".into(),
            webhook_url: format!("http://{address}/webhooks/greenapi"),
            webhook_token: WEBHOOK_TOKEN.into(),
        });
        let keyring = Keyring::new(&master).unwrap();
        let workspace = business(database.pool(), "Zuri").await;
        let app = Self {
            program: None,
            target,
            address,
            environment,
            providers,
            keyring,
            workspace,
            http: kazi_clients::http::client().unwrap(),
            _files: files,
            database,
        };
        app.add_channel(workspace, ChannelKind::WhatsApp, NUMBER, SECRET)
            .await;
        app.add_channel(workspace, ChannelKind::GreenApi, INSTANCE, WEBHOOK_TOKEN)
            .await;
        app
    }

    /// Adds a channel to a business. `secret` signs its webhooks, or is their token.
    pub async fn add_channel(
        &self,
        workspace: WorkspaceId,
        kind: ChannelKind,
        external_id: &str,
        secret: &str,
    ) {
        let secret = || Some(SecretString::from(secret));
        let credentials = Credentials {
            token: "token".into(),
            app_secret: secret(),
            verify_token: Some("verify me".into()),
            webhook_token: secret(),
        };
        let new = NewChannel {
            kind,
            name: "Test",
            external_id,
            account_id: None,
            display_phone: None,
            base_url: None,
            credentials: &credentials,
        };
        let work = Work::begin(self.db(), workspace, Clock::system().now(), Actor::OPERATOR).await;
        let mut work = work.unwrap();
        channels::add(&mut work, &self.keyring, &new).await.unwrap();
        work.commit().await.unwrap();
    }

    /// Starts the program and waits until it is ready.
    pub async fn run(&mut self) {
        let mut program = self
            .command(&["run"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(program.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let bound = loop {
            let Some(line) = log.next_line().await.unwrap() else {
                panic!("the program ended:\n{said}")
            };
            let parsed: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(bound) = parsed["http.bind"].as_str() {
                break bound.parse().unwrap();
            }
            said.push_str(&line);
        };
        // The log must be read to its end. The program would block on a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
        *self.target.lock().unwrap() = Some(bound);
        self.program = Some(program);
    }

    /// Kills the program, like a power cut.
    pub async fn kill(&mut self) {
        *self.target.lock().unwrap() = None;
        self.program.take().unwrap().kill().await.unwrap();
    }

    /// Asks the program to end, and waits for its end.
    pub async fn stop(&mut self) -> std::process::ExitStatus {
        let mut program = self.program.take().unwrap();
        let pid = program.id().unwrap().to_string();
        assert!(
            std::process::Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        program.wait().await.unwrap()
    }

    /// Prepares a command of the program with the same configuration.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(arguments);
        command.envs(self.environment.iter().map(|(key, value)| (key, value)));
        command
    }

    /// Returns a variable of the program's environment.
    pub fn setting(&self, name: &str) -> String {
        let mut all = self.environment.iter();
        all.find(|(key, _)| *key == name).unwrap().1.clone()
    }

    /// Runs a command to its end.
    pub async fn cli(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().await.unwrap()
    }

    /// Changes the configuration before the program starts.
    pub fn set(&mut self, key: &'static str, value: &str) {
        self.environment.push((key, value.to_owned()));
    }

    /// Makes an access token of an owner with a new session, issued at `now`.
    pub async fn token(
        &self,
        audience: Audience,
        subject: Uuid,
        workspace: WorkspaceId,
        at: Timestamp,
    ) -> String {
        let session = self.session(subject, workspace, Role::Owner).await;
        let tokens = Tokens::new(&self.keyring).unwrap();
        tokens
            .issue(audience, subject, session, Some(workspace), at)
            .unwrap()
    }

    /// Makes a valid access token of a new member with this role.
    pub async fn member(&self, workspace: WorkspaceId, role: Role) -> String {
        self.member_as(Uuid::now_v7(), workspace, role).await
    }

    /// The same, of this user.
    pub async fn member_as(&self, user: Uuid, workspace: WorkspaceId, role: Role) -> String {
        let session = self.session(user, workspace, role).await;
        let tokens = Tokens::new(&self.keyring).unwrap();
        let (audience, now) = (Audience::Member, Clock::system().now());
        tokens
            .issue(audience, user, session, Some(workspace), now)
            .unwrap()
    }

    /// Makes a valid access token of a contact who has logged in.
    pub async fn customer(&self, workspace: WorkspaceId, contact: Uuid) -> String {
        let session = Uuid::now_v7();
        sqlx::query(
            "INSERT INTO sessions (id, workspace_id, contact_id, device_hash, created_at, last_used_at)
             VALUES ($1, $2, $3, '', now(), now())",
        )
        .bind(session)
        .bind(workspace.uuid())
        .bind(contact)
        .execute(self.db())
        .await
        .unwrap();
        let tokens = Tokens::new(&self.keyring).unwrap();
        let (audience, now) = (Audience::Customer, Clock::system().now());
        tokens
            .issue(audience, contact, session, Some(workspace), now)
            .unwrap()
    }

    /// Makes a session of a user, and makes the user a member if necessary. It skips the log-in, which costs an
    /// Argon2id each time.
    async fn session(&self, user: Uuid, workspace: WorkspaceId, role: Role) -> Uuid {
        let session = Uuid::now_v7();
        let email = format!("{user}@example.com");
        let mut tx = self.db().begin().await.unwrap();
        sqlx::query(
            "INSERT INTO users (id, email, password_hash, email_verified_at, created_at, updated_at)
             VALUES ($1, $2, '', now(), now(), now()) ON CONFLICT DO NOTHING",
        )
        .bind(user)
        .bind(email)
        .execute(&mut *tx)
        .await
        .unwrap();
        sqlx::query("INSERT INTO members (workspace_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(workspace.uuid())
            .bind(user)
            .bind(role.name())
            .execute(&mut *tx)
            .await
            .unwrap();
        sqlx::query(
            "INSERT INTO sessions (id, user_id, device_hash, created_at, last_used_at) VALUES ($1, $2, '', now(), now())",
        )
        .bind(session)
        .bind(user)
        .execute(&mut *tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        session
    }

    /// Makes a token that another program has signed.
    pub fn token_of_another_key(subject: Uuid, workspace: WorkspaceId) -> String {
        let keyring = Keyring::new(&Keyring::generate_master()).unwrap();
        let (audience, now) = (Audience::Member, Clock::system().now());
        let tokens = Tokens::new(&keyring).unwrap();
        tokens
            .issue(audience, subject, Uuid::now_v7(), Some(workspace), now)
            .unwrap()
    }

    /// Changes rows without the program.
    pub async fn change(&self, statement: &'static str) {
        sqlx::query(statement).execute(self.db()).await.unwrap();
    }

    pub fn db(&self) -> &PgPool {
        self.database.pool()
    }

    /// Returns the number of rows that a query finds.
    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query)
            .fetch_one(self.db())
            .await
            .unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn phone(&self, wa_id: &str) -> Phone {
        self.providers.phone(wa_id, Service::WhatsApp, NUMBER)
    }

    /// Sends a webhook as Meta does, signed with `secret`.
    pub async fn webhook(&self, body: &[u8], secret: &str) -> reqwest::Response {
        let request = self
            .http
            .post(self.url("/webhooks/whatsapp"))
            .header("x-hub-signature-256", sign(secret, body));
        request.body(body.to_vec()).send().await.unwrap()
    }

    /// Repeats a query until it finds something.
    pub async fn until(&self, query: &'static str) {
        let found = async {
            while self.count(query).await == 0 {
                tokio::task::yield_now().await;
            }
        };
        assert!(
            tokio::time::timeout(LONG, found).await.is_ok(),
            "never true: {query}"
        );
    }
}

pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kazi"));
    command
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .current_dir(std::env::temp_dir());
    command
}

pub fn sign(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Makes the envelope of one change about messages.
pub fn envelope(number: &str, value: Value) -> Value {
    let mut value = value;
    value["metadata"] = json!({"phone_number_id": number});
    json!({"object": "whatsapp_business_account", "entry": [{"id": "1022", "changes": [{"field": "messages", "value": value}]}]})
}

pub fn text_message(id: &str, from: &str, text: &str) -> Value {
    json!({"id": id, "from": from, "timestamp": "1697043223", "type": "text", "text": {"body": text}})
}

/// Forwards each connection to the current target, or closes it.
async fn forward(target: Arc<Mutex<Option<SocketAddr>>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut inner, _)) = listener.accept().await {
            let target = *target.lock().unwrap();
            tokio::spawn(async move {
                if let Some(target) = target
                    && let Ok(mut outer) = TcpStream::connect(target).await
                {
                    let _ = copy_bidirectional(&mut inner, &mut outer).await;
                }
            });
        }
    });
    address
}

/// Makes a shop with all languages.
pub async fn business(db: &PgPool, name: &str) -> WorkspaceId {
    let across = Across::begin(db, Clock::system().now(), Actor::OPERATOR).await;
    let mut across = across.unwrap();
    let new = NewWorkspace {
        name,
        default_language: "en",
        languages: &LANGUAGES.map(str::to_owned),
        country: Some("KE"),
        currency: "USD".parse().unwrap(),
    };
    let workspace = workspaces::create(across.conn(), &new).await.unwrap();
    // Most tests ask one question and want its answer at once.
    sqlx::query("UPDATE workspaces SET settings = '{\"gather_seconds\": 0}' WHERE id = $1")
        .bind(workspace.uuid())
        .execute(across.conn())
        .await
        .unwrap();
    let mut work = across.within(workspace);
    let text = |text: &str| Text::from([("en".to_owned(), text.to_owned())]);
    for (key, order) in [("shop", 1), ("hours", 2), ("agent", 3)] {
        catalog::add_menu_item(&mut work, key, order, &text(key), &Text::new())
            .await
            .unwrap();
    }
    let new = NewProduct {
        sku: "COF",
        price: Money {
            minor: 1250,
            currency: "USD".parse().unwrap(),
        },
        image_url: Some("https://shop.test/coffee.jpg"),
        stock: 3,
        texts: &[("en", "Kenyan coffee", "Arabica beans")],
    };
    catalog::add_product(&mut work, &new).await.unwrap();
    let new = NewDocument {
        title: "Opening hours".into(),
        language: "en".into(),
        format: Format::Text,
        body: "We open at 8:00 and close at 19:00.".into(),
    };
    ai::create_document(&mut work, &new).await.unwrap();
    let new = NewPrompt {
        name: "Test".into(),
        channel_id: None,
        body: "You are Zuri's assistant.".into(),
        models: vec!["a/b".into()],
        temperature: 0.0,
        max_tokens: 200,
        tools: true,
    };
    let prompt = ai::create_prompt(&mut work, &new).await.unwrap();
    ai::activate_prompt(&mut work, &prompt).await.unwrap();
    work.commit().await.unwrap();
    workspace
}
