//! Contacts: the people that a business talks with.

mod consents;
mod exports;
mod fields;
mod imports;
mod personal;
mod tags;

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode};
use kazi_jobs::{
    contacts::{self, ContactId, ContactPatch, ContactView, Filter, Key, NewContact, Sort},
    people,
    workspaces::permissions::Permission,
};
use kazi_platform::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::api::{
    Answer, Shared,
    caller::Caller,
    created::Created,
    etag::{ETag, IfMatch, Tagged},
    extract::{Json, Path, Query},
    page::{List, Page, Paging, Whole},
    routes::Routes,
};
use crate::problem::Problem;

pub fn routes() -> Vec<Routes> {
    let contacts = Routes::new("contacts", "People that the business talks with.")
        .add(Permission::ContactsRead, routes!(list))
        .add(Permission::ContactsWrite, routes!(create))
        .add(Permission::ContactsRead, routes!(search))
        .add(Permission::ContactsWrite, routes!(retag))
        .add(Permission::ContactsRead, routes!(get))
        .add(Permission::ContactsWrite, routes!(update))
        .add(Permission::ContactsDelete, routes!(delete))
        .add(Permission::ContactsWrite, routes!(block))
        .add(Permission::ContactsWrite, routes!(unblock))
        .add(Permission::ContactsWrite, routes!(set_tags))
        .add(Permission::ContactsRead, routes!(duplicates))
        .add(Permission::ContactsDelete, routes!(merge));
    vec![
        contacts,
        consents::routes(),
        personal::routes(),
        tags::routes(),
        fields::routes(),
        imports::routes(),
        exports::routes(),
    ]
}

/// Which contacts.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ContactFilter {
    /// Those with this tag.
    #[param(example = "vip")]
    tag: Option<String>,
    /// Those who speak this language.
    #[param(example = "sw")]
    language: Option<String>,
    /// Those who are blocked, or are not.
    blocked: Option<bool>,
    /// Those who want no marketing, or may want it.
    opted_out: Option<bool>,
    /// Made at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    created_from: Option<Timestamp>,
    /// Made before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    created_before: Option<Timestamp>,
    /// Custom fields and what they are, a JSON object of texts: at most 10.
    #[param(value_type = Option<String>, example = r#"{"city": "Nairobi"}"#)]
    #[serde(deserialize_with = "object")]
    attributes: BTreeMap<String, String>,
}

/// Reads a JSON object that stands in a query.
pub fn object<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    let text = String::deserialize(from)?;
    serde_json::from_str(&text)
        .map_err(|_| de::Error::custom("must be a JSON object whose values are texts"))
}

impl From<ContactFilter> for Filter {
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
    /// What they go by; with `-` the other way round. The newest come first, if nothing is said.
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
    /// Words, each of which is in the name, the phone, the e-mail address or a tag.
    #[param(example = "amina 0712", min_length = 1, max_length = 200)]
    q: String,
    /// The most that are shown.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
}

/// Searches contacts, the best first.
///
/// Case, accents and how a number is written do not matter. Of a word of one or two letters the beginning of a word is
/// looked for.
#[utoipa::path(get, path = "/api/v1/contacts/search", params(Search),
    responses((status = 200, description = "Those who were found.", body = Whole<ContactView>)))]
async fn search(caller: Caller, Query(asked): Query<Search>) -> Answer<Whole<ContactView>> {
    let limit = asked.limit.unwrap_or(DEFAULT_FOUND);
    if !(1..=MOST_FOUND).contains(&limit) {
        let rule = format!("must be 1 to {MOST_FOUND}");
        return Err(Problem::field("/limit", "out_of_range", rule));
    }
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

/// Makes a contact.
///
/// Somebody who was deleted and has this phone comes back, with what they have consented to and withdrawn.
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

/// Changes a contact. What is left out stays; `null` empties.
#[utoipa::path(patch, path = "/api/v1/contacts/{id}", params(IfMatch), request_body = ContactPatch,
    responses(
        (status = 200, description = "As it is now.", body = ContactView),
        (status = 409, description = "Another contact has this phone."),
    ))]
async fn update(
    caller: Caller,
    State(api): State<Shared>,
    Path(id): Path<ContactId>,
    if_match: IfMatch,
    Json(patch): Json<ContactPatch>,
) -> Result<Tagged<ContactView>, Problem> {
    change(&caller, &api, id, &if_match, &patch).await
}

async fn change(
    caller: &Caller,
    _api: &Shared,
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
/// For 30 days whoever writes, is made or imported again with the same phone comes back; then they are erased.
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

/// Blocks a contact: nothing is said to them any more.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/block",
    responses((status = 200, description = "As it is now.", body = ContactView)))]
async fn block(
    caller: Caller,
    State(api): State<Shared>,
    Path(id): Path<ContactId>,
) -> Result<Tagged<ContactView>, Problem> {
    set_blocked(&caller, &api, id, true).await
}

/// Lets a contact be spoken to again.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/unblock",
    responses((status = 200, description = "As it is now.", body = ContactView)))]
async fn unblock(
    caller: Caller,
    State(api): State<Shared>,
    Path(id): Path<ContactId>,
) -> Result<Tagged<ContactView>, Problem> {
    set_blocked(&caller, &api, id, false).await
}

async fn set_blocked(
    caller: &Caller,
    _api: &Shared,
    id: ContactId,
    blocked: bool,
) -> Result<Tagged<ContactView>, Problem> {
    let mut work = caller.begin().await?;
    let contact = contacts::block(&mut work, id, blocked).await?;
    work.commit().await?;
    Ok(tagged(contact))
}

/// All tags of a contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContactTags {
    /// By name; those that are new to the workspace are made.
    #[schema(max_items = 50, example = json!(["vip"]))]
    tags: Vec<String>,
}

/// Gives a contact these tags and no others.
#[utoipa::path(put, path = "/api/v1/contacts/{id}/tags", params(IfMatch), request_body = ContactTags,
    responses((status = 200, description = "As it is now.", body = ContactView)))]
async fn set_tags(
    caller: Caller,
    State(api): State<Shared>,
    Path(id): Path<ContactId>,
    if_match: IfMatch,
    Json(ContactTags { tags }): Json<ContactTags>,
) -> Result<Tagged<ContactView>, Problem> {
    let patch = ContactPatch {
        tags: Some(tags),
        ..ContactPatch::default()
    };
    change(&caller, &api, id, &if_match, &patch).await
}

/// Tags to be put on contacts and taken from them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Retag {
    /// Whose.
    #[schema(value_type = Vec<String>, max_items = 1000, example = json!(["ctc_0190a5b2c3d4e5f60718293a4b5c6d7e"]))]
    contacts: Vec<ContactId>,
    /// Put on.
    #[serde(default)]
    #[schema(max_items = 50, example = json!(["vip"]))]
    add: Vec<String>,
    /// Taken off.
    #[serde(default)]
    #[schema(max_items = 50)]
    remove: Vec<String>,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
struct Retagged {
    /// Contacts that there were of those that were named.
    contacts: usize,
}

/// Puts tags on many contacts and takes others from them. Contacts that there are not are passed over.
#[utoipa::path(post, path = "/api/v1/contacts/retag", request_body = Retag,
    responses((status = 200, description = "It is done.", body = Retagged)))]
async fn retag(caller: Caller, Json(asked): Json<Retag>) -> Answer<Retagged> {
    let Retag {
        contacts: of,
        add,
        remove,
    } = asked;
    let mut work = caller.begin().await?;
    let contacts = contacts::retag(&mut work, &of, &add, &remove).await?;
    work.commit().await?;
    Ok(Json(Retagged { contacts }))
}

/// Shows who may be the same person.
///
/// With the same e-mail address or name, or the same last nine digits of the phone: at most 20.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/duplicates",
    responses((status = 200, description = "Those who may be.", body = Whole<ContactView>)))]
async fn duplicates(caller: Caller, Path(id): Path<ContactId>) -> Answer<Whole<ContactView>> {
    let mut work = caller.begin().await?;
    let items = contacts::duplicates(&mut work, id).await?;
    Ok(Json(Whole { items }))
}

/// Into whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeInto {
    /// Who stays.
    #[schema(value_type = String, pattern = "^ctc_[0-9A-Fa-f]{32}$", example = "ctc_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    into: ContactId,
}

/// Merges a contact into another, who is the same person.
///
/// What both have stays as the other has it. Who of the two wants no marketing wants none, who is blocked is blocked. The
/// conversations, messages, identities and consents go to the other; this contact is not there any more.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/merge", request_body = MergeInto,
    responses((status = 200, description = "The one who stays.", body = ContactView)))]
async fn merge(
    caller: Caller,
    Path(id): Path<ContactId>,
    Json(MergeInto { into }): Json<MergeInto>,
) -> Result<Tagged<ContactView>, Problem> {
    let mut work = caller.begin().await?;
    let contact = people::merge(&mut work, id, into).await?;
    work.commit().await?;
    Ok(tagged(contact))
}

pub fn tagged(contact: ContactView) -> Tagged<ContactView> {
    Tagged(ETag::version(contact.version), contact)
}
