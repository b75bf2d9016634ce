//! The state of an account: sessions, payments, refunds, the balance, events, and idempotency keys.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{StripeSession, errors};
use crate::{delivery::Mailbox, options::StripeAccount, server::Reply};

/// The first answer for each key: fingerprint of the request, status, body.
type Keys = HashMap<String, (String, u16, Value)>;

pub(crate) struct Account {
    pub options: StripeAccount,
    pub mailbox: Arc<Mailbox>,
    pub state: Arc<Mutex<State>>,
    pub keys: Arc<Mutex<Keys>>,
}

/// Objects of one kind, in the order in which they were made.
#[derive(Default)]
pub(crate) struct Shelf {
    all: Vec<Value>,
    places: HashMap<String, usize>,
}

#[derive(Default)]
pub(crate) struct State {
    pub sessions: Vec<Session>,
    pub places: HashMap<String, usize>,
    /// Open objects by the time of their end, in Unix seconds.
    pub open: BTreeSet<(i64, usize)>,
    pub intents: Shelf,
    pub charges: Shelf,
    pub refunds: Shelf,
    pub disputes: Shelf,
    pub transactions: Shelf,
    pub events: Shelf,
    delivered: Vec<Arc<AtomicBool>>,
    count: u64,
}

#[derive(Clone)]
pub(crate) struct Session {
    pub data: StripeSession,
    pub url: String,
    pub success_url: String,
    pub cancel_url: Option<String>,
    pub description: String,
    /// Its line items, as Stripe shows them.
    pub items: Vec<Value>,
    /// What the customer has paid in another currency than was asked for: amount and currency.
    pub presented: Option<(i64, String)>,
    pub metadata: Value,
    pub intent_metadata: Value,
    pub created: i64,
    pub expires_at: i64,
}

/// The fields that are ids of other objects.
const EXPANDABLE: [&str; 8] = [
    "payment_intent",
    "latest_charge",
    "charge",
    "balance_transaction",
    "source",
    "customer",
    "subscription",
    "payment_link",
];

impl Account {
    pub fn new(options: StripeAccount, mailbox: Arc<Mailbox>) -> Self {
        Self {
            options,
            mailbox,
            state: Arc::default(),
            keys: Arc::default(),
        }
    }

    pub fn renewed(&self, options: StripeAccount, mailbox: Arc<Mailbox>) -> Self {
        Self {
            options,
            mailbox,
            state: self.state.clone(),
            keys: self.keys.clone(),
        }
    }
}

impl Shelf {
    pub fn put(&mut self, object: Value) {
        let id = object["id"].as_str().unwrap_or_default().to_owned();
        match self.places.get(&id) {
            Some(place) => self.all[*place] = object,
            None => {
                self.places.insert(id, self.all.len());
                self.all.push(object);
            }
        }
    }

    pub fn get(&self, id: &str) -> Option<&Value> {
        self.all.get(*self.places.get(id)?)
    }

    pub fn all(&self) -> &[Value] {
        &self.all
    }

    pub fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }
}

impl State {
    /// Makes an id like `cs_test_a1…`. Stripe's ids have no order.
    pub fn id(&mut self, prefix: &str) -> String {
        self.count += 1;
        let random = uuid::Uuid::new_v4().simple().to_string();
        format!("{prefix}_{}{}", &random[..20], self.count)
    }

    pub fn session(&self, id: &str) -> Result<&Session, Reply> {
        let place = self.places.get(id).copied();
        place
            .and_then(|place| self.sessions.get(place))
            .ok_or_else(|| errors::no_such("checkout.session", id))
    }

    pub fn session_mut(&mut self, id: &str) -> Result<(usize, &mut Session), Reply> {
        let place = self.places.get(id).copied();
        place
            .and_then(|place| Some((place, self.sessions.get_mut(place)?)))
            .ok_or_else(|| errors::no_such("checkout.session", id))
    }

    /// Replaces ids of an object by the objects, as `expand[]` asks. `path` is like `payment_intent.latest_charge`.
    pub fn expand(&self, object: &mut Value, path: &str) -> Result<(), Reply> {
        let (field, rest) = match path.split_once('.') {
            Some((field, rest)) => (field, Some(rest)),
            None => (path, None),
        };
        if field == "line_items" && object["object"] == "checkout.session" {
            let id = object["id"].as_str().unwrap_or_default();
            let items = self.session(id)?.items.clone();
            object[field] = json!({"object": "list", "data": items, "has_more": false,
                "url": format!("/v1/checkout/sessions/{id}/line_items")});
            return Ok(());
        }
        let cannot = || {
            let words = format!("This property cannot be expanded ({field}).");
            errors::refuse(400, &words, None, Some("expand"))
        };
        if !EXPANDABLE.contains(&field) || object.get(field).is_none() {
            return Err(cannot());
        }
        let id = object[field].as_str().map(str::to_owned);
        let Some(id) = id else { return Ok(()) };
        let shelves = [
            &self.intents,
            &self.charges,
            &self.refunds,
            &self.disputes,
            &self.transactions,
        ];
        let mut whole = shelves
            .into_iter()
            .find_map(|shelf| shelf.get(&id))
            .cloned()
            .unwrap_or_default();
        if let Some(rest) = rest {
            self.expand(&mut whole, rest)?;
        }
        object[field] = whole;
        Ok(())
    }

    pub fn by_id(&self, shelf: &Shelf, id: &str, what: &str) -> Result<Value, Reply> {
        let found = shelf.get(id).cloned();
        found.ok_or_else(|| errors::no_such(what, id))
    }

    pub fn add_session(&mut self, session: Session) {
        let place = self.sessions.len();
        self.places.insert(session.data.id.clone(), place);
        if session.data.status == "open" {
            self.open.insert((session.expires_at, place));
        }
        self.sessions.push(session);
    }

    pub fn add_event(&mut self, kind: &str, object: &Value, now: i64) -> (Value, Arc<AtomicBool>) {
        let id = self.id("evt");
        let event = json!({
            "id": id, "object": "event", "api_version": super::VERSION, "created": now, "livemode": false,
            "pending_webhooks": 1, "request": {"id": null, "idempotency_key": null}, "type": kind,
            "data": {"object": object},
        });
        let delivered = Arc::new(AtomicBool::new(false));
        self.events.put(event.clone());
        self.delivered.push(delivered.clone());
        (event, delivered)
    }

    pub fn is_delivered(&self, place: usize) -> bool {
        self.delivered
            .get(place)
            .is_some_and(|delivered| delivered.load(Ordering::Acquire))
    }

    /// Returns the account's balance by currency, without fees.
    pub fn balance(&self) -> BTreeMap<String, i64> {
        let mut sums = BTreeMap::new();
        for transaction in self.transactions.all() {
            let currency = transaction["currency"].as_str().unwrap_or_default();
            *sums.entry(currency.to_owned()).or_default() +=
                transaction["net"].as_i64().unwrap_or_default();
        }
        sums
    }

    pub fn balance_object(&self) -> Value {
        let available: Vec<Value> = self
            .balance()
            .into_iter()
            .map(|(currency, amount)| json!({"currency": currency, "amount": amount}))
            .collect();
        json!({"object": "balance", "livemode": false, "available": available, "pending": []})
    }
}

impl Session {
    pub fn object(&self) -> Value {
        let data = &self.data;
        let url = (data.status == "open").then_some(&self.url);
        let mut object = json!({
            "id": data.id, "object": "checkout.session", "mode": "payment", "livemode": false,
            "status": data.status, "payment_status": data.payment_status, "url": url,
            "amount_subtotal": data.amount, "amount_total": data.amount, "currency": data.currency,
            "client_reference_id": data.reference, "payment_intent": data.payment_intent,
            "metadata": self.metadata, "created": self.created, "expires_at": self.expires_at,
            "success_url": self.success_url, "cancel_url": self.cancel_url, "customer": null,
            "customer_details": null, "customer_email": null, "currency_conversion": null, "locale": null,
            "payment_method_types": ["card"], "payment_link": null, "recovered_from": null, "subscription": null,
            "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}, "ui_mode": "hosted",
        });
        if let Some((amount, currency)) = &self.presented {
            object["presentment_details"] =
                json!({"presentment_amount": amount, "presentment_currency": currency});
        }
        object
    }
}

/// Returns `t=…,v1=…`.
pub(crate) fn signature(secret: &str, body: &[u8], now: i64) -> String {
    // HMAC takes keys of any length. The error type is for other algorithms.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{now}.").as_bytes());
    mac.update(body);
    format!("t={now},v1={}", hex::encode(mac.finalize().into_bytes()))
}
