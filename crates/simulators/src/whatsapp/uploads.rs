//! Resumable uploads: the samples of templates' files, in parts.
//!
//! Source: Meta, "Resumable Upload API" of the Graph API.

use std::{collections::HashMap, sync::Mutex};

use axum::http::{Method, header};
use bytes::Bytes;
use serde_json::json;
use uuid::Uuid;

use super::{
    errors::{self, Refusal},
    review::asked,
};
use crate::{
    World, lock, media,
    server::{Call, Reply},
};

/// The app of all tokens.
pub(super) const APP: &str = "8000000000000001";
const SESSION: &str = "upload:";
const TYPES: [&str; 5] = [
    "application/pdf",
    "image/jpeg",
    "image/jpg",
    "image/png",
    "video/mp4",
];

/// An upload on its way.
struct Session {
    token: String,
    mime: String,
    length: usize,
    bytes: Vec<u8>,
    handle: String,
}

/// The sessions by their ids, and the uploaded files by their handles.
#[derive(Default)]
pub(crate) struct Uploads {
    sessions: Mutex<HashMap<String, Session>>,
    files: Mutex<HashMap<String, media::File>>,
}

impl Uploads {
    /// The type of the file with this handle.
    pub fn mime(&self, handle: &str) -> Option<String> {
        lock(&self.files).get(handle).map(|file| file.mime.clone())
    }

    /// The bytes of the file with this handle.
    pub fn bytes(&self, handle: &str) -> Option<Vec<u8>> {
        lock(&self.files)
            .get(handle)
            .map(|file| file.bytes.to_vec())
    }
}

/// Says whether a call is about an upload or the app. Their token is not always a bearer.
pub(super) fn is_one(call: &Call) -> bool {
    call.path
        .split('/')
        .nth(2)
        .is_some_and(|object| object.starts_with(SESSION) || object == APP || object == "app")
}

pub(super) fn answer(world: &World, call: &Call, (object, edge): (&str, &str)) -> Reply {
    if object.starts_with(SESSION) {
        // The id of a session has a query of its own.
        let id = match call.query.is_empty() {
            true => object.to_owned(),
            false => format!("{object}?{}", call.query),
        };
        return session(world, call, &id);
    }
    let token = call.bearer().unwrap_or_default();
    if !is_known(world, token) {
        return errors::unknown_token(token);
    }
    match (&call.method, object, edge) {
        (&Method::GET, "app" | APP, "") => Reply::json(
            200,
            json!({"id": APP, "name": "Test app", "link": "https://app.test/"}),
        ),
        (&Method::POST, "app" | APP, "uploads") => {
            begin(world, call, token).unwrap_or_else(|refusal| refusal.reply())
        }
        _ => errors::unsupported(call.method.as_str(), object),
    }
}

fn is_known(world: &World, token: &str) -> bool {
    let numbers = lock(&world.numbers);
    numbers.values().any(|number| number.account.token == token)
}

fn begin(world: &World, call: &Call, token: &str) -> Result<Reply, Refusal> {
    let given = |key: &str| {
        asked(call, key)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Refusal::new(100, format!("The parameter {key} is required.")))
    };
    given("file_name")?;
    let mime = given("file_type")?;
    if !TYPES.contains(&mime.as_str()) {
        let details = format!("Param file_type must be one of {{{}}}", TYPES.join(", "));
        return Err(Refusal::new(100, details));
    }
    let length: usize = given("file_length")?
        .parse()
        .map_err(|_| Refusal::new(100, "Param file_length must be a number"))?;
    if length == 0 || media::limit_of(&mime.replace("jpg", "jpeg")).is_none_or(|most| length > most)
    {
        return Err(Refusal::new(
            100,
            "Param file_length is not within the limits",
        ));
    }
    let random = || Uuid::new_v4().simple().to_string();
    let id = format!("{SESSION}MTph{}?sig=ARZ{}", random(), random());
    let session = Session {
        token: token.to_owned(),
        handle: format!("4::{}:ARb{}:e:1:{APP}", random(), random()),
        mime,
        length,
        bytes: Vec::new(),
    };
    lock(&world.uploads.sessions).insert(id.clone(), session);
    Ok(Reply::json(200, json!({"id": id})))
}

fn session(world: &World, call: &Call, id: &str) -> Reply {
    let given = call.headers.get(header::AUTHORIZATION);
    let given = given.and_then(|given| given.to_str().ok());
    let token = given.and_then(|given| given.strip_prefix("OAuth "));
    let mut sessions = lock(&world.uploads.sessions);
    let own = sessions
        .get_mut(id)
        .filter(|session| Some(session.token.as_str()) == token);
    let Some(session) = own else {
        return match token {
            Some(token) if is_known(world, token) => errors::unsupported("post", id),
            _ => errors::unknown_token(""),
        };
    };
    if call.method == Method::GET {
        return Reply::json(200, json!({"id": id, "file_offset": session.bytes.len()}));
    }
    let offset = call.headers.get("file_offset");
    let offset = offset.and_then(|offset| offset.to_str().ok()?.parse::<usize>().ok());
    if offset != Some(session.bytes.len()) {
        return Refusal::new(100, "The header file_offset is not where the upload stands").reply();
    }
    if session.bytes.len() + call.body.len() > session.length {
        return Refusal::new(100, "The file is longer than file_length").reply();
    }
    session.bytes.extend_from_slice(&call.body);
    if session.bytes.len() < session.length {
        return Refusal::new(100, "The file is shorter than file_length").reply();
    }
    let file = media::File {
        mime: session.mime.clone(),
        name: None,
        bytes: Bytes::from(session.bytes.clone()),
    };
    let handle = session.handle.clone();
    lock(&world.uploads.files).insert(handle.clone(), file);
    Reply::json(200, json!({"h": handle}))
}
