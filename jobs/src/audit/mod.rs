//! The audit log: who changed what, from where, before and after. A domain records a change in the transaction that
//! makes it, so that there is no change without its record.

mod purge;
mod store;

use kazi_platform::{Timestamp, id, partitions};
use kazi_queue::{Registry, cron::Schedule};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Context, Work, domain::Domain, permission::permissions};
pub use purge::Purge;
pub use store::{erase, list, record};

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
    ..Domain::NONE
};

permissions! {
    /// Who changed what.
    AUDIT_READ = "audit.read", Admin;
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let nightly = Schedule::new("audit.purge", "29 3 * * *");
    registry.register::<Purge>().schedule(nightly, &Purge {})
}

/// What was changed.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// `contacts.update`: the domain and what was done.
    pub action: &'static str,
    /// What kind of thing: `contact`.
    pub subject_kind: &'static str,
    pub subject: Uuid,
    /// The fields that change, as they were. Never a secret.
    pub before: Option<&'a Value>,
    /// The same as they are now.
    pub after: Option<&'a Value>,
}

/// What to look for; all of it must fit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// `member`, `api_key`, `customer`, `operator` or `system`.
    pub actor_kind: Option<String>,
    /// The user, the key or the contact.
    pub actor: Option<Uuid>,
    /// `contacts.update`, or all of a domain: `contacts`.
    pub action: Option<String>,
    /// `contact`.
    pub subject_kind: Option<String>,
    pub subject: Option<Uuid>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// A record as members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuditRecord)]
pub struct RecordView {
    /// Its id.
    pub id: RecordId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `member`, `api_key`, `customer`, `operator` or `system`.
    #[schema(example = "member")]
    pub actor_kind: String,
    /// The user, the key or the contact.
    pub actor: Option<Uuid>,
    /// From where.
    pub address: Option<String>,
    /// The call.
    pub request_id: Option<String>,
    /// What was done.
    #[schema(example = "members.change_role")]
    pub action: String,
    /// To what kind of thing.
    #[schema(example = "user")]
    pub subject_kind: String,
    /// Which one.
    pub subject: Uuid,
    /// The fields that changed, as they were.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The same as they became.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
}

impl Work {
    /// Records a change that this work makes, in its transaction.
    ///
    /// # Errors
    /// The database failed.
    pub async fn audit(&mut self, change: &Change<'_>) -> Result<(), sqlx::Error> {
        let (workspace, actor) = (self.workspace(), self.actor().clone());
        record(self.conn(), Some(workspace), &actor, change).await
    }
}

/// The fields of two states of a thing that differ, as they were and as they are; `None` when nothing does. When it was
/// changed is no change.
pub fn difference(before: &impl Serialize, after: &impl Serialize) -> Option<(Value, Value)> {
    let fields = |value: serde_json::Result<Value>| match value {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let (mut was, mut is) = (
        fields(serde_json::to_value(before)),
        fields(serde_json::to_value(after)),
    );
    let same: Vec<String> = was
        .iter()
        .filter(|(key, value)| is.get(*key) == Some(value) || *key == "updated_at")
        .map(|(key, _)| key.clone())
        .collect();
    for key in same {
        was.remove(&key);
        is.remove(&key);
    }
    (!was.is_empty() || !is.is_empty()).then_some((was.into(), is.into()))
}

/// Makes the months of the log to come.
///
/// # Errors
/// The database failed.
pub async fn make_partitions(conn: &mut PgConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    partitions::ensure(conn, "audit_log", partitions::Period::Month, now, 2, 100).await
}

#[cfg(test)]
mod tests;
