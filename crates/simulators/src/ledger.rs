//! The ledger: all requests that the simulated providers received, and their answers.
//!
//! The ledger keeps only the newest entries. It keeps each body as raw bytes and parses it when somebody reads the
//! ledger, so that a load test pays little for it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{lock, options::Service};

const CAPACITY_ENTRIES: usize = 500_000;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Counts all entries of all services.
    pub n: u64,
    /// The service that received the request.
    pub service: Service,
    /// The time of the answer.
    pub at: DateTime<Utc>,
    /// The phone number id, the instance, or the last four characters of the key.
    pub account: String,
    /// Like `GET` or `POST`.
    pub method: String,
    /// The path below the service's base URL, without any token, like `/v25.0/106/messages`.
    pub path: String,
    /// The JSON of the request, text if it is not JSON, or null if the body is empty.
    pub body: Value,
    /// The HTTP status, or 0 if the connection was cut.
    pub status: u16,
    /// The message id in the answer. It is also set when a cut connection lost the answer.
    pub message_id: Option<String>,
    /// The request's `biz_opaque_callback_data`.
    pub callback: Option<String>,
    /// The fault that affected the request, like `status 500` or `cut after`.
    pub fault: Option<String>,
}

/// An entry with its raw body.
#[derive(Debug)]
pub(crate) struct Record {
    pub service: Service,
    pub at: DateTime<Utc>,
    pub account: String,
    pub method: String,
    pub path: String,
    pub body: Box<[u8]>,
    pub status: u16,
    pub message_id: Option<String>,
    pub callback: Option<String>,
    pub fault: Option<String>,
}

#[derive(Default)]
pub(crate) struct Ledger {
    ring: Mutex<Ring>,
}

#[derive(Default)]
struct Ring {
    entries: VecDeque<(u64, Arc<Record>)>,
    last: u64,
}

impl Ledger {
    pub fn write(&self, record: Record) {
        let record = Arc::new(record);
        let mut ring = lock(&self.ring);
        ring.last += 1;
        let n = ring.last;
        if ring.entries.len() == CAPACITY_ENTRIES {
            ring.entries.pop_front();
        }
        ring.entries.push_back((n, record));
    }

    /// Returns the newest entries after `since`, the oldest of them first.
    pub fn newest(&self, service: Option<Service>, since: u64, most: usize) -> Vec<Entry> {
        let records: Vec<(u64, Arc<Record>)> = {
            let ring = lock(&self.ring);
            let start = ring.entries.partition_point(|(n, _)| *n <= since);
            ring.entries
                .range(start..)
                .rev()
                .filter(|(_, record)| service.is_none_or(|service| service == record.service))
                .take(most)
                .cloned()
                .collect()
        };
        let oldest_first = records.iter().rev();
        oldest_first.map(|(n, record)| record.entry(*n)).collect()
    }

    pub fn clear(&self) {
        // The counter `last` goes on, so that a reader's `since` stays valid.
        lock(&self.ring).entries.clear();
    }
}

impl Record {
    fn entry(&self, n: u64) -> Entry {
        let body = if self.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&self.body)
                .unwrap_or_else(|_| String::from_utf8_lossy(&self.body).into())
        };
        Entry {
            n,
            service: self.service,
            at: self.at,
            account: self.account.clone(),
            method: self.method.clone(),
            path: self.path.clone(),
            body,
            status: self.status,
            message_id: self.message_id.clone(),
            callback: self.callback.clone(),
            fault: self.fault.clone(),
        }
    }
}
