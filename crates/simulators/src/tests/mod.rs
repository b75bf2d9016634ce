//! The behaviour of the simulators, tested over HTTP with the program's own clients.

mod control;
mod faults;
mod graph;
mod greenapi;
mod messages;
mod openrouter;
mod phones;
mod strictness;
mod stripe;
mod templates;
mod webhooks;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use kazi_clients::{
    greenapi::GreenApi,
    http,
    openrouter::OpenRouter,
    whatsapp::{Body, Outbound, WhatsApp},
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch};

use crate::{GreenApiAccount, Line, Options, Phone, Service, Simulators, WhatsAppAccount, lock};

pub const NUMBER: &str = "106540352242922";
pub const WABA: &str = "102290129340398";
pub const TOKEN: &str = "EAAG-token";
pub const SECRET: &str = "app secret";
pub const INSTANCE: &str = "1101000001";
pub const GREEN_TOKEN: &str = "green-token";
pub const KEY: &str = "sk-or-v1-0001";
pub const CUSTOMER: &str = "972541234567";
pub const LIMIT: Duration = Duration::from_secs(20);

/// A webhook that the business received.
#[derive(Clone, Debug)]
pub struct Hook {
    pub headers: HeaderMap,
    pub raw: Bytes,
    pub json: Value,
}

/// The business. It answers webhooks with scripted statuses, and then with 200.
#[derive(Clone, Default)]
pub struct Business {
    hooks: Arc<Mutex<Vec<Hook>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
    count: Arc<watch::Sender<usize>>,
}

impl Business {
    pub async fn open(address: SocketAddr) -> (Self, String) {
        let business = Self::default();
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/hook", post(take))
            .with_state(business.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (business, url)
    }

    pub fn answer(&self, statuses: &[u16]) {
        lock(&self.answers).extend(statuses);
    }

    pub fn hooks(&self) -> Vec<Hook> {
        lock(&self.hooks).clone()
    }

    pub async fn got(&self, count: usize) -> Vec<Hook> {
        let mut counted = self.count.subscribe();
        let enough = counted.wait_for(|got| *got >= count);
        tokio::time::timeout(LIMIT, enough)
            .await
            .expect("in time")
            .unwrap();
        self.hooks()
    }

    /// Returns the elements of all WhatsApp webhooks, statuses and messages, as `(kind, element)`.
    pub fn content(&self) -> Vec<(String, Value)> {
        let mut content = Vec::new();
        for hook in self.hooks() {
            for change in hook.json["entry"][0]["changes"]
                .as_array()
                .into_iter()
                .flatten()
            {
                for kind in ["messages", "statuses"] {
                    let all = change["value"][kind].as_array().into_iter().flatten();
                    content.extend(all.map(|one| (kind.to_owned(), one.clone())));
                }
            }
        }
        content
    }

    /// Returns the statuses of a message in the order of their arrival.
    pub fn statuses(&self, id: &str) -> Vec<String> {
        let content = self.content().into_iter();
        content
            .filter(|(kind, one)| kind == "statuses" && one["id"] == id)
            .map(|(_, one)| one["status"].as_str().unwrap().to_owned())
            .collect()
    }
}

async fn take(State(business): State<Business>, headers: HeaderMap, raw: Bytes) -> StatusCode {
    let status = lock(&business.answers).pop_front().unwrap_or(200);
    let json = serde_json::from_slice(&raw).unwrap();
    lock(&business.hooks).push(Hook { headers, raw, json });
    business.count.send_modify(|count| *count += 1);
    StatusCode::from_u16(status).unwrap()
}

/// Simulators with one account of each provider, and their business.
pub struct Scene {
    pub sim: Simulators,
    pub business: Business,
    pub http: reqwest::Client,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(Options {
            status_delay: Duration::from_millis(2),
            ..Options::default()
        })
        .await
    }

    pub async fn with(options: Options) -> Self {
        let (business, url) = Business::open(([127, 0, 0, 1], 0).into()).await;
        let sim = Simulators::start(options).await.unwrap();
        sim.add_whatsapp(number(&url));
        sim.add_greenapi(GreenApiAccount {
            instance: INSTANCE.into(),
            token: GREEN_TOKEN.into(),
            webhook_url: url,
            webhook_token: "hook-token".into(),
        });
        sim.add_openrouter_key(KEY);
        Self {
            sim,
            business,
            http: http::client().unwrap(),
        }
    }

    pub fn whatsapp(&self, token: &str) -> WhatsApp {
        let base = self.sim.base_url(Service::WhatsApp);
        WhatsApp::new(
            self.http.clone(),
            &base,
            "v25.0",
            NUMBER,
            token.into(),
            LIMIT,
        )
    }

    pub fn greenapi(&self, token: &str) -> GreenApi {
        let base = self.sim.base_url(Service::GreenApi);
        GreenApi::new(self.http.clone(), &base, INSTANCE, token.into(), LIMIT)
    }

    pub fn openrouter(&self, key: &str) -> OpenRouter {
        OpenRouter::new(
            self.http.clone(),
            &self.sim.base_url(Service::OpenRouter),
            key.into(),
            LIMIT,
        )
    }

    pub fn customer(&self) -> Phone {
        self.sim.phone(CUSTOMER, Service::WhatsApp, NUMBER)
    }

    /// Sends a text with the program's own client.
    pub async fn text(&self, text: &str) -> Result<String, kazi_clients::whatsapp::Error> {
        let body = Body::Text { text: text.into() };
        self.send(&body, "msg_1").await
    }

    pub async fn send(
        &self,
        body: &Body,
        callback: &str,
    ) -> Result<String, kazi_clients::whatsapp::Error> {
        let message = Outbound {
            to: CUSTOMER,
            body,
            callback,
        };
        self.whatsapp(TOKEN)
            .send(&message)
            .await
            .map(|accepted| accepted.message_id)
    }
}

pub fn number(webhook_url: &str) -> WhatsAppAccount {
    WhatsAppAccount {
        phone_number_id: NUMBER.into(),
        business_account_id: WABA.into(),
        display_phone: "+1 555-000-1111".into(),
        token: TOKEN.into(),
        app_secret: SECRET.into(),
        webhook_url: webhook_url.into(),
    }
}

pub fn is_status(lines: &[Line], id: &str, status: &str) -> bool {
    lines
        .iter()
        .any(|line| line.id == id && line.status == status)
}
