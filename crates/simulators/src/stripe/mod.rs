//! Stripe: Checkout sessions with their life, payments, refunds, the balance, events, and signed webhooks.
//!
//! Sources: Stripe, "API reference", "Idempotent requests", "Webhook signatures", "Currencies", "Checkout lifecycle".

mod disputes;
mod errors;
mod form;
mod life;
mod lists;
mod money;
mod page;
mod refunds;
mod sessions;
mod state;

use std::sync::Arc;

use axum::http::{Method, header};
use chrono::Utc;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    World,
    delivery::{Content, Event, Mailbox},
    lock,
    options::StripeAccount,
    server::{Call, Label, Reply},
};
pub(crate) use errors::fault;
use form::Form;
pub(crate) use form::readable;
pub use life::StripeAction;
pub(crate) use life::act;
pub(crate) use state::{Account, signature};

/// The state of a session, for tests.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StripeSession {
    /// Begins with `cs_`.
    pub id: String,
    /// The session's `client_reference_id`.
    pub reference: Option<String>,
    /// `open`, `complete` or `expired`.
    pub status: String,
    /// `paid` or `unpaid`.
    pub payment_status: String,
    /// Begins with `pi_`. It exists when somebody has paid.
    pub payment_intent: Option<String>,
    /// In minor units.
    pub amount: i64,
    /// In lower case.
    pub currency: String,
}

pub(crate) fn label(world: &World, call: &Call) -> Label {
    let key = call.api_key().unwrap_or_default();
    let known = find(world, &key).map(|account| account.options.account.clone());
    Label {
        account: known.unwrap_or_default(),
        path: call.path.clone(),
        callback: key_of(call),
    }
}

fn key_of(call: &Call) -> Option<String> {
    let key = call.headers.get("Idempotency-Key")?.to_str().ok()?;
    Some(key.to_owned())
}

fn find(world: &World, key: &str) -> Option<Arc<Account>> {
    let accounts = lock(&world.stripe);
    accounts
        .values()
        .find(|account| account.options.key == key)
        .cloned()
}

/// Returns Stripe's time in Unix seconds. Tests may set it forward.
pub(crate) fn now(world: &World) -> i64 {
    Utc::now().timestamp()
        + world
            .stripe_ahead
            .load(std::sync::atomic::Ordering::Relaxed)
}

pub(crate) fn answer(world: &Arc<World>, call: &Call) -> Reply {
    if call.path.starts_with("/pay/") {
        return page::answer(world, call);
    }
    let key = call.api_key().unwrap_or_default();
    let Some(account) = find(world, &key) else {
        return errors::unknown_key(&key);
    };
    life::tick(world, &account);
    match call.method {
        Method::GET => {
            let form = Form::parse(call.query.as_bytes());
            read(&account, &call.path, &form).unwrap_or_else(|refusal| refusal)
        }
        Method::POST => once(world, &account, call),
        _ => missing(call.method.as_str(), &call.path),
    }
}

/// Adds the headers of all of Stripe's answers.
pub(crate) fn head(call: &Call, reply: &mut Reply) {
    if call.path.starts_with("/pay/") {
        return;
    }
    let random = uuid::Uuid::new_v4().simple().to_string();
    reply
        .headers
        .push(("Request-Id", format!("req_{}", &random[..14])));
    let version = call.headers.get("Stripe-Version");
    let version = version.and_then(|version| version.to_str().ok());
    let version = version.unwrap_or(VERSION).to_owned();
    reply.headers.push(("Stripe-Version", version));
    if let Some(key) = key_of(call).filter(|_| call.method == Method::POST) {
        reply.headers.push(("Idempotency-Key", key));
    }
}

/// The version of the simulated API.
const VERSION: &str = "2026-02-25.clover";

/// Processes a request with an idempotency key once, and repeats the answer for the same key.
fn once(world: &Arc<World>, account: &Arc<Account>, call: &Call) -> Reply {
    let kind = call.headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !call.body.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
        let words = "Invalid request (check that your POST content type is application/x-www-form-urlencoded).";
        return errors::refuse(400, words, None, None);
    }
    let form = Form::parse(&call.body);
    let Some(key) = key_of(call) else {
        return write(world, account, &call.path, &form).unwrap_or_else(|refusal| refusal);
    };
    if key.is_empty() || key.len() > 255 {
        return errors::idempotency("The idempotency key must have 1 to 255 characters.");
    }
    let asked = format!("{} {}", call.path, form.fingerprint());
    if let Some((first, status, body)) = lock(&account.keys).get(&key) {
        if *first != asked {
            return errors::idempotency(
                "Keys for idempotent requests can only be used with the same parameters they were first used with.",
            );
        }
        let mut reply = Reply::json(*status, body.clone());
        reply.headers.push(("Idempotent-Replayed", "true".into()));
        return reply;
    }
    // A request that breaks a rule has not begun, so its answer is not kept.
    let reply = match write(world, account, &call.path, &form) {
        Ok(reply) => reply,
        Err(refusal) => return refusal,
    };
    remember(account, key, asked, &reply);
    reply
}

fn remember(account: &Account, key: String, asked: String, reply: &Reply) {
    if let crate::server::Content::Json(body) = &reply.content {
        lock(&account.keys).insert(key, (asked, reply.status, body.clone()));
    }
}

/// Keeps a scripted 5xx as the answer for its key, as Stripe does.
pub(crate) fn struck(world: &World, call: &Call, reply: &Reply) {
    let account = find(world, &call.api_key().unwrap_or_default());
    let (Some(account), Some(key)) = (account, key_of(call)) else {
        return;
    };
    if reply.status >= 500 && call.method == Method::POST {
        let asked = format!("{} {}", call.path, Form::parse(&call.body).fingerprint());
        remember(&account, key, asked, reply);
    }
}

fn missing(method: &str, path: &str) -> Reply {
    let words = format!(
        "Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/."
    );
    errors::refuse(404, &words, None, None)
}

/// Answers a GET request.
fn read(account: &Arc<Account>, path: &str, form: &Form) -> Result<Reply, Reply> {
    let state = lock(&account.state);
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let one = |mut object: Value| -> Result<Value, Reply> {
        form.only(&["expand[]"])?;
        for path in form.list("expand") {
            state.expand(&mut object, path)?;
        }
        Ok(object)
    };
    let body = match parts.as_slice() {
        ["v1", "account"] => json!({
            "id": account.options.account, "object": "account", "charges_enabled": true, "country": "US",
        }),
        ["v1", "balance"] => state.balance_object(),
        ["v1", "checkout", "sessions"] => lists::sessions(&state, form)?,
        ["v1", "checkout", "sessions", id] => one(state.session(id)?.object())?,
        ["v1", "checkout", "sessions", id, "line_items"] => lists::items(&state, id, form)?,
        ["v1", "payment_intents", id] => one(state.by_id(&state.intents, id, "payment_intent")?)?,
        ["v1", "charges"] => lists::charges(&state, form)?,
        ["v1", "charges", id] => one(state.by_id(&state.charges, id, "charge")?)?,
        ["v1", "refunds"] => lists::refunds(&state, form)?,
        ["v1", "refunds", id] => one(state.by_id(&state.refunds, id, "refund")?)?,
        ["v1", "disputes"] => lists::disputes(&state, form)?,
        ["v1", "disputes", id] => one(state.by_id(&state.disputes, id, "dispute")?)?,
        ["v1", "balance_transactions"] => lists::transactions(&state, form)?,
        ["v1", "balance_transactions", id] => {
            one(state.by_id(&state.transactions, id, "balance_transaction")?)?
        }
        ["v1", "events"] => lists::events(&state, form)?,
        ["v1", "events", id] => lists::event(&state, id)?,
        _ => return Err(missing("GET", path)),
    };
    Ok(Reply::json(200, body))
}

/// Answers a request that makes or changes an object.
fn write(
    world: &Arc<World>,
    account: &Arc<Account>,
    path: &str,
    form: &Form,
) -> Result<Reply, Reply> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let body = match parts.as_slice() {
        ["v1", "checkout", "sessions"] => sessions::create(world, account, form)?,
        ["v1", "checkout", "sessions", id, "expire"] => {
            form.only(&["expand[]"])?;
            life::expire(world, account, id)?
        }
        ["v1", "refunds"] => refunds::create(world, account, form)?,
        _ => return Err(missing("POST", path)),
    };
    let id = body["id"].as_str().map(str::to_owned);
    Ok(Reply {
        message_id: id,
        ..Reply::json(200, body)
    })
}

/// Makes a session from a link of the dashboard, without an API request. Returns its id.
pub(crate) fn link(
    world: &Arc<World>,
    account: &Arc<Account>,
    amount: i64,
    currency: &str,
) -> Result<String, String> {
    let item = "line_items[0][price_data]";
    let fields = form_urlencoded::Serializer::new(String::new())
        .append_pair("mode", "payment")
        .append_pair("line_items[0][quantity]", "1")
        .append_pair(&format!("{item}[currency]"), currency)
        .append_pair(&format!("{item}[unit_amount]"), &amount.to_string())
        .append_pair(&format!("{item}[product_data][name]"), "A payment link")
        .append_pair("success_url", &world.url())
        .append_pair("cancel_url", &world.url())
        .finish();
    let made = sessions::create(world, account, &Form::parse(fields.as_bytes()));
    let made = made.map_err(|reply| reply.words())?;
    Ok(made["id"].as_str().unwrap_or_default().to_owned())
}

/// Makes a refund from the dashboard.
pub(crate) fn refund(
    world: &Arc<World>,
    account: &Arc<Account>,
    intent: &str,
    amount: i64,
) -> Result<(), String> {
    let fields = form_urlencoded::Serializer::new(String::new())
        .append_pair("payment_intent", intent)
        .append_pair("amount", &amount.to_string())
        .finish();
    refunds::create(world, account, &Form::parse(fields.as_bytes()))
        .map(|_| ())
        .map_err(|reply| reply.words())
}

/// Sends an event again.
pub(crate) fn send(world: &Arc<World>, account: &Arc<Account>, event: Value) {
    let event = Event::new(&world.office, Content::Notification(event));
    account.mailbox.post(world, event);
}

/// Stores an event and sends it.
fn emit(world: &Arc<World>, account: &Arc<Account>, kind: &str, object: &Value) {
    let (value, delivered) = lock(&account.state).add_event(kind, object, now(world));
    let mut event = Event::new(&world.office, Content::Notification(value));
    event.delivered = Some(delivered);
    account.mailbox.post(world, event);
}

impl World {
    pub(crate) fn add_stripe(self: &Arc<Self>, options: StripeAccount) {
        let destination = crate::delivery::Destination::Stripe(options.clone());
        let mailbox = Mailbox::open(self, destination);
        let id = options.account.clone();
        let mut accounts = lock(&self.stripe);
        // The account's payments stay. Only its key and its webhooks change.
        let account = match accounts.get(&id) {
            Some(there) => there.renewed(options, mailbox),
            None => Account::new(options, mailbox),
        };
        accounts.insert(id, Arc::new(account));
    }
}
