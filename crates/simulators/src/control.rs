//! The endpoints beside the providers: accounts, the ledger, the phones, the letters, the published posts, what the
//! business's own server was told, and the faults. A page of any origin may use the phones.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Query, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn},
    response::{
        IntoResponse, Response, Sse,
        sse::{self, KeepAlive},
    },
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio_stream::{Stream, StreamExt, wrappers::BroadcastStream};

use crate::{
    Phone, World,
    chats::{ChatKey, Line},
    faults::Fault,
    graph::Post,
    ledger::Entry,
    lock,
    media::SentFile,
    options::{NewAccount, Service},
    receiver::{Call, Refusal},
    smtp::{Mail, MailFault},
    stripe::{self, StripeAction},
    whatsapp::{self, TemplateChange},
};

type Shared = State<Arc<World>>;

/// Entries in one answer of the ledger, unless the caller asks for another number.
const LEDGER_ENTRIES: usize = 1_000;
/// Calls of the business's own server in one answer.
const RECEIVED: usize = 200;
/// Bytes of a message that a page writes: a file of 20 MB in base64.
const WRITTEN_BYTES: usize = 28 * 1024 * 1024;

pub(crate) fn router() -> Router<Arc<World>> {
    let phones = Router::new()
        .route("/_phones/events", get(events))
        .route("/_phones/{wa_id}", get(transcript))
        .route("/_phones/{wa_id}/messages", post(write))
        .route("/_phones/{wa_id}/echoes", post(write_as_owner))
        .route("/_files/{id}", get(file))
        .layer(DefaultBodyLimit::max(WRITTEN_BYTES))
        .layer(from_fn(any_origin));
    Router::new()
        .route("/_inbox", get(read_inbox).delete(clear_inbox))
        .route("/_inbox/faults", get(mail_faults).post(add_mail_fault))
        .route("/_posts", get(posts))
        .route("/_received", get(received))
        .route("/_received/faults", get(refusals).post(add_refusal))
        .route("/_faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/_accounts", post(add_account))
        .route("/_stripe/sessions/{id}", post(act_on_session))
        .route("/_templates/{account}", post(change_template))
        .route("/_ledger", get(read_ledger).delete(clear_ledger))
        .merge(phones)
}

async fn add_account(State(world): Shared, Json(account): Json<NewAccount>) -> StatusCode {
    match account {
        NewAccount::WhatsApp(account) => world.add_whatsapp(account),
        NewAccount::GreenApi(account) => world.add_greenapi(account),
        NewAccount::Stripe(account) => world.add_stripe(account),
        NewAccount::Graph(account) => lock(&world.board).add(account),
        NewAccount::OpenRouter { key } => {
            lock(&world.keys).insert(key);
        }
    }
    StatusCode::CREATED
}

/// Meta decides about a template of a business account.
async fn change_template(
    State(world): Shared,
    Path(account): Path<String>,
    Json(change): Json<TemplateChange>,
) -> StatusCode {
    match whatsapp::change_template(&world, &account, &change) {
        true => StatusCode::NO_CONTENT,
        false => StatusCode::NOT_FOUND,
    }
}

#[derive(Deserialize)]
struct LedgerQuery {
    service: Option<Service>,
    /// Only entries with a greater number.
    #[serde(default)]
    since: u64,
    /// The most entries of the answer: the newest ones.
    limit: Option<usize>,
}

async fn read_ledger(State(world): Shared, Query(query): Query<LedgerQuery>) -> Json<Vec<Entry>> {
    let most = query.limit.unwrap_or(LEDGER_ENTRIES);
    Json(world.ledger.newest(query.service, query.since, most))
}

async fn clear_ledger(State(world): Shared) -> StatusCode {
    world.ledger.clear();
    StatusCode::NO_CONTENT
}

async fn posts(State(world): Shared) -> Json<Vec<Post>> {
    Json(lock(&world.board).posts())
}

/// What the business's own server was told, the oldest first.
async fn received(State(world): Shared) -> Json<Vec<Call>> {
    Json(world.business.newest(RECEIVED))
}

async fn refusals(State(world): Shared) -> Json<Vec<Refusal>> {
    Json(world.business.refusals.list())
}

async fn add_refusal(State(world): Shared, Json(refusal): Json<Refusal>) -> StatusCode {
    world.business.refusals.add(refusal);
    StatusCode::CREATED
}

async fn read_inbox(State(world): Shared) -> Json<Vec<Mail>> {
    Json(world.inbox.mails())
}

async fn clear_inbox(State(world): Shared) -> StatusCode {
    world.inbox.clear();
    StatusCode::NO_CONTENT
}

/// Does to a session of Stripe what the customer or time would do: `{"do": "pay"}` …
async fn act_on_session(
    State(world): Shared,
    Path(id): Path<String>,
    Json(action): Json<StripeAction>,
) -> Response {
    match stripe::act(&world, &id, &action) {
        Ok(session) => Json(session).into_response(),
        Err(error) => problem(StatusCode::CONFLICT, &error),
    }
}

async fn mail_faults(State(world): Shared) -> Json<Vec<MailFault>> {
    Json(world.inbox.faults.list())
}

async fn add_mail_fault(State(world): Shared, Json(fault): Json<MailFault>) -> StatusCode {
    world.inbox.faults.add(fault);
    StatusCode::CREATED
}

async fn faults(State(world): Shared) -> Json<Vec<Fault>> {
    Json(world.faults.list())
}

async fn add_fault(State(world): Shared, Json(fault): Json<Fault>) -> StatusCode {
    world.faults.add(fault);
    StatusCode::CREATED
}

async fn clear_faults(State(world): Shared) -> StatusCode {
    world.clear_faults();
    StatusCode::NO_CONTENT
}

/// A message that a phone writes: `text`, `tap`, or a message in the provider's form (with `type`).
#[derive(Deserialize)]
struct Written {
    to: String,
    channel: Service,
    text: Option<Value>,
    tap: Option<Tap>,
    file: Option<WrittenFile>,
    name: Option<String>,
    user_id: Option<String>,
    hide_phone: Option<bool>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// A file from a page, in base64.
#[derive(Deserialize)]
struct WrittenFile {
    kind: String,
    mime: String,
    name: Option<String>,
    caption: Option<String>,
    data: String,
}

#[derive(Deserialize)]
struct Tap {
    id: String,
    /// The tapped message. Without it: the newest message with buttons or rows.
    context: Option<String>,
}

async fn write(
    State(world): Shared,
    Path(phone): Path<String>,
    Json(written): Json<Written>,
) -> Response {
    let phone = phone.trim_start_matches('+').to_owned();
    if !is_known(&world, written.channel, &written.to) {
        return problem(StatusCode::NOT_FOUND, "there is no such account");
    }
    world.chats.set_profile(&phone, |profile| {
        profile.name = written.name.or(profile.name.take());
        profile.user_id = written.user_id.or(profile.user_id.take());
        profile.hidden = written.hide_phone.unwrap_or(profile.hidden);
    });
    let phone = Phone::new(
        world,
        ChatKey {
            phone,
            service: written.channel,
            account: written.to,
        },
    );
    if let Some(file) = written.file {
        let Ok(bytes) = STANDARD.decode(&file.data) else {
            return problem(StatusCode::UNPROCESSABLE_ENTITY, "file.data must be base64");
        };
        let message = phone.file_message(SentFile {
            kind: file.kind,
            mime: file.mime,
            name: file.name,
            caption: file.caption,
            bytes,
        });
        let sent = json!({"id": phone.post(message).id});
        return (StatusCode::ACCEPTED, Json(sent)).into_response();
    }
    let message = match (written.tap, written.text, written.rest) {
        (Some(tap), ..) => match phone.tap_message(&tap.id, tap.context.as_deref()) {
            Ok(message) => message,
            Err(error) => return problem(StatusCode::CONFLICT, &error),
        },
        (None, Some(Value::String(text)), _) => phone.text_message(&text),
        (None, text, mut rest) if rest.contains_key("type") || rest.contains_key("typeMessage") => {
            rest.extend(text.map(|text| ("text".to_owned(), text)));
            let kind = rest.get("type").and_then(Value::as_str).unwrap_or_default();
            // A phone cannot send a picture without the picture, nor a text without words.
            let content = rest.get(kind);
            let whole = match kind {
                "contacts" => content
                    .and_then(Value::as_array)
                    .is_some_and(|all| !all.is_empty()),
                _ => content.is_some_and(Value::is_object),
            };
            if whatsapp::MESSAGES.contains(&kind) && !whole {
                let shape = if kind == "contacts" {
                    "a list"
                } else {
                    "an object"
                };
                let words = format!("a message of the type {kind} needs \"{kind}\": {shape}");
                return problem(StatusCode::UNPROCESSABLE_ENTITY, &words);
            }
            Value::Object(rest)
        }
        _ => {
            return problem(
                StatusCode::UNPROCESSABLE_ENTITY,
                "one of text, tap, file, type is required",
            );
        }
    };
    (
        StatusCode::ACCEPTED,
        Json(json!({"id": phone.post(message).id})),
    )
        .into_response()
}

fn is_known(world: &World, channel: Service, account: &str) -> bool {
    match channel {
        Service::WhatsApp => world.number(account).is_some(),
        Service::GreenApi => world.instance(account).is_some(),
        Service::OpenRouter | Service::Stripe | Service::Graph => false,
    }
}

/// A text that the owner of a business writes to a customer's phone, on the phone of the number.
#[derive(Deserialize)]
struct ByOwner {
    /// The account of the business.
    to: String,
    channel: Service,
    text: String,
}

async fn write_as_owner(
    State(world): Shared,
    Path(phone): Path<String>,
    Json(written): Json<ByOwner>,
) -> Response {
    if !is_known(&world, written.channel, &written.to) {
        return problem(StatusCode::NOT_FOUND, "there is no such account");
    }
    let key = ChatKey {
        phone: phone.trim_start_matches('+').to_owned(),
        service: written.channel,
        account: written.to,
    };
    let id = Phone::new(world, key).echo(&written.text).id;
    (StatusCode::ACCEPTED, Json(json!({"id": id}))).into_response()
}

/// A file of a chat, for a page.
async fn file(State(world): Shared, Path(id): Path<String>) -> Response {
    match world.files.get(&id) {
        Some(file) => {
            let kind = HeaderValue::try_from(file.mime);
            let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
            ([(header::CONTENT_TYPE, kind)], file.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn problem(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({"error": error}))).into_response()
}

#[derive(Deserialize)]
struct ChatQuery {
    channel: Service,
    /// Without it: the chats with all accounts of the channel.
    to: Option<String>,
}

async fn transcript(
    State(world): Shared,
    Path(phone): Path<String>,
    Query(query): Query<ChatQuery>,
) -> Json<Vec<Line>> {
    let phone = phone.trim_start_matches('+').to_owned();
    Json(match query.to {
        Some(account) => world.chats.lines(&ChatKey {
            phone,
            service: query.channel,
            account,
        }),
        None => world.chats.lines_of(&phone, query.channel),
    })
}

/// Streams every change of every transcript: `data: {"phone", "channel", "to", "message"}`. The stream ends for a
/// listener that has missed changes. The listener connects again and reads the transcripts.
async fn events(State(world): Shared) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let changes = BroadcastStream::new(world.chats.listen());
    let events = changes.map_while(|change| match change {
        Ok(Some(change)) => {
            let data = serde_json::to_string(&*change).unwrap_or_default();
            Some(Ok(sse::Event::default().data(data)))
        }
        // The simulators stop, or the listener has missed changes.
        Ok(None) | Err(_) => None,
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// Sends CORS headers, so that a page of any origin may use the phones.
async fn any_origin(request: Request, next: Next) -> Response {
    let asks = request.method() == Method::OPTIONS;
    let mut response = if asks {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    let any = HeaderValue::from_static("*");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any.clone());
    if asks {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, POST"),
        );
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, any);
    }
    response
}
