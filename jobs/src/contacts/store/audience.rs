//! SQL of the audiences. Like the lists, it reads the view `contacts_search`.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kazi_platform::Timestamp;
use serde_json::{Map, Value};
use sqlx::{PgConnection, Postgres, QueryBuilder, types::Json};
use uuid::Uuid;

use crate::{
    Work,
    contacts::{Addressee, Audience, ContactId, Dated, Standing, store::deeds},
};

pub async fn page(
    conn: &mut PgConnection,
    now: Timestamp,
    audience: &Audience,
    attributes: &[Map<String, Value>],
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<Addressee>, sqlx::Error> {
    let mut sql = QueryBuilder::new(
        "SELECT c.id, c.name, c.phone, c.email, c.language, c.country, c.attributes, c.marketing, c.blocked_at
         FROM contacts_search c WHERE true",
    );
    narrow(&mut sql, now, audience, attributes);
    if let Some(after) = after {
        sql.push(" AND c.id > ").push_bind(after.uuid());
    }
    sql.push(" ORDER BY c.id LIMIT ").push_bind(limit);
    sql.build_query_as().persistent(false).fetch_all(conn).await
}

pub async fn one(
    conn: &mut PgConnection,
    now: Timestamp,
    audience: &Audience,
    attributes: &[Map<String, Value>],
    contact: ContactId,
) -> Result<Option<Addressee>, sqlx::Error> {
    let mut sql = QueryBuilder::new(
        "SELECT c.id, c.name, c.phone, c.email, c.language, c.country, c.attributes, c.marketing, c.blocked_at
         FROM contacts_search c WHERE c.id = ",
    );
    sql.push_bind(contact.uuid());
    narrow(&mut sql, now, audience, attributes);
    sql.build_query_as()
        .persistent(false)
        .fetch_optional(conn)
        .await
}

pub async fn dated(
    work: &mut Work,
    field: &str,
    days: &[String],
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<Dated>, sqlx::Error> {
    let days: Vec<String> = days.iter().map(|day| format!("{field}:{day}")).collect();
    // By the view: under row-level security no index serves `&&`.
    sqlx::query_as!(
        Dated,
        r#"SELECT id AS "id!: ContactId", phone, country, attributes->>$1 AS "date!" FROM contacts_search
           WHERE days_of(attributes) && $2 AND blocked_at IS NULL AND ($3::uuid IS NULL OR id > $3)
           ORDER BY id LIMIT $4"#,
        field,
        &days,
        after.map(ContactId::uuid),
        limit
    )
    .fetch_all(work.conn())
    .await
}

pub async fn last_active(
    work: &mut Work,
    (from, until): (Option<Timestamp>, Timestamp),
    after: Option<(Timestamp, ContactId)>,
    limit: i64,
) -> Result<Vec<(Timestamp, ContactId)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: ContactId", last_activity_at FROM contacts
           WHERE workspace_id = $1 AND deleted_at IS NULL AND blocked_at IS NULL AND last_activity_at <= $3
             AND ($2::timestamptz IS NULL OR last_activity_at > $2)
             AND ($4::timestamptz IS NULL OR (last_activity_at, id) > ($4, $5))
           ORDER BY last_activity_at, id LIMIT $6"#,
        work.workspace().uuid(),
        from,
        until,
        after.map(|after| after.0),
        after.map(|after| after.1.uuid()),
        limit
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.last_activity_at, row.id))
        .collect())
}

pub async fn count(
    conn: &mut PgConnection,
    now: Timestamp,
    audience: &Audience,
    attributes: &[Map<String, Value>],
) -> Result<i64, sqlx::Error> {
    let mut sql = QueryBuilder::new("SELECT count(*) FROM contacts_search c WHERE true");
    narrow(&mut sql, now, audience, attributes);
    sql.build_query_scalar()
        .persistent(false)
        .fetch_one(conn)
        .await
}

/// Adds the conditions of a rule. `attributes` has the custom fields of the rule and of each of its groups in turn.
fn narrow(
    sql: &mut QueryBuilder<Postgres>,
    now: Timestamp,
    audience: &Audience,
    attributes: &[Map<String, Value>],
) {
    conditions(sql, now, audience, &mut attributes.iter(), Place::Top);
}

/// Where conditions stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// They are joined by AND alone. PostgreSQL turns an `IN (SELECT …)` into a join here.
    Top,
    /// They stand in an OR or a NOT, where a subquery runs for each contact: it must begin with the contact, to find an
    /// index. A NULL must count as false, because NOT would keep it NULL.
    Group,
}

fn conditions<'a>(
    sql: &mut QueryBuilder<Postgres>,
    now: Timestamp,
    audience: &Audience,
    attributes: &mut impl Iterator<Item = &'a Map<String, Value>>,
    place: Place,
) {
    let small = |tags: &[String]| tags.iter().map(|t| t.to_lowercase()).collect::<Vec<_>>();
    const TAGGED: &str =
        "SELECT FROM contact_taggings g JOIN contact_tags t ON t.workspace_id = g.workspace_id
        AND t.id = g.tag_id WHERE g.workspace_id = c.workspace_id AND g.contact_id = c.id";
    let known = match place {
        Place::Top => "",
        Place::Group => " IS TRUE",
    };
    if !audience.tags_any.is_empty() {
        sql.push(format_args!(" AND EXISTS ({TAGGED} AND t.name = ANY("))
            .push_bind(small(&audience.tags_any))
            .push("))");
    }
    for tag in small(&audience.tags_all) {
        sql.push(format_args!(" AND EXISTS ({TAGGED} AND t.name = "))
            .push_bind(tag)
            .push(")");
    }
    if !audience.tags_none.is_empty() {
        sql.push(format_args!(" AND NOT EXISTS ({TAGGED} AND t.name = ANY("))
            .push_bind(small(&audience.tags_none))
            .push("))");
    }
    if !audience.languages.is_empty() {
        sql.push(" AND (c.language = ANY(")
            .push_bind(audience.languages.clone())
            .push(format_args!(")){known}"));
    }
    if !audience.countries.is_empty() {
        sql.push(" AND (c.country = ANY(")
            .push_bind(audience.countries.clone())
            .push(format_args!(")){known}"));
    }
    if audience.consented {
        sql.push(format_args!(" AND c.marketing{known}"));
    }
    if let Some(days) = audience.active_within_days {
        sql.push(" AND c.last_activity_at >= ")
            .push_bind(now - TimeDelta::days(days.into()));
    }
    if let Some(days) = audience.inactive_for_days {
        sql.push(" AND c.last_activity_at < ")
            .push_bind(now - TimeDelta::days(days.into()));
    }
    if let Some(attributes) = attributes.next().filter(|wanted| !wanted.is_empty()) {
        sql.push(" AND c.attributes @> ")
            .push_bind(Json(attributes.clone()));
    }
    for deed in &audience.did {
        let (before, of_contact) = match place {
            Place::Top => (" AND c.id IN (", ""),
            Place::Group => (" AND EXISTS (", " AND d.contact_id = c.id"),
        };
        sql.push(before);
        deeds::push(sql, deed, now, of_contact);
        sql.push(")");
    }
    if !audience.any_of.is_empty() {
        for (n, group) in audience.any_of.iter().enumerate() {
            sql.push(if n == 0 { " AND ((true" } else { " OR (true" });
            conditions(sql, now, group, attributes, Place::Group);
            sql.push(")");
        }
        sql.push(")");
    }
    for group in &audience.none_of {
        sql.push(" AND NOT (true");
        conditions(sql, now, group, attributes, Place::Group);
        sql.push(")");
    }
}

/// Held in the order of their ids, as everywhere where several are.
pub async fn standings(
    work: &mut Work,
    ids: &[ContactId],
) -> Result<BTreeMap<ContactId, Standing>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT id AS "id: ContactId", deleted_at IS NOT NULL AS "gone!", blocked_at IS NOT NULL AS "blocked!", marketing
           FROM contacts WHERE workspace_id = $1 AND id = ANY($2) ORDER BY id FOR SHARE"#,
        work.workspace().uuid(),
        &ids
    )
    .fetch_all(work.conn())
    .await?;
    let standing = |gone, blocked, marketing: Option<bool>| match (gone, blocked, marketing) {
        (true, ..) => Standing::Gone,
        (_, true, _) => Standing::Blocked,
        (.., Some(false)) => Standing::OptedOut,
        _ => Standing::Reachable,
    };
    Ok(rows
        .into_iter()
        .map(|row| (row.id, standing(row.gone, row.blocked, row.marketing)))
        .collect())
}
