//! The audit log: who changed what, from where, before and after. A domain records a change in the transaction that
//! makes it, so that there is no change without its record.

mod purge;
mod store;

use std::collections::BTreeSet;

use kazi_platform::{Timestamp, WorkspaceId, id, partitions};
use kazi_queue::{Registry, cron::Schedule};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Context, Work, domain::Domain, permission::permissions};
pub use purge::Purge;
pub use store::{erase, has_of_staff, list, of_staff, record};

id!(
    /// A record of the log.
    pub struct RecordId, "aud_"
);

pub(crate) const DOMAIN: Domain = Domain {
    name: "audit",
    floor: 1,
    jobs,
    tables: &["audit_log"],
    offers: &[&PERMISSIONS],
};

permissions! {
    /// Who changed what.
    AUDIT_READ = "audit.read", Admin;
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let nightly = Schedule::new("audit.purge", "29 3 * * *");
    registry.register::<Purge>().schedule(nightly, &Purge {})
}

/// A change to be recorded. `action` names the domain and the act, like `contacts.update`. The subject is the kind and the
/// id of the changed thing. Fields never carry a secret.
///
/// A change of something that belongs to a contact, and tells of the person, has the contact as its subject: [`erase`] finds
/// it by that.
#[derive(Clone, Debug)]
#[must_use = "a change is recorded by `Work::audit`"]
pub struct Change {
    action: &'static str,
    subject_kind: &'static str,
    subject: Uuid,
    sides: Sides,
}

#[derive(Clone, Debug)]
enum Sides {
    Created(Value),
    /// The fields that differ; `None` when all are the same.
    Updated(Option<(Value, Value)>),
    Deleted(Value),
    Done,
}

impl Change {
    /// A thing was made: the record has its fields in `after`.
    pub fn created(
        action: &'static str,
        subject: (&'static str, impl Into<Uuid>),
        after: &impl Serialize,
    ) -> Self {
        Self::new(action, subject, Sides::Created(fields(after).into()))
    }

    /// A thing was changed: the record has the fields that differ, with the same keys on both sides. There is no record when
    /// nothing differs.
    pub fn updated(
        action: &'static str,
        subject: (&'static str, impl Into<Uuid>),
        before: &impl Serialize,
        after: &impl Serialize,
    ) -> Self {
        Self::new(action, subject, Sides::Updated(difference(before, after)))
    }

    /// A thing was deleted: the record has its fields in `before`.
    pub fn deleted(
        action: &'static str,
        subject: (&'static str, impl Into<Uuid>),
        before: &impl Serialize,
    ) -> Self {
        Self::new(action, subject, Sides::Deleted(fields(before).into()))
    }

    /// Something was done with a thing that changes no field that the log may keep: a log-in, a look at a secret.
    pub fn done(action: &'static str, subject: (&'static str, impl Into<Uuid>)) -> Self {
        Self::new(action, subject, Sides::Done)
    }

    fn new(
        action: &'static str,
        (subject_kind, subject): (&'static str, impl Into<Uuid>),
        sides: Sides,
    ) -> Self {
        Self {
            action,
            subject_kind,
            subject: subject.into(),
            sides,
        }
    }

    /// What the record has in `before` and in `after`; `None` when there is nothing to record.
    fn sides(&self) -> Option<(Option<&Value>, Option<&Value>)> {
        match &self.sides {
            Sides::Created(after) => Some((None, Some(after))),
            Sides::Updated(differing) => {
                let (before, after) = differing.as_ref()?;
                Some((Some(before), Some(after)))
            }
            Sides::Deleted(before) => Some((Some(before), None)),
            Sides::Done => Some((None, None)),
        }
    }
}

/// Which records to list. A record must fit every field that is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditFilter {
    /// `member`, `api_key`, `customer`, `operator`, `staff` or `system`.
    pub actor_kind: Option<String>,
    /// The user, the key or the contact.
    pub actor: Option<Uuid>,
    /// `contacts.update`, or all of a domain: `contacts`.
    pub action: Option<String>,
    pub subject_kind: Option<String>,
    pub subject: Option<Uuid>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// A record as members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuditRecord)]
pub struct RecordView {
    pub id: RecordId,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `member`, `api_key`, `customer`, `operator`, `staff` or `system`.
    #[schema(example = "member")]
    pub actor_kind: String,
    /// The user, the key or the contact.
    pub actor_id: Option<Uuid>,
    /// The IP address of the caller.
    pub address: Option<String>,
    /// The id of the HTTP call.
    pub request_id: Option<String>,
    #[schema(example = "members.change_role")]
    pub action: String,
    /// The kind of the changed thing.
    #[schema(example = "user")]
    pub subject_kind: String,
    pub subject_id: Uuid,
    /// The fields that changed, before the change. Null for a new thing.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The same fields after the change. Null for a deleted thing.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
}

/// A record of what the staff did.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StaffAuditRecord)]
pub struct StaffRecord {
    /// The workspace, if it was about one.
    pub workspace_id: Option<WorkspaceId>,
    #[serde(flatten)]
    pub record: RecordView,
}

impl Work {
    /// Records a change that this work makes, in its transaction.
    pub async fn audit(&mut self, change: &Change) -> Result<(), sqlx::Error> {
        let (workspace, actor) = (self.workspace(), self.actor().clone());
        record(self.conn(), Some(workspace), &actor, change).await
    }
}

/// Fields that differ after every change: they tell nothing of what changed.
const STAMPS: [&str; 2] = ["updated_at", "version"];

/// The fields of two states of a thing that differ, as they were and as they are; `None` when all are the same. A field that
/// one state lacks counts as null there.
fn difference(before: &impl Serialize, after: &impl Serialize) -> Option<(Value, Value)> {
    let (was, is) = (fields(before), fields(after));
    let differs = |key: &&String| {
        !STAMPS.contains(&key.as_str())
            && was.get(*key).unwrap_or(&Value::Null) != is.get(*key).unwrap_or(&Value::Null)
    };
    let keys: BTreeSet<&String> = was.keys().chain(is.keys()).filter(differs).collect();
    let of = |state: &Map<String, Value>| -> Value {
        let pairs = keys.iter().map(|key| {
            let value = state.get(*key).cloned().unwrap_or_default();
            ((*key).clone(), value)
        });
        Value::Object(pairs.collect())
    };
    (!keys.is_empty()).then(|| (of(&was), of(&is)))
}

fn fields(state: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(state) {
        Ok(Value::Object(fields)) => fields,
        other => {
            debug_assert!(false, "the log keeps named fields, not {other:?}");
            Map::new()
        }
    }
}

/// Makes the partitions of this month and of the next two.
pub async fn make_partitions(conn: &mut PgConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    partitions::ensure(conn, "audit_log", partitions::Period::Month, now, 2, 100).await
}

#[cfg(test)]
mod tests;
