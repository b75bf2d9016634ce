//! Contacts: the people that a business talks with.

mod consents;
mod fields;
mod imports;
mod personal;
mod tags;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use kazi_jobs::{
    Permission,
    contacts::{self, ContactError, ContactId, ContactPatch, ContactView, Key, NewContact, Sort},
    people,
};
use kazi_platform::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer,
    caller::Caller,
    created::Created,
    errors::TAKEN,
    etag::{self, IfMatch, Tagged},
    extract::{Json, Path, Query},
    page::{self, List, Page, Paging, Whole},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    let contacts = Routes::new("contacts", "People that the business talks with.")
        .add(Permission::CONTACTS_READ, routes!(list))
        .add(Permission::CONTACTS_WRITE, routes!(create))
        .add(Permission::CONTACTS_READ, routes!(search))
        .add(Permission::CONTACTS_WRITE, routes!(retag))
        .add(Permission::CONTACTS_READ, routes!(get))
        .add(Permission::CONTACTS_WRITE, routes!(update))
        .add(Permission::CONTACTS_DELETE, routes!(delete))
        .add(Permission::CONTACTS_WRITE, routes!(block))
        .add(Permission::CONTACTS_WRITE, routes!(unblock))
        .add(Permission::CONTACTS_WRITE, routes!(set_tags))
        .add(Permission::CONTACTS_READ, routes!(duplicates))
        .add(Permission::CONTACTS_DELETE, routes!(merge));
    vec![
        contacts,
        consents::routes(),
        personal::routes(),
        tags::routes(),
        fields::routes(),
        imports::routes(),
    ]
}

/// All given conditions must hold.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ContactFilter {
    #[param(example = "vip")]
    tag: Option<String>,
    #[param(example = "sw")]
    language: Option<String>,
    blocked: Option<bool>,
    /// Whether the contact wants no marketing.
    opted_out: Option<bool>,
    /// Created at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    created_from: Option<Timestamp>,
    /// Created before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    created_before: Option<Timestamp>,
    /// Custom fields and their values: a JSON object of texts, at most 10.
    #[param(value_type = Option<String>, example = r#"{"city": "Nairobi"}"#)]
    #[serde(deserialize_with = "object")]
    attributes: BTreeMap<String, String>,
}

/// Reads a JSON object in a query.
pub fn object<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    let text = String::deserialize(from)?;
    serde_json::from_str(&text)
        .map_err(|_| de::Error::custom("must be a JSON object whose values are texts"))
}

impl From<ContactFilter> for contacts::ContactFilter {
    fn from(said: ContactFilter) -> Self {
        Self {
            tag: said.tag,
            language: said.language,
            blocked: said.blocked,
            opted_out: said.opted_out,
            created_from: said.created_from,
            created_before: said.created_before,
            attributes: said.attributes,
        }
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Sorting {
    /// The order. A `-` reverses it. Default: newest first.
    #[param(inline)]
    #[serde(default)]
    sort: Sort,
}

/// Lists contacts.
#[utoipa::path(get, path = "/api/v1/contacts", params(ContactFilter, Sorting, Paging),
    responses((status = 200, description = "A page of them.", body = Page<ContactView>)))]
async fn list(
    caller: Caller,
    Query(Sorting { sort }): Query<Sorting>,
    mut list: List<ContactFilter, Key>,
) -> Answer<Page<ContactView>> {
    let filter = std::mem::take(&mut list.filter).into();
    let mut work = caller.begin().await?;
    let (after, limit) = (list.after.as_ref(), list.fetch());
    let rows = contacts::list(&mut work, &filter, sort, after, limit).await?;
    Ok(Json(list.page(rows, |row| sort.key(row))?))
}

const DEFAULT_FOUND: i64 = 20;
const MOST_FOUND: i64 = 100;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Search {
    /// Words. Each must be in the name, the phone, the e-mail address or a tag.
    #[param(example = "amina 0712", min_length = 1, max_length = 200)]
    q: String,
    /// The most results.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
}

/// Searches contacts, best match first.
///
/// Case, accents and the form of a number do not matter. A word of one or two letters matches only the beginnings of
/// words.
#[utoipa::path(get, path = "/api/v1/contacts/search", params(Search),
    responses((status = 200, description = "Those who were found.", body = Whole<ContactView>)))]
async fn search(caller: Caller, Query(asked): Query<Search>) -> Answer<Whole<ContactView>> {
    let limit = page::limit(asked.limit, DEFAULT_FOUND, MOST_FOUND)?;
    let mut work = caller.begin().await?;
    let items = contacts::search(&mut work, &asked.q, limit).await?;
    Ok(Json(Whole { items }))
}

/// Shows a contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}",
    responses((status = 200, description = "The contact.", body = ContactView)))]
async fn get(caller: Caller, Path(id): Path<ContactId>) -> Result<Tagged<ContactView>, Problem> {
    let mut work = caller.begin().await?;
    Ok(tagged(contacts::view(&mut work, id).await?))
}

/// Creates a contact.
///
/// A deleted contact with this phone comes back, with its consents and withdrawals.
#[utoipa::path(post, path = "/api/v1/contacts", request_body = NewContact,
    responses(
        (status = 201, description = "It is made.", body = ContactView),
        (status = 409, description = "Another contact has this phone, or a call with this Idempotency-Key is under way."),
    ))]
async fn create(
    caller: Caller,
    Json(new): Json<NewContact>,
) -> Result<Created<Tagged<ContactView>>, Problem> {
    let mut work = caller.begin().await?;
    let contact = contacts::create(&mut work, &new).await?;
    work.commit().await?;
    let place = format!("/api/v1/contacts/{}", contact.id);
    Ok(Created::at(place, tagged(contact)))
}

/// Changes a contact. Fields that are left out stay, and `null` empties a field.
#[utoipa::path(patch, path = "/api/v1/contacts/{id}", params(IfMatch), request_body = ContactPatch,
    responses(
        (status = 200, description = "As it is now.", body = ContactView),
        (status = 409, description = "Another contact has this phone."),
    ))]
async fn update(
    caller: Caller,
    Path(id): Path<ContactId>,
    if_match: IfMatch,
    Json(patch): Json<ContactPatch>,
) -> Result<Tagged<ContactView>, Problem> {
    change(&caller, id, &if_match, &patch).await
}

async fn change(
    caller: &Caller,
    id: ContactId,
    if_match: &IfMatch,
    patch: &ContactPatch,
) -> Result<Tagged<ContactView>, Problem> {
    let mut work = caller.begin().await?;
    let shown = contacts::view(&mut work, id).await?;
    let version = if_match.version(shown.version)?;
    let contact = contacts::update(&mut work, id, version, patch).await?;
    work.commit().await?;
    Ok(tagged(contact))
}

/// Deletes a contact.
///
/// For 30 days, a message, an import or a new contact with the same phone brings it back. Then it is erased.
#[utoipa::path(delete, path = "/api/v1/contacts/{id}", params(IfMatch),
    responses((status = 204, description = "It is gone.")))]
async fn delete(
    caller: Caller,
    Path(id): Path<ContactId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let mut work = caller.begin().await?;
    let shown = contacts::view(&mut work, id).await?;
    let version = if_match.version(shown.version)?;
    contacts::delete(&mut work, id, version).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Blocks a contact. It gets no more messages.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/block",
    responses((status = 200, description = "As it is now.", body = ContactView)))]
async fn block(caller: Caller, Path(id): Path<ContactId>) -> Result<Tagged<ContactView>, Problem> {
    set_blocked(&caller, id, true).await
}

/// Unblocks a contact.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/unblock",
    responses((status = 200, description = "As it is now.", body = ContactView)))]
async fn unblock(
    caller: Caller,
    Path(id): Path<ContactId>,
) -> Result<Tagged<ContactView>, Problem> {
    set_blocked(&caller, id, false).await
}

async fn set_blocked(
    caller: &Caller,
    id: ContactId,
    blocked: bool,
) -> Result<Tagged<ContactView>, Problem> {
    let mut work = caller.begin().await?;
    let contact = contacts::block(&mut work, id, blocked).await?;
    work.commit().await?;
    Ok(tagged(contact))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContactTags {
    /// By name. New names become tags of the workspace.
    #[schema(max_items = 50, example = json!(["vip"]))]
    tags: Vec<String>,
}

/// Replaces the tags of a contact.
#[utoipa::path(put, path = "/api/v1/contacts/{id}/tags", params(IfMatch), request_body = ContactTags,
    responses((status = 200, description = "As it is now.", body = ContactView)))]
async fn set_tags(
    caller: Caller,
    Path(id): Path<ContactId>,
    if_match: IfMatch,
    Json(ContactTags { tags }): Json<ContactTags>,
) -> Result<Tagged<ContactView>, Problem> {
    let patch = ContactPatch {
        tags: Some(tags),
        ..ContactPatch::default()
    };
    change(&caller, id, &if_match, &patch).await
}

/// Tags to add and to remove.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Retag {
    #[schema(max_items = 1000)]
    contact_ids: Vec<ContactId>,
    #[serde(default)]
    #[schema(max_items = 50, example = json!(["vip"]))]
    add: Vec<String>,
    #[serde(default)]
    #[schema(max_items = 50)]
    remove: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Retagged {
    /// The number of the named contacts that exist.
    contacts: usize,
}

/// Adds tags to many contacts and removes others. Unknown contacts are skipped.
#[utoipa::path(post, path = "/api/v1/contacts/retag", request_body = Retag,
    responses((status = 200, description = "It is done.", body = Retagged)))]
async fn retag(caller: Caller, Json(asked): Json<Retag>) -> Answer<Retagged> {
    let Retag {
        contact_ids: of,
        add,
        remove,
    } = asked;
    let mut work = caller.begin().await?;
    let contacts = contacts::retag(&mut work, &of, &add, &remove).await?;
    work.commit().await?;
    Ok(Json(Retagged { contacts }))
}

/// Shows contacts who may be the same person.
///
/// They have the same e-mail address or name, or the same last nine digits of the phone. At most 20.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/duplicates",
    responses((status = 200, description = "Those who may be.", body = Whole<ContactView>)))]
async fn duplicates(caller: Caller, Path(id): Path<ContactId>) -> Answer<Whole<ContactView>> {
    let mut work = caller.begin().await?;
    let items = contacts::duplicates(&mut work, id).await?;
    Ok(Json(Whole { items }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeInto {
    /// The contact that stays.
    into_id: ContactId,
}

/// Merges a contact into another one of the same person.
///
/// Where both have a value, the other's stays. If one of them wants no marketing or is blocked, so is the result. The
/// conversations, messages, identities and consents go to the other contact; this one is deleted.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/merge", request_body = MergeInto,
    responses((status = 200, description = "The one who stays.", body = ContactView)))]
async fn merge(
    caller: Caller,
    Path(id): Path<ContactId>,
    Json(MergeInto { into_id }): Json<MergeInto>,
) -> Result<Tagged<ContactView>, Problem> {
    let mut work = caller.begin().await?;
    let contact = people::merge(&mut work, id, into_id).await?;
    work.commit().await?;
    Ok(tagged(contact))
}

pub fn tagged(contact: ContactView) -> Tagged<ContactView> {
    Tagged(contact.version, contact)
}

impl From<ContactError> for Problem {
    fn from(error: ContactError) -> Self {
        match error {
            ContactError::NotFound => NOT_FOUND,
            ContactError::Stale => etag::CHANGED,
            ContactError::PhoneTaken { holder } => {
                let who = holder.map_or_else(
                    || "another contact has this phone".to_owned(),
                    |holder| format!("the contact {holder} has this phone"),
                );
                TAKEN.about("/phone", "taken", &who)
            }
            ContactError::NameTaken => TAKEN.about("/name", "taken", "there is one with this name"),
            ContactError::Invalid(invalid) => invalid.into(),
            ContactError::Database(error) => error.into(),
        }
    }
}
