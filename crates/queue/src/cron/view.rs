//! A schedule as it is listed.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    store::schedules::Row,
    types::{JobId, Missed, Schedule, shown},
};

/// Where a schedule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The program's code.
    Code,
    /// Put at run time.
    Database,
}

/// A schedule as it stands in the database.
#[derive(Clone, Debug, Serialize)]
pub struct ScheduleView {
    /// Its number, for paging.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Whom it belongs to.
    pub tenant: Option<Uuid>,
    /// When it fires.
    pub expression: String,
    /// On whose clocks.
    pub zone: String,
    /// The kind of its job.
    pub kind: String,
    /// The payload of its job; `"sealed"` where the kind seals it.
    pub payload: Value,
    /// What becomes of missed fires.
    pub missed: Missed,
    /// It does not fire.
    pub paused: bool,
    /// Where it comes from.
    pub source: Source,
    /// The fire time that was enqueued last.
    pub last_fire: Option<DateTime<Utc>>,
    /// Its job.
    pub last_job: Option<JobId>,
    /// The next fire time; where it is in the past, it is late. None: there is none any more.
    pub next_fire: Option<DateTime<Utc>>,
    /// Why it could not be fired the last time. It is tried again every minute.
    pub error: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

impl ScheduleView {
    /// The schedule in it, to be changed and [put](super::put) back.
    pub fn schedule(&self) -> Schedule {
        Schedule {
            name: self.name.clone(),
            expression: self.expression.clone(),
            zone: self.zone.clone(),
            missed: self.missed,
            tenant: self.tenant,
        }
    }
}

impl From<Row> for ScheduleView {
    fn from(row: Row) -> Self {
        let Schedule { tenant, missed, .. } = row.schedule();
        Self {
            id: row.id,
            name: row.name,
            tenant,
            expression: row.expression,
            zone: row.zone,
            kind: row.kind,
            payload: shown(row.payload),
            missed,
            paused: row.paused,
            source: match row.source.as_str() {
                "code" => Source::Code,
                _ => Source::Database,
            },
            last_fire: row.last_fire,
            last_job: row.last_job.map(JobId),
            next_fire: row.next_fire,
            error: row.error,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
