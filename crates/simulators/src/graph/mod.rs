//! Publishing with Meta's Graph API: Instagram accounts and Facebook pages, at one base URL.
//!
//! Sources: Meta, "Content Publishing" and "Error Codes" of the Instagram Platform; "Page Feed", "Page Photos" and
//! "Handling Errors" of the Graph API. Meta does not document what happens when a client publishes a container twice.
//! This simulator answers as if the container could not be published.

mod facebook;
mod instagram;

use std::{collections::HashMap, sync::Arc};

use axum::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    World, lock,
    options::{GraphAccount, Network},
    server::{Call, Label, Reply},
};

/// A published post.
#[derive(Clone, Debug, Serialize)]
pub struct Post {
    /// Instagram's media id, or `{page}_{post}`.
    pub id: String,
    pub network: Network,
    /// The id of the account or page.
    pub account: String,
    pub text: String,
    /// The URLs of the images.
    pub images: Vec<String>,
    /// The time of publication.
    pub at: DateTime<Utc>,
    /// The photos of a page's post.
    #[serde(skip)]
    photos: Vec<String>,
}

/// The containers, photos and posts of all accounts.
#[derive(Default)]
pub(crate) struct Board {
    accounts: HashMap<String, GraphAccount>,
    containers: HashMap<String, instagram::Container>,
    photos: HashMap<String, facebook::Photo>,
    posts: Vec<Post>,
    /// The last number in an id.
    last: u64,
}

impl Board {
    pub fn add(&mut self, account: GraphAccount) {
        self.accounts.insert(account.id.clone(), account);
    }

    /// Returns the posts, the oldest first.
    pub fn posts(&self) -> Vec<Post> {
        self.posts.clone()
    }

    fn id(&mut self, prefix: &str) -> String {
        self.last += 1;
        format!("{prefix}{:012}", self.last)
    }

    fn post(&self, id: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.id == id)
    }

    /// Returns how many posts of the account are younger than a day.
    fn of_the_day(&self, account: &str) -> usize {
        let since = Utc::now() - TimeDelta::hours(24);
        let of_it = |post: &&Post| post.account == account && post.at > since;
        self.posts.iter().filter(of_it).count()
    }
}

/// An error in the Graph API's words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    status: u16,
    code: i64,
    subcode: Option<i64>,
    words: &'static str,
    transient: bool,
}

const fn refusal(code: i64, subcode: i64, words: &'static str) -> Refusal {
    Refusal {
        status: 400,
        code,
        subcode: if subcode == 0 { None } else { Some(subcode) },
        words,
        transient: false,
    }
}

const INVALID_TOKEN: Refusal = Refusal {
    status: 401,
    ..refusal(
        190,
        0,
        "Invalid OAuth access token - Cannot parse access token",
    )
};
const NO_OBJECT: Refusal = refusal(
    100,
    33,
    "Unsupported request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation",
);

impl Refusal {
    fn reply(self) -> Reply {
        Reply::json(
            self.status,
            json!({"error": {
                "message": self.words,
                "type": "OAuthException",
                "code": self.code,
                "error_subcode": self.subcode,
                "is_transient": self.transient,
                "error_user_msg": self.words,
                "fbtrace_id": format!("A{}", &Uuid::new_v4().simple().to_string()[..22]),
            }}),
        )
    }
}

/// Splits `/v24.0/178…/media` into `178…` and `media`.
fn parts(path: &str) -> (&str, &str) {
    let path = path.trim_start_matches('/');
    let versioned = |text: &str| {
        text.strip_prefix('v').is_some_and(|rest| {
            rest.split_once('.').is_some_and(|(major, minor)| {
                [major, minor]
                    .iter()
                    .all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
            })
        })
    };
    let rest = match path.split_once('/') {
        Some((version, rest)) if versioned(version) => rest,
        _ => path,
    };
    rest.split_once('/').unwrap_or((rest, ""))
}

pub(crate) fn label(call: &Call) -> Label {
    Label {
        account: parts(&call.path).0.to_owned(),
        path: call.path.clone(),
        callback: None,
    }
}

/// Returns the answer for a fault.
pub(crate) fn fault(status: Option<u16>, code: Option<i64>) -> Reply {
    let of_status = |status| match status {
        401 => 190,
        403 => 10,
        429 => 4,
        400..500 => 100,
        _ => 2,
    };
    let code = code.unwrap_or_else(|| of_status(status.unwrap_or(500)));
    let of_code = if matches!(code, 1 | 2) { 500 } else { 400 };
    Refusal {
        status: status.unwrap_or(of_code),
        transient: matches!(code, 1 | 2),
        ..refusal(code, 0, "Scripted fault")
    }
    .reply()
}

pub(crate) fn answer(world: &Arc<World>, call: &Call) -> Reply {
    let mut board = lock(&world.board);
    let (object, edge) = parts(&call.path);
    if object == "refresh_access_token" {
        return refresh(&mut board, call).unwrap_or_else(Refusal::reply);
    }
    let token = call.bearer().unwrap_or_default();
    let account = board
        .accounts
        .values()
        .find(|account| account.token == token);
    let Some(account) = account.cloned() else {
        return INVALID_TOKEN.reply();
    };
    let get = call.method == Method::GET;
    // A token gives access to its own account only.
    let done = match (account.network, object == account.id, edge) {
        (_, true, "") if get => Ok(profile(&account)),
        (Network::Instagram, own, edge) => {
            let looks = world.options.container_looks;
            instagram::answer(&mut board, call, &account, (own, object, edge), looks)
        }
        (Network::Facebook, true, edge) => facebook::answer(&mut board, call, &account, edge),
        _ => Err(NO_OBJECT),
    };
    done.unwrap_or_else(Refusal::reply)
}

fn profile(account: &GraphAccount) -> Reply {
    let name = match account.network {
        Network::Instagram => "username",
        Network::Facebook => "name",
    };
    Reply::json(200, json!({"id": account.id, name: account.name}))
}

/// Makes a new token. The old one stays valid until it expires.
fn refresh(board: &mut Board, call: &Call) -> Result<Reply, Refusal> {
    let query = |key: &str| {
        let mut pairs = call
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        pairs.find(|(name, _)| *name == key).map(|(_, value)| value)
    };
    if query("grant_type") != Some("ig_refresh_token") {
        return Err(refusal(100, 0, "Invalid grant_type"));
    }
    let token = query("access_token").unwrap_or_default();
    let account = board
        .accounts
        .values_mut()
        .find(|account| account.network == Network::Instagram && account.token == token);
    let account = account.ok_or(INVALID_TOKEN)?;
    account.token = format!("IGAA{}", Uuid::new_v4().simple());
    Ok(Reply::json(
        200,
        json!({"access_token": account.token, "token_type": "bearer", "expires_in": 5_184_000}),
    ))
}

/// Tells whether the network can fetch this URL: it is public, or on this machine, where a demo keeps its images.
fn fetchable(url: &str) -> bool {
    let host = |rest: &str| rest.split(['/', ':']).next().unwrap_or_default().to_owned();
    match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => host(rest).contains('.'),
        (_, Some(rest)) => matches!(host(rest).as_str(), "127.0.0.1" | "localhost"),
        _ => false,
    }
}

/// Answers with the id of a new object, and notes it in the ledger.
fn made(id: String) -> Reply {
    Reply {
        message_id: Some(id.clone()),
        ..Reply::json(200, json!({"id": id}))
    }
}

/// Answers with a list of posts, the newest first.
fn newest<'a>(board: &'a Board, account: &'a str, show: impl Fn(&Post) -> Value + 'a) -> Reply {
    let own = board
        .posts
        .iter()
        .rev()
        .filter(|post| post.account == account);
    let data: Vec<Value> = own.take(25).map(show).collect();
    Reply::json(200, json!({"data": data}))
}

/// Writes a time in Meta's format.
fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S+0000").to_string()
}
