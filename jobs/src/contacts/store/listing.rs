//! SQL of the lists. They read the view `contacts_search`: the contacts of the transaction's workspace that are not
//! deleted, with the indexes that a policy would keep from them.

use kazi_platform::ids::first_uuid_of;
use serde_json::{Map, Value};
use sqlx::{PgConnection, Postgres, QueryBuilder, types::Json};

use crate::{
    Work,
    contacts::{ContactFilter, ContactId, ContactView, Key, Sort},
};

pub(super) const COLUMNS: &str = "SELECT c.id, c.name, c.phone, c.email, c.language, c.country, c.attributes, c.marketing,
    c.blocked_at, c.registered_at, c.last_activity_at, c.created_at, c.updated_at, c.version, c.sort_name,
    ARRAY(SELECT t.name FROM contact_taggings g
          JOIN contact_tags t ON t.workspace_id = g.workspace_id AND t.id = g.tag_id
          WHERE g.workspace_id = c.workspace_id AND g.contact_id = c.id ORDER BY t.name) AS tags";

/// How many matches of a search are compared.
const CANDIDATES: i64 = 200;

pub async fn one(work: &mut Work, id: ContactId) -> Result<Option<ContactView>, sqlx::Error> {
    let mut sql = QueryBuilder::new(COLUMNS);
    sql.push(" FROM contacts_search c WHERE c.workspace_id = ")
        .push_bind(work.workspace().uuid())
        .push(" AND c.id = ")
        .push_bind(id.uuid());
    sql.build_query_as().fetch_optional(work.conn()).await
}

pub async fn list(
    conn: &mut PgConnection,
    filter: &ContactFilter,
    attributes: &Map<String, Value>,
    sort: Sort,
    after: Option<&Key>,
    limit: i64,
) -> Result<Vec<ContactView>, sqlx::Error> {
    let mut sql = QueryBuilder::new(COLUMNS);
    sql.push(" FROM contacts_search c WHERE true");
    narrow(&mut sql, filter, attributes);
    let down = matches!(
        sort,
        Sort::CreatedDown | Sort::NameDown | Sort::ActivityDown
    );
    let beyond = if down { "<" } else { ">" };
    match after {
        None => {}
        Some(Key::Created(id)) => {
            sql.push(format_args!(" AND c.id {beyond} "))
                .push_bind(id.uuid());
        }
        Some(Key::Name(name, id)) => {
            sql.push(format_args!(" AND (c.sort_name, c.id) {beyond} ("))
                .push_bind(name.clone())
                .push(", ")
                .push_bind(id.uuid())
                .push(")");
        }
        Some(Key::Activity(at, id)) => {
            sql.push(format_args!(" AND (c.last_activity_at, c.id) {beyond} ("))
                .push_bind(*at)
                .push(", ")
                .push_bind(id.uuid())
                .push(")");
        }
    }
    sql.push(match sort {
        Sort::Created => " ORDER BY c.id",
        Sort::CreatedDown => " ORDER BY c.id DESC",
        Sort::Name => " ORDER BY c.sort_name, c.id",
        Sort::NameDown => " ORDER BY c.sort_name DESC, c.id DESC",
        Sort::Activity => " ORDER BY c.last_activity_at, c.id",
        Sort::ActivityDown => " ORDER BY c.last_activity_at DESC, c.id DESC",
    });
    sql.push(" LIMIT ").push_bind(limit);
    // How many a filter lets through decides the plan: a plan for any value would be the wrong one for many.
    let plain = *filter == ContactFilter::default();
    sql.build_query_as().persistent(plain).fetch_all(conn).await
}

pub async fn count(
    conn: &mut PgConnection,
    filter: &ContactFilter,
    attributes: &Map<String, Value>,
) -> Result<i64, sqlx::Error> {
    let mut sql = QueryBuilder::new("SELECT count(*) FROM contacts_search c WHERE true");
    narrow(&mut sql, filter, attributes);
    sql.build_query_scalar()
        .persistent(false)
        .fetch_one(conn)
        .await
}

fn narrow(
    sql: &mut QueryBuilder<Postgres>,
    filter: &ContactFilter,
    attributes: &Map<String, Value>,
) {
    if let Some(tag) = &filter.tag {
        sql.push(
            " AND EXISTS (SELECT FROM contact_taggings g JOIN contact_tags t ON t.workspace_id = g.workspace_id
                          AND t.id = g.tag_id WHERE g.workspace_id = c.workspace_id AND g.contact_id = c.id AND t.name = ",
        )
        .push_bind(tag.to_lowercase())
        .push(")");
    }
    if let Some(language) = &filter.language {
        sql.push(" AND c.language = ").push_bind(language.clone());
    }
    if let Some(blocked) = filter.blocked {
        sql.push(if blocked {
            " AND c.blocked_at IS NOT NULL"
        } else {
            " AND c.blocked_at IS NULL"
        });
    }
    if let Some(out) = filter.opted_out {
        sql.push(if out {
            " AND NOT c.marketing"
        } else {
            " AND c.marketing IS NOT FALSE"
        });
    }
    // An id begins with its time: the same index as the sort's.
    if let Some(from) = filter.created_from {
        sql.push(" AND c.id >= ").push_bind(first_uuid_of(from));
    }
    if let Some(before) = filter.created_before {
        sql.push(" AND c.id < ").push_bind(first_uuid_of(before));
    }
    if !attributes.is_empty() {
        sql.push(" AND c.attributes @> ")
            .push_bind(Json(attributes.clone()));
    }
}

/// The contacts that a list of a higher domain is about.
#[derive(Clone, Debug, Default)]
pub struct Whose {
    /// Those with this tag.
    pub(in crate::contacts) tag: Option<String>,
    /// Those whose name, phone or e-mail address fits: of each list one pattern.
    pub(in crate::contacts) patterns: Vec<Vec<String>>,
}

impl Whose {
    /// Whether it leaves nobody out.
    pub fn is_all(&self) -> bool {
        self.tag.is_none() && self.patterns.is_empty()
    }

    /// Narrows a statement to rows whose `column` is the id of such a contact.
    pub fn narrow(&self, sql: &mut QueryBuilder<Postgres>, column: &str) {
        if let Some(tag) = &self.tag {
            sql.push(format_args!(
                " AND {column} IN (SELECT g.contact_id FROM contact_taggings g"
            ))
            .push(
                " JOIN contact_tags t ON t.workspace_id = g.workspace_id AND t.id = g.tag_id
                      WHERE t.workspace_id = current_workspace() AND t.name = ",
            )
            .push_bind(tag.to_lowercase())
            .push(")");
        }
        if !self.patterns.is_empty() {
            sql.push(format_args!(
                " AND {column} IN (SELECT f.id FROM contacts_search f WHERE true"
            ));
            fit(sql, &self.patterns);
            sql.push(")");
        }
    }
}

fn fit(sql: &mut QueryBuilder<Postgres>, patterns: &[Vec<String>]) {
    for forms in patterns {
        sql.push(" AND (false");
        for form in forms {
            sql.push(" OR f.search LIKE searchable(")
                .push_bind(form.clone())
                .push(")");
        }
        sql.push(")");
    }
}

/// Finds the best of the first matches. A contact with a tag that begins with the text matches too.
pub async fn search(
    conn: &mut PgConnection,
    patterns: &[Vec<String>],
    text: &str,
    limit: i64,
) -> Result<Vec<ContactView>, sqlx::Error> {
    // Where a word is in many names the planner would walk the table of all workspaces until it has enough: it is to walk
    // this workspace's index instead.
    seqscan(&mut *conn, false).await?;
    let mut sql =
        QueryBuilder::new("WITH found AS ((SELECT f.id FROM contacts_search f WHERE true");
    fit(&mut sql, patterns);
    let tag = text
        .to_lowercase()
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    sql.push(" LIMIT ")
        .push_bind(CANDIDATES)
        .push(
            ") UNION (SELECT g.contact_id FROM contact_tags t
                      JOIN contact_taggings g ON g.workspace_id = t.workspace_id AND g.tag_id = t.id
                      WHERE t.workspace_id = current_workspace() AND t.name LIKE ",
        )
        .push_bind(format!("{tag}%"))
        .push(" LIMIT ")
        .push_bind(CANDIDATES)
        .push(")) ")
        .push(COLUMNS)
        .push(" FROM found JOIN contacts_search c ON c.id = found.id ORDER BY word_similarity(searchable(")
        .push_bind(text.to_owned())
        .push("), c.search) DESC, c.last_activity_at DESC, c.id DESC LIMIT ")
        .push_bind(limit);
    let found = sql
        .build_query_as()
        .persistent(false)
        .fetch_all(&mut *conn)
        .await?;
    seqscan(conn, true).await?;
    Ok(found)
}

async fn seqscan(conn: &mut PgConnection, on: bool) -> Result<(), sqlx::Error> {
    let on = if on { "on" } else { "off" };
    sqlx::query!("SELECT set_config('enable_seqscan', $1, true)", on)
        .fetch_one(conn)
        .await?;
    Ok(())
}
