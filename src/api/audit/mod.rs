//! The audit log.

use kazi_jobs::{
    Permission,
    audit::{self, RecordId, RecordView},
};
use kazi_platform::Timestamp;
use serde::Deserialize;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::api::{
    Answer,
    caller::Caller,
    extract::Json,
    page::{List, Page, Paging},
    routes::Routes,
};
use crate::problem::Problem;

pub fn routes() -> Vec<Routes> {
    vec![
        Routes::new(
            "audit-log",
            "Who changed what, from where, before and after.",
        )
        .add(Permission::AUDIT_READ, routes!(list)),
    ]
}

const KINDS: [&str; 6] = [
    "member", "api_key", "customer", "operator", "staff", "system",
];

/// All given conditions must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// `member`, `api_key`, `customer`, `operator`, `staff` or `system`.
    #[param(example = "member")]
    actor_kind: Option<String>,
    /// The user, the key or the contact: an id like `usr_…`, or its UUID.
    actor_id: Option<String>,
    /// The action, like `contacts.update`, or all actions of a domain: `contacts`.
    #[param(example = "members.change_role")]
    action: Option<String>,
    /// The kind of the changed thing.
    #[param(example = "contact")]
    subject_kind: Option<String>,
    /// The changed thing: an id like `ctc_…`, or its UUID.
    subject_id: Option<String>,
    /// At this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

impl Filter {
    fn checked(&self) -> Result<audit::AuditFilter, Problem> {
        let kind = self.actor_kind.as_deref();
        if kind.is_some_and(|kind| !KINDS.contains(&kind)) {
            let rule = format!("must be one of {}", KINDS.join(", "));
            return Err(Problem::field("/actor_kind", "unknown", rule));
        }
        Ok(audit::AuditFilter {
            actor_kind: self.actor_kind.clone(),
            actor: self
                .actor_id
                .as_deref()
                .map(|id| uuid(id, "/actor_id"))
                .transpose()?,
            action: self.action.clone(),
            subject_kind: self.subject_kind.clone(),
            subject: self
                .subject_id
                .as_deref()
                .map(|id| uuid(id, "/subject_id"))
                .transpose()?,
            from: self.from,
            until: self.until,
        })
    }
}

/// Reads an id with or without its prefix.
fn uuid(id: &str, pointer: &str) -> Result<Uuid, Problem> {
    let digits = id.split_once('_').map_or(id, |(_, digits)| digits);
    Uuid::try_parse(digits)
        .map_err(|_| Problem::field(pointer, "invalid", "must be an id, or a UUID"))
}

/// Lists the records, newest first.
#[utoipa::path(get, path = "/api/v1/audit-log", params(Filter, Paging),
    responses((status = 200, description = "A page of them.", body = Page<RecordView>)))]
async fn list(caller: Caller, list: List<Filter, RecordId>) -> Answer<Page<RecordView>> {
    let filter = list.filter.checked()?;
    let mut work = caller.begin().await?;
    let after = list.after;
    let rows = audit::list(&mut work, &filter, after, list.fetch()).await?;
    Ok(Json(list.page(rows, |row| row.id)?))
}
