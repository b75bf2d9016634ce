//! The HTTP server: the providers below their prefixes, and the control endpoints beside them.
//!
//! The server handles faults and the ledger for all providers. A provider only turns a call into a reply.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use chrono::Utc;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::{
    World, control,
    faults::{CutAt, Fault},
    graph, greenapi,
    ledger::Record,
    media::File,
    openrouter,
    options::Service,
    page,
    receiver::receive,
    stripe, whatsapp,
    wire::{Cut, CutListener},
};

/// The largest body of a request, in bytes.
/// Green API takes documents of 100 MB.
const MAX_BODY_BYTES: usize = 110 * 1024 * 1024;

pub(crate) struct Call {
    pub method: Method,
    /// The path below the base URL, with a leading slash. It may contain a token.
    pub path: String,
    /// The raw query of the URL.
    pub query: String,
    pub headers: HeaderMap,
    /// Null if the body is not JSON.
    pub json: Value,
    /// The raw body.
    pub body: Bytes,
    /// Set by a fault: see [`Fault::fails`].
    pub fails: Option<i64>,
}

/// A provider's answer, and the values in it that the ledger notes.
pub(crate) struct Reply {
    pub status: u16,
    pub content: Content,
    pub message_id: Option<String>,
    pub retry_after: Option<u64>,
    /// Headers of the provider's own.
    pub headers: Vec<(&'static str, String)>,
}

pub(crate) enum Content {
    Json(Value),
    File(Box<File>),
    /// A web page for a browser.
    Page(String),
    /// A redirect to this URL.
    Redirect(String),
}

/// A call as the ledger and the faults see it.
pub(crate) struct Label {
    pub account: String,
    /// The path without any token.
    pub path: String,
    pub callback: Option<String>,
}

impl Call {
    /// Returns the token of `Authorization: Bearer …`.
    pub fn bearer(&self) -> Option<&str> {
        self.authorization()?.strip_prefix("Bearer ").map(str::trim)
    }

    /// Returns the key of a call to Stripe: a bearer token, or the user name of HTTP Basic (Stripe, "Authentication").
    pub fn api_key(&self) -> Option<String> {
        if let Some(token) = self.bearer() {
            return Some(token.to_owned());
        }
        let basic = self.authorization()?.strip_prefix("Basic ")?.trim();
        let text = String::from_utf8(STANDARD.decode(basic).ok()?).ok()?;
        Some(text.split(':').next().unwrap_or_default().to_owned())
    }

    fn authorization(&self) -> Option<&str> {
        self.headers.get(header::AUTHORIZATION)?.to_str().ok()
    }
}

impl Reply {
    pub fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            content: Content::Json(body),
            message_id: None,
            retry_after: None,
            headers: Vec::new(),
        }
    }

    /// Returns the refusal in words, for a person who controls the simulators.
    pub fn words(&self) -> String {
        match &self.content {
            Content::Json(body) => body["error"]["message"]
                .as_str()
                .unwrap_or("refused")
                .into(),
            _ => "refused".into(),
        }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut to = None;
        let plain = |kind: &'static str| HeaderValue::from_static(kind);
        let (kind, body) = match self.content {
            Content::Json(Value::Null) => (plain("application/json"), Body::empty()),
            Content::Json(value) => (
                plain("application/json; charset=UTF-8"),
                Body::from(value.to_string()),
            ),
            Content::File(file) => {
                let File { mime, bytes, .. } = *file;
                let kind = HeaderValue::try_from(mime);
                let kind = kind.unwrap_or(plain("application/octet-stream"));
                // In parts, without its length, as a network of caches may send it.
                let parts = bytes.chunks(64 * 1024).map(Bytes::copy_from_slice);
                let parts: Vec<Result<Bytes, Infallible>> = parts.map(Ok).collect();
                (kind, Body::from_stream(tokio_stream::iter(parts)))
            }
            Content::Page(page) => (plain("text/html; charset=UTF-8"), Body::from(page)),
            Content::Redirect(address) => {
                to = HeaderValue::try_from(address).ok();
                (plain("text/html; charset=UTF-8"), Body::empty())
            }
        };
        let mut response = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
        if let Some(to) = to {
            response.headers_mut().insert(header::LOCATION, to);
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().insert(name, value);
            }
        }
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

pub(crate) async fn serve(listener: TcpListener, world: Arc<World>) {
    let stopping = {
        let (stop, world) = (world.office.stop.clone(), world.clone());
        async move {
            stop.cancelled().await;
            // Listeners would keep their connections open for ever.
            world.chats.close();
        }
    };
    let mut router = Router::new();
    for (prefix, service) in [
        ("/whatsapp/{*path}", Service::WhatsApp),
        ("/greenapi/{*path}", Service::GreenApi),
        ("/openrouter/{*path}", Service::OpenRouter),
        ("/stripe/{*path}", Service::Stripe),
        ("/graph/{*path}", Service::Graph),
    ] {
        router = router.route(
            prefix,
            any(
                move |State(world): State<Arc<World>>,
                      ConnectInfo(cut): ConnectInfo<Cut>,
                      request: Request| { provider(world, service, cut, request) },
            ),
        );
    }
    let business = any(receive).with_state(world.business.clone());
    let router = router
        .route("/business", business)
        .merge(control::router())
        .merge(page::router())
        .with_state(world);
    let service = router.into_make_service_with_connect_info::<Cut>();
    let served = axum::serve(CutListener(listener), service)
        .with_graceful_shutdown(stopping)
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the simulators' server has ended");
    }
}

async fn provider(world: Arc<World>, service: Service, cut: Cut, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let prefix = service.name().len() + 1;
    let mut call = Call {
        method: head.method,
        path: head.uri.path().get(prefix..).unwrap_or_default().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        json: serde_json::from_slice(&body).unwrap_or_default(),
        body: body.clone(),
        fails: None,
    };
    let label = match service {
        Service::WhatsApp => whatsapp::label(&call),
        Service::GreenApi => greenapi::label(&call),
        Service::OpenRouter => openrouter::label(&call),
        Service::Stripe => stripe::label(&world, &call),
        Service::Graph => graph::label(&call),
    };
    let called = (call.method.as_str(), label.path.as_str());
    let fault = world.faults.strike(service, &label.account, called);
    if let Some(wait) = fault.as_ref().and_then(|fault| fault.delay_ms) {
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    call.fails = fault.as_ref().and_then(|fault| fault.fails);
    let cut_at = fault.as_ref().and_then(|fault| fault.cut);
    if cut_at == Some(CutAt::Middle) {
        call.body = call.body.slice(..call.body.len() / 2);
        call.json = Value::Null;
    }
    let scripted = fault.as_ref().and_then(|fault| scripted(service, fault));
    let mut reply = match (scripted, cut_at) {
        // The request is not processed, and the answer does not leave.
        (None, Some(CutAt::Before)) => Reply::json(500, Value::Null),
        (Some(reply), _) => {
            if service == Service::Stripe {
                stripe::struck(&world, &call, &reply);
            }
            reply
        }
        (None, _) => match service {
            Service::WhatsApp => whatsapp::answer(&world, &call),
            Service::GreenApi => greenapi::answer(&world, &call),
            Service::OpenRouter => openrouter::answer(&world, &call),
            Service::Stripe => stripe::answer(&world, &call),
            Service::Graph => graph::answer(&world, &call),
        },
    };
    if service == Service::Stripe {
        stripe::head(&call, &mut reply);
    }
    let status = if cut_at.is_some() { 0 } else { reply.status };
    note(
        &world,
        service,
        &call.method,
        label,
        &body,
        status,
        &reply,
        fault.as_ref(),
    );
    if cut_at.is_some() {
        cut.cut();
    }
    reply.into_response()
}

/// Returns the fault's answer, if the fault answers in place of the provider.
fn scripted(service: Service, fault: &Fault) -> Option<Reply> {
    if fault.status.is_none() && fault.code.is_none() && fault.body.is_none() {
        return None;
    }
    let mut reply = match service {
        Service::WhatsApp => whatsapp::fault(fault.status, fault.code),
        Service::GreenApi => greenapi::fault(fault.status, fault.code),
        Service::OpenRouter => openrouter::fault(fault.status, fault.code),
        Service::Stripe => stripe::fault(fault.status, fault.code),
        Service::Graph => graph::fault(fault.status, fault.code),
    };
    if let Some(body) = &fault.body {
        reply.content = Content::Json(body.clone());
        reply.status = fault.status.unwrap_or(200);
    }
    reply.retry_after = fault.retry_after;
    Some(reply)
}

#[expect(
    clippy::too_many_arguments,
    reason = "the columns of one record, gathered in one place"
)]
fn note(
    world: &World,
    service: Service,
    method: &Method,
    label: Label,
    body: &Bytes,
    status: u16,
    reply: &Reply,
    fault: Option<&Fault>,
) {
    let body = match service {
        Service::Stripe => stripe::readable(body).into(),
        // A form has a file, which is kept elsewhere.
        _ if label.path.ends_with("/media")
            || label.path.contains("/upload:")
            || label.path.ends_with("/sendFileByUpload") =>
        {
            Box::default()
        }
        _ => body.as_ref().into(),
    };
    world.ledger.write(Record {
        service,
        at: Utc::now(),
        account: label.account,
        method: method.to_string(),
        path: label.path,
        body,
        status,
        message_id: reply.message_id.clone(),
        callback: label.callback,
        fault: fault.map(Fault::label),
    });
}
