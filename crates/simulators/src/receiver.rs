//! The server of a business that is told of events by webhooks. It keeps each call, and answers as the test says. One
//! of them stands beside the simulated providers, for the demo; a [`Receiver`] is one of a test's own.

use std::{
    collections::{HashMap, VecDeque},
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{net::TcpListener, sync::Notify};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    faults::{Script, Scripted},
    lock,
};

/// The server keeps this many of the newest calls.
const CAPACITY_CALLS: usize = 10_000;

/// A call of the receiver.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    pub at: DateTime<Utc>,
    /// The headers, by their names in lower case.
    pub headers: HashMap<String, String>,
    /// The raw body.
    pub body: String,
    /// The status of the answer. 0 without an answer.
    pub answered: u16,
}

impl Call {
    /// The body as JSON. Null for another text.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The value of a header. Empty without it.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// The answer to a call.
#[derive(Clone, Debug)]
pub enum Say {
    /// This status, with this text.
    Status(u16, &'static str),
    /// 429 with `Retry-After` in seconds.
    Slower(u64),
    /// 302 to this address.
    Redirect(String),
    /// No answer at all.
    Nothing,
}

type Decide = Box<dyn FnMut(&Call) -> Say + Send>;

/// The next calls are answered with this status.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refusal {
    pub status: u16,
    /// Without a number: until the faults are cleared.
    pub times: Option<u32>,
}

impl Scripted for Refusal {
    fn times(&mut self) -> &mut Option<u32> {
        &mut self.times
    }
}

/// The calls so far, and the answers to the next ones.
pub(crate) struct Desk {
    calls: Mutex<VecDeque<Call>>,
    decide: Mutex<Decide>,
    pub refusals: Script<Refusal>,
    called: Notify,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            calls: Mutex::default(),
            decide: Mutex::new(Box::new(|_| Say::Status(200, "thanks"))),
            refusals: Script::default(),
            called: Notify::new(),
        }
    }
}

impl Desk {
    /// The newest calls, the oldest of them first.
    pub fn newest(&self, most: usize) -> Vec<Call> {
        let calls = lock(&self.calls);
        let older = calls.len().saturating_sub(most);
        calls.iter().skip(older).cloned().collect()
    }
}

/// A running receiver. It stops when it is dropped.
pub struct Receiver {
    desk: Arc<Desk>,
    address: SocketAddr,
    _stops: DropGuard,
}

impl Receiver {
    /// Starts a receiver that takes all calls.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let desk = Arc::<Desk>::default();
        let stops = CancellationToken::new();
        let routes = Router::new().fallback(receive).with_state(desk.clone());
        let stop = stops.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                _ = axum::serve(listener, routes) => {}
            }
        });
        Ok(Self {
            desk,
            address,
            _stops: stops.drop_guard(),
        })
    }

    /// The address to give to the business's endpoint.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Decides on each call from now on.
    pub fn says(&self, decide: impl FnMut(&Call) -> Say + Send + 'static) {
        *lock(&self.desk.decide) = Box::new(decide);
    }

    /// The calls so far, in their order.
    pub fn calls(&self) -> Vec<Call> {
        self.desk.newest(CAPACITY_CALLS)
    }

    /// Waits until this number of calls has come.
    pub async fn until(&self, calls: usize) -> Vec<Call> {
        loop {
            let called = self.desk.called.notified();
            let now = self.calls();
            if now.len() >= calls {
                return now;
            }
            called.await;
        }
    }
}

/// Keeps a call and answers it.
pub(crate) async fn receive(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let headers = headers.iter().map(|(name, value): (&HeaderName, _)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    let mut call = Call {
        at: Utc::now(),
        headers: headers.collect(),
        body,
        answered: 0,
    };
    let says = match desk.refusals.strike() {
        Some(refusal) => Say::Status(refusal.status, "out of order"),
        None => lock(&desk.decide)(&call),
    };
    let answer = match says {
        Say::Status(code, text) => {
            let code = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            Some((code, text).into_response())
        }
        Say::Slower(seconds) => {
            let wait = [(header::RETRY_AFTER, seconds.to_string())];
            Some((StatusCode::TOO_MANY_REQUESTS, wait).into_response())
        }
        Say::Redirect(to) => Some((StatusCode::FOUND, [(header::LOCATION, to)]).into_response()),
        Say::Nothing => None,
    };
    call.answered = answer.as_ref().map_or(0, |answer| answer.status().as_u16());
    {
        let mut calls = lock(&desk.calls);
        if calls.len() == CAPACITY_CALLS {
            calls.pop_front();
        }
        calls.push_back(call);
    }
    desk.called.notify_waiters();
    match answer {
        Some(answer) => answer,
        None => std::future::pending().await,
    }
}
