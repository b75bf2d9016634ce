//! The server of a business that is told of events by webhooks. It keeps each call, and answers as the test says.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::Notify};
use tokio_util::sync::{CancellationToken, DropGuard};

/// A call of the receiver.
#[derive(Clone, Debug)]
pub struct Call {
    /// The headers, by their names in lower case.
    pub headers: HashMap<String, String>,
    /// The raw body.
    pub body: String,
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

struct Desk {
    calls: Mutex<Vec<Call>>,
    decide: Mutex<Decide>,
    called: Notify,
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
        let desk = Arc::new(Desk {
            calls: Mutex::default(),
            decide: Mutex::new(Box::new(|_| Say::Status(200, "thanks"))),
            called: Notify::new(),
        });
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
        lock(&self.desk.calls).clone()
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

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn receive(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: String) -> Response {
    let headers = headers.iter().map(|(name, value): (&HeaderName, _)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    let call = Call {
        headers: headers.collect(),
        body,
    };
    let says = lock(&desk.decide)(&call);
    lock(&desk.calls).push(call);
    desk.called.notify_waiters();
    match says {
        Say::Status(code, text) => {
            let code = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (code, text).into_response()
        }
        Say::Slower(seconds) => {
            let wait = [(header::RETRY_AFTER, seconds.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, wait).into_response()
        }
        Say::Redirect(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        Say::Nothing => std::future::pending().await,
    }
}
