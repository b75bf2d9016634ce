//! A schedule as it is listed.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    store::schedules::ScheduleRow,
    types::{JobId, Missed, Schedule, shown},
};

/// Where a schedule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The program's code. The engine writes it at its start.
    Code,
    /// A call of [`put`](super::put) at run time.
    Database,
}

/// A schedule as it stands in the database.
#[derive(Clone, Debug, Serialize)]
pub struct ScheduleView {
    /// The number of the schedule, for paging.
    pub id: i64,
    /// The name of the schedule, unique per tenant.
    pub name: String,
    /// The tenant of the schedule and of its jobs.
    pub tenant: Option<Uuid>,
    /// The cron expression.
    pub expression: String,
    /// The IANA name of the time zone.
    pub zone: String,
    /// The kind of the job.
    pub kind: String,
    /// The payload of the job as JSON; `"sealed"` if the kind seals it.
    pub payload: Value,
    /// What happens to missed fires.
    pub missed: Missed,
    /// Whether the schedule is paused.
    pub paused: bool,
    /// Where the schedule comes from.
    pub source: Source,
    /// The last fire time that was enqueued.
    pub last_fire: Option<DateTime<Utc>>,
    /// The job of the last fire.
    pub last_job: Option<JobId>,
    /// The next fire time. A time in the past is late. `None`: the schedule never fires again.
    pub next_fire: Option<DateTime<Utc>>,
    /// Why the last try to fire failed. It is tried again after a second or a minute.
    pub error: Option<String>,
    /// When the schedule was made, by the database's clock.
    pub created_at: DateTime<Utc>,
    /// When the schedule was last changed, by the database's clock.
    pub updated_at: DateTime<Utc>,
}

impl ScheduleView {
    /// The schedule itself, to change it and [put](super::put) it back.
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

impl From<ScheduleRow> for ScheduleView {
    fn from(row: ScheduleRow) -> Self {
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
