//! The transcripts of the customers' phones: one for each phone, provider and business account.
//!
//! The number of lines is limited: the oldest lines of all transcripts are dropped first. A new line wakes everybody
//! who waits for it.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, watch};

use crate::{lock, options::Service};

/// The most lines of all transcripts together.
const CAPACITY_LINES: usize = 200_000;
/// A slow listener may be this many changes behind.
const LISTENER_LAG_CHANGES: usize = 4_096;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The provider's id of the message.
    pub id: String,
    /// `in`: to the phone. `out`: from the phone.
    pub direction: String,
    /// `text`, `image`, `buttons`, `list`, `template`, `button_reply`, `list_reply`, or the provider's own word.
    pub kind: String,
    /// The text that a person reads: also the caption of an image, or a tapped title.
    pub text: String,
    /// Only of an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// The picture, the recording or the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<LineFile>,
    /// Only of `buttons`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Choice>,
    /// The button that opens a `list`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_button: Option<String>,
    /// Only of a `list`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Choice>,
    /// When the phone received or wrote it.
    pub at: DateTime<Utc>,
    /// In: `accepted`, `sent`, `delivered`, `read` or `failed`. Out: `sending`, and `delivered` when the webhook's
    /// target has answered with 2xx.
    pub status: String,
    /// In: the error code of a failed message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<i64>,
    /// In: the `biz_opaque_callback_data` of its request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<String>,
    /// The message that this one answers, or that was tapped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
}

/// A file in a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFile {
    /// Where a browser gets it.
    pub url: String,
    pub mime: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// A tap returns this id.
    pub id: String,
    pub title: String,
    /// The text below a row's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Line {
    /// Tells whether the line is a message that the phone has got.
    pub(crate) fn is_heard(&self) -> bool {
        self.direction == "in"
    }

    /// Tells whether the line has buttons or rows.
    pub fn is_interactive(&self) -> bool {
        self.is_heard() && !(self.buttons.is_empty() && self.rows.is_empty())
    }
}

/// The key of a transcript.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ChatKey {
    /// The phone's digits, or the chat id of a group.
    pub phone: String,
    pub service: Service,
    /// The phone number id or the instance.
    pub account: String,
}

/// A change for listeners (`GET /_phones/events`).
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Change {
    pub phone: String,
    pub channel: Service,
    pub to: String,
    pub message: Line,
}

/// The person who owns a phone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    pub name: Option<String>,
    pub user_id: Option<String>,
    /// The person has a username: webhooks carry no phone number.
    pub hidden: bool,
}

#[derive(Default)]
struct Chat {
    lines: VecDeque<Line>,
    last_out: Option<DateTime<Utc>>,
    /// Made when somebody waits.
    changed: Option<watch::Sender<()>>,
}

#[derive(Default)]
struct Inner {
    chats: HashMap<Arc<ChatKey>, Chat>,
    /// The transcript of each line, the oldest first.
    order: VecDeque<Arc<ChatKey>>,
}

pub(crate) struct Chats {
    inner: Mutex<Inner>,
    profiles: Mutex<HashMap<String, Profile>>,
    /// `None` means that the simulators stop.
    changes: broadcast::Sender<Option<Arc<Change>>>,
}

impl Chats {
    pub fn new() -> Self {
        Self {
            inner: Mutex::default(),
            profiles: Mutex::default(),
            changes: broadcast::Sender::new(LISTENER_LAG_CHANGES),
        }
    }

    pub fn push(&self, key: &ChatKey, line: Line) {
        self.announce(key, &line);
        let mut guard = lock(&self.inner);
        let Inner { chats, order } = &mut *guard;
        let key = match chats.get_key_value(key) {
            Some((key, _)) => key.clone(),
            None => Arc::new(key.clone()),
        };
        let chat = chats.entry(key.clone()).or_default();
        if line.direction == "out" {
            chat.last_out = Some(line.at);
        }
        chat.lines.push_back(line);
        chat.tell();
        order.push_back(key);
        if order.len() > CAPACITY_LINES
            && let Some(oldest) = order.pop_front()
            && let Some(chat) = chats.get_mut(&oldest)
        {
            chat.lines.pop_front();
            if chat.lines.is_empty() && chat.last_out.is_none() && chat.changed.is_none() {
                chats.remove(&oldest);
            }
        }
    }

    /// Changes the status of a line, and never moves it back.
    pub fn set_status(&self, key: &ChatKey, id: &str, status: &str, error: Option<i64>) {
        let changed = {
            let mut inner = lock(&self.inner);
            let Some(chat) = inner.chats.get_mut(key) else {
                return;
            };
            let Some(line) = chat.lines.iter_mut().rev().find(|line| line.id == id) else {
                return;
            };
            if rank(status) <= rank(&line.status) {
                return;
            }
            status.clone_into(&mut line.status);
            line.error = error;
            let line = (self.changes.receiver_count() > 0).then(|| line.clone());
            chat.tell();
            line
        };
        if let Some(line) = changed {
            self.announce(key, &line);
        }
    }

    pub fn lines(&self, key: &ChatKey) -> Vec<Line> {
        let inner = lock(&self.inner);
        inner
            .chats
            .get(key)
            .map(|chat| chat.lines.iter().cloned().collect())
            .unwrap_or_default()
    }

    /// Returns the lines of a phone with all accounts of a provider, by time.
    pub fn lines_of(&self, phone: &str, service: Service) -> Vec<Line> {
        let inner = lock(&self.inner);
        let chats = inner.chats.iter();
        let mut lines: Vec<Line> = chats
            .filter(|(key, _)| key.phone == phone && key.service == service)
            .flat_map(|(_, chat)| chat.lines.iter().cloned())
            .collect();
        lines.sort_by_key(|line| line.at);
        lines
    }

    /// Returns a receiver that resolves at each later change of the transcript.
    pub fn watch(&self, key: &ChatKey) -> watch::Receiver<()> {
        let mut inner = lock(&self.inner);
        let chat = inner.chats.entry(Arc::new(key.clone())).or_default();
        chat.changed
            .get_or_insert_with(|| watch::Sender::new(()))
            .subscribe()
    }

    /// Meta: free messages are allowed only within 24 hours after the customer's last message.
    pub fn window_open(&self, key: &ChatKey, now: DateTime<Utc>) -> bool {
        let inner = lock(&self.inner);
        let last = inner.chats.get(key).and_then(|chat| chat.last_out);
        last.is_some_and(|last| now - last < TimeDelta::hours(24))
    }

    pub fn profile(&self, phone: &str) -> Profile {
        lock(&self.profiles).get(phone).cloned().unwrap_or_default()
    }

    pub fn set_profile(&self, phone: &str, change: impl FnOnce(&mut Profile)) {
        change(lock(&self.profiles).entry(phone.to_owned()).or_default());
    }

    /// Finds the phone of a user id like `US.1349…`.
    pub fn phone_of(&self, user_id: &str) -> Option<String> {
        let profiles = lock(&self.profiles);
        let mut all = profiles.iter();
        all.find(|(phone, profile)| {
            profile
                .user_id
                .as_deref()
                .map_or_else(|| default_user_id(phone) == user_id, |own| own == user_id)
        })
        .map(|(phone, _)| phone.clone())
    }

    pub fn listen(&self) -> broadcast::Receiver<Option<Arc<Change>>> {
        self.changes.subscribe()
    }

    pub fn close(&self) {
        let _ = self.changes.send(None);
    }

    fn announce(&self, key: &ChatKey, line: &Line) {
        if self.changes.receiver_count() == 0 {
            return;
        }
        let change = Change {
            phone: key.phone.clone(),
            channel: key.service,
            to: key.account.clone(),
            message: line.clone(),
        };
        let _ = self.changes.send(Some(Arc::new(change)));
    }
}

impl Chat {
    fn tell(&self) {
        if let Some(changed) = &self.changed {
            changed.send_replace(());
        }
    }
}

/// Makes a user id for a phone that has none. It is the same in every run.
pub(crate) fn default_user_id(phone: &str) -> String {
    // The hash FNV-1a.
    let hash = phone.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("US.{hash}")
}

fn rank(status: &str) -> u8 {
    match status {
        "accepted" | "sending" => 0,
        "sent" => 1,
        "delivered" => 2,
        "read" => 3,
        _ => 4,
    }
}
