//! `/api/v1`: extract, call the domain, answer. There is no SQL and no business rule here.
//!
//! # How to write a route
//!
//! A domain has one folder, `src/api/<domain>/`, with the name that it has in `jobs/src`. Its `mod.rs` has a function
//! `routes()` that answers all routes of the domain, and one line in [`all`]. The other files of the folder are named after
//! the things that they serve; each has its own `routes()`. A route is a function with a doc comment (the first line is the
//! summary, the rest the description) and what utoipa cannot know above it, and nothing else.
//!
//! ```ignore
//! mod tags;
//!
//! pub fn routes() -> Vec<Routes> {
//!     let contacts = Routes::new("contacts", "People reached on a channel.")
//!         // Who may: a permission of the domain, Access::User, Access::Customer or Access::Public. It is
//!         // checked before the handler, documented, and cannot be forgotten. Methods of one path with the same access
//!         // may stand in one `routes!`.
//!         .add(Permission::CONTACTS_READ, routes!(list))
//!         .add(Permission::CONTACTS_READ, routes!(get))
//!         .add(Permission::CONTACTS_WRITE, routes!(update));
//!     vec![contacts, tags::routes()]
//! }
//!
//! /// What may be filtered by. A key that is not declared here is answered with 422.
//! #[derive(Deserialize, IntoParams)]
//! #[serde(deny_unknown_fields)]
//! #[into_params(parameter_in = Query)]
//! struct Filter { /** Has this tag. */ tag: Option<String> }
//!
//! /// Lists contacts, the newest first.
//! #[utoipa::path(get, path = "/api/v1/contacts", params(Filter, Paging), responses((status = 200, body = Page<ContactView>)))]
//! async fn list(caller: Caller, list: List<Filter, ContactId>) -> Answer<Page<ContactView>> {
//!     let mut work = caller.begin().await?;
//!     let rows = contacts::list(&mut work, list.filter.tag.as_deref(), list.after, list.fetch()).await?;
//!     Ok(Json(list.page(rows, |row| row.id)?))
//! }
//!
//! /// Changes a contact.
//! #[utoipa::path(patch, path = "/api/v1/contacts/{id}", params(IfMatch), request_body = ContactPatch,
//!     responses((status = 200, body = ContactView), (status = 409, description = "Another contact has this phone.")))]
//! async fn update(caller: Caller, Path(id): Path<ContactId>, if_match: IfMatch, Json(patch): Json<ContactPatch>)
//!     -> Result<Tagged<ContactView>, Problem> {
//!     let mut work = caller.begin().await?;
//!     let before = contacts::lock(&mut work, id).await?.ok_or(NOT_FOUND)?;
//!     if_match.check(before.version)?;
//!     let contact = contacts::update(&mut work, &before, patch).await?;
//!     work.commit().await?;
//!     Ok(Tagged(contact.version, contact))
//! }
//! ```
//!
//! - **Order of arguments**: those that read the head first, `Json` (or another body) last. [`State`](axum::extract::State)
//!   of [`Api`] gives the [`Context`] where a domain wants it.
//! - **Transactions** begin with [`Caller::begin`](caller::Caller::begin) (or that of [`User`](caller::User) or [`Customer`](caller::Customer)): it names the workspace, and it
//!   is what makes `Idempotency-Key` safe. Nothing to do for the latter: every POST that is not public honours it.
//! - **Errors**: `?` on `sqlx::Error` and `Invalid` gives a [`Problem`]; a domain's own error enum has its `impl
//!   From<…> for Problem` at the foot of its folder's `mod.rs`, which also says what a constraint's name means
//!   ([`errors::of_database`]). What a caller may not see is [`NOT_FOUND`].
//! - **Names**: a field or parameter that refers to a thing is `<thing>_id`, a list of them `<thing>_ids`; the thing's own id
//!   is `id`. A test looks.
//! - **Bodies and views** derive `Deserialize`/`Serialize` and `ToSchema`; bodies also `#[serde(deny_unknown_fields)]` (a
//!   test looks). Bounds on numbers and texts stand in `#[schema(max_length = …)]` and are checked by the domain, which
//!   answers `Invalid`. Ids and enums of `texts!` describe themselves;
//!   utoipa knows other types by their names: a `Timestamp` is `#[schema(value_type = String, format = DateTime)]`.
//! - **`ETag`** is made of the row's `version`, which the database counts (`counts_changes` in the migrations). `If-Match` is
//!   checked under the row's lock.
//! - **Lists** order by a key that never changes places, or by a pair with the id at its end; `K` of [`page::List`] is that
//!   key. Without filters `F` is [`page::NoFilter`].
//! - **A POST that makes a thing** answers [`Created`](created::Created), where a GET shows that thing. The document gets
//!   the `Location` header from the routes.
//! - **A component's name** in the document is the name of its Rust type, or `#[schema(as = …)]`. A test refuses a name that
//!   two types have.
//! - **Another's file as a pattern**: `catalog/categories.rs` has a list, a POST with its `Location`, ETags and a DELETE.
//! - **Never** write a permission check, a 401, 403, 429, 500, the `Idempotency-Key` header or a path's parameter by hand:
//!   [`openapi`] and [`gate`] do so for all. A 404 of a path with an id is documented too; other statuses of the route's
//!   own stand in `responses(…)`.
//! - **Larger bodies**: [`Routes::add_large`].
//! - **Changes** go through `Work`, which knows the actor. A domain function that opens its own transactions takes
//!   `&api.ctx`, `caller.workspace` and `&caller.actor`.

mod admin;
mod ai;
mod analytics;
mod appointments;
mod audit;
mod auth;
mod automations;
pub mod caller;
mod campaigns;
mod catalog;
mod channels;
mod contacts;
mod created;
mod credits;
mod endpoints;
mod errors;
mod etag;
mod exports;
mod extract;
mod feedback;
mod gate;
mod identity;
mod inbox;
mod invoices;
pub mod limits;
mod live;
mod loyalty;
mod marketing;
mod media;
mod news;
mod notifications;
mod openapi;
mod orders;
mod page;
mod payments;
mod ranges;
mod routes;
pub mod security;
mod social;
mod subscriptions;
mod support;
mod templates;
mod usage;
mod workspaces;

use std::sync::Arc;

use axum::{Extension, Router, extract::DefaultBodyLimit, middleware::from_fn_with_state};
use kazi_jobs::{
    Context,
    media::{Links, MediaState, MessageMedia},
};
use kazi_platform::{crypto::CryptoError, token::Tokens};
use utoipa_swagger_ui::SwaggerUi;

use self::{limits::Limits, page::Cursors, routes::Routes};
use crate::{
    config::Config,
    problem::{METHOD_NOT_ALLOWED, Problem},
};

pub use self::openapi::document;

/// The answer of a handler.
pub type Answer<T> = Result<extract::Json<T>, Problem>;

/// The routes of all domains.
fn all() -> Vec<Routes> {
    [
        identity::routes(),
        workspaces::routes(),
        contacts::routes(),
        audit::routes(),
        notifications::routes(),
        channels::routes(),
        media::routes(),
        social::routes(),
        endpoints::routes(),
        catalog::routes(),
        payments::routes(),
        news::routes(),
        analytics::routes(),
        appointments::routes(),
        orders::routes(),
        subscriptions::routes(),
        templates::routes(),
        campaigns::routes(),
        automations::routes(),
        support::routes(),
        ai::routes(),
        inbox::routes(),
        live::routes(),
        exports::routes(),
        feedback::routes(),
        invoices::routes(),
        loyalty::routes(),
        marketing::routes(),
        usage::routes(),
        credits::routes(),
        admin::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The shared state, for handlers.
pub type Shared = Arc<Api>;

/// The shared state of the handlers.
pub struct Api {
    pub ctx: Context,
    pub tokens: Tokens,
    /// Kazi's address on the internet.
    pub public_url: String,
    /// Whether one app secret signs the webhooks of all WhatsApp channels without their own.
    pub has_app_secret: bool,
    links: Links,
    cursors: Cursors,
    per_caller: Limits<String>,
    /// The query keys of each operation, by method and path.
    declared: openapi::Declared,
}

impl Api {
    /// Adds links to the files that are here. The link is the permission: the caller may read the messages that have them.
    fn link<'a>(&self, files: impl IntoIterator<Item = &'a mut MessageMedia>) {
        let now = self.ctx.clock.now();
        let files = files.into_iter();
        for file in files.filter(|file| file.state == MediaState::Stored) {
            file.link = self.links.sign(&self.public_url, file.id, now);
        }
    }
}

/// The API, its document and its pages.
///
/// # Errors
/// There is no master key.
pub fn routes(ctx: &Context, all_config: &Config) -> Result<Router, CryptoError> {
    let config = &all_config.http;
    let (routes, document) = openapi::build(all(), &config.public_url);
    let api = Arc::new(Api {
        ctx: ctx.clone(),
        tokens: Tokens::new(&ctx.keyring)?,
        public_url: config.public_url().to_owned(),
        has_app_secret: all_config.whatsapp.app_secret.get().is_some(),
        links: Links::new(&ctx.keyring),
        cursors: Cursors::new(&ctx.keyring)?,
        per_caller: Limits::new(config.rate_per_caller),
        declared: openapi::declared(&document),
    });
    let docs: Router = SwaggerUi::new("/api/docs")
        .url("/api/openapi.json", document)
        .into();
    let limits = Arc::new(limits::Addresses::new(config));
    Ok(routes
        .with_state(api.clone())
        .merge(docs)
        // Here already, so that the layers also hold for it: a preflight is such a method.
        .method_not_allowed_fallback(|| async { METHOD_NOT_ALLOWED })
        // For bodies that handlers read themselves. Other bodies have their limit in `extract`.
        .layer(DefaultBodyLimit::max(extract::BODY_LIMIT))
        .layer(Extension(api))
        .layer(from_fn_with_state(limits, limits::per_address))
        .layer(from_fn_with_state(
            security::Headers::new(config),
            security::headers,
        ))
        .layer(security::cors(config)))
}
