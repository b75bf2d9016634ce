//! Lists, the newest items first: `limit`, `starting_after`, `has_more`.

use serde_json::{Value, json};

use super::{
    errors::{bad, no_such},
    form::Form,
    state::{Shelf, State},
};
use crate::server::Reply;

/// Stripe keeps events for this many seconds.
const KEPT_SECONDS: i64 = 30 * 86_400;

/// The parameters of a list: page and period (`created[gte]` …).
struct Paging {
    from: i64,
    until: i64,
    limit: usize,
    after: Option<String>,
}

fn paging(form: &Form, others: &[&str]) -> Result<Paging, Reply> {
    let mut known = vec![
        "limit",
        "starting_after",
        "created[gte]",
        "created[gt]",
        "created[lt]",
        "created[lte]",
        "expand[]",
    ];
    known.extend(others);
    form.only(&known)?;
    let limit = form.integer("limit")?.unwrap_or(10);
    let limit = usize::try_from(limit)
        .ok()
        .filter(|limit| (1..=100).contains(limit))
        .ok_or_else(|| bad("limit", "This value must be between 1 and 100."))?;
    let from = form
        .integer("created[gte]")?
        .max(form.integer("created[gt]")?.map(|at| at + 1));
    let until = [
        form.integer("created[lt]")?,
        form.integer("created[lte]")?.map(|at| at + 1),
    ];
    Ok(Paging {
        from: from.unwrap_or(i64::MIN),
        until: until.into_iter().flatten().min().unwrap_or(i64::MAX),
        limit,
        after: form.get("starting_after").map(str::to_owned),
    })
}

/// Returns the positions of one page of matching items, the newest first.
fn page<T>(
    all: &[T],
    start: Option<usize>,
    paging: &Paging,
    created: impl Fn(&T) -> i64,
    fits: impl Fn(usize, &T) -> bool,
    object: impl Fn(usize, &T) -> Value,
    url: &str,
) -> Value {
    let until = start.unwrap_or(all.len());
    let mut found = (0..until).rev().filter(|place| {
        let item = &all[*place];
        (paging.from..paging.until).contains(&created(item)) && fits(*place, item)
    });
    let data: Vec<Value> = found
        .by_ref()
        .take(paging.limit)
        .map(|place| object(place, &all[place]))
        .collect();
    json!({"object": "list", "url": url, "has_more": found.next().is_some(), "data": data})
}

fn made(object: &Value) -> i64 {
    object["created"].as_i64().unwrap_or_default()
}

/// Returns the position where a list continues.
fn start(shelf: &Shelf, paging: &Paging, what: &str) -> Result<Option<usize>, Reply> {
    let place = |id: &String| shelf.place(id).ok_or_else(|| no_such(what, id));
    paging.after.as_ref().map(place).transpose()
}

pub(super) fn sessions(state: &State, form: &Form) -> Result<Value, Reply> {
    let paging = paging(form, &["payment_intent", "status"])?;
    let start = match &paging.after {
        Some(id) => Some(
            *state
                .places
                .get(id)
                .ok_or_else(|| no_such("checkout.session", id))?,
        ),
        None => None,
    };
    let (intent, status) = (form.get("payment_intent"), form.get("status"));
    Ok(page(
        &state.sessions,
        start,
        &paging,
        |session| session.created,
        |_, session| {
            intent.is_none_or(|wanted| session.data.payment_intent.as_deref() == Some(wanted))
                && status.is_none_or(|wanted| session.data.status == wanted)
        },
        |_, session| session.object(),
        "/v1/checkout/sessions",
    ))
}

pub(super) fn refunds(state: &State, form: &Form) -> Result<Value, Reply> {
    let paging = paging(form, &["payment_intent", "charge"])?;
    let start = start(&state.refunds, &paging, "refund")?;
    let wanted =
        |field: &str, refund: &Value| form.get(field).is_none_or(|wanted| refund[field] == wanted);
    Ok(page(
        state.refunds.all(),
        start,
        &paging,
        made,
        |_, refund| wanted("payment_intent", refund) && wanted("charge", refund),
        |_, refund| refund.clone(),
        "/v1/refunds",
    ))
}

pub(super) fn transactions(state: &State, form: &Form) -> Result<Value, Reply> {
    let paging = paging(form, &["type", "source", "currency"])?;
    let start = start(&state.transactions, &paging, "balance_transaction")?;
    let wanted =
        |field: &str, found: &Value| form.get(field).is_none_or(|wanted| found[field] == wanted);
    let expands = form
        .all("expand[]")
        .iter()
        .any(|field| field == "data.source");
    Ok(page(
        state.transactions.all(),
        start,
        &paging,
        made,
        |_, found| {
            ["type", "source", "currency"]
                .iter()
                .all(|field| wanted(field, found))
        },
        |_, found| {
            let mut found = found.clone();
            if expands {
                let id = found["source"].as_str().unwrap_or_default();
                let whole = state.charges.get(id).or_else(|| state.refunds.get(id));
                found["source"] = whole.cloned().unwrap_or_default();
            }
            found
        },
        "/v1/balance_transactions",
    ))
}

pub(super) fn events(state: &State, form: &Form) -> Result<Value, Reply> {
    let mut paging = paging(form, &["types[]", "type", "delivery_success"])?;
    if form.all("types[]").len() > 20 {
        return Err(bad("types", "At most 20 types."));
    }
    let newest = state.events.all().last().map(made).unwrap_or_default();
    paging.from = paging.from.max(newest - KEPT_SECONDS);
    let start = start(&state.events, &paging, "event")?;
    let types = form.all("types[]");
    let delivered = form.get("delivery_success");
    Ok(page(
        state.events.all(),
        start,
        &paging,
        made,
        |place, event| {
            let kind = event["type"].as_str().unwrap_or_default();
            (types.is_empty() || types.iter().any(|wanted| fits(wanted, kind)))
                && form.get("type").is_none_or(|wanted| fits(wanted, kind))
                && delivered.is_none_or(|wanted| (wanted == "true") == state.is_delivered(place))
        },
        |place, event| pending(state, place, event),
        "/v1/events",
    ))
}

pub(super) fn event(state: &State, id: &str) -> Result<Value, Reply> {
    let place = state.events.place(id).ok_or_else(|| no_such("event", id))?;
    Ok(pending(state, place, &state.events.all()[place]))
}

fn pending(state: &State, place: usize, event: &Value) -> Value {
    let mut event = event.clone();
    event["pending_webhooks"] = i32::from(!state.is_delivered(place)).into();
    event
}

/// `charge.*` matches all events of charges.
fn fits(wanted: &str, kind: &str) -> bool {
    wanted
        .strip_suffix('*')
        .map_or(wanted == kind, |stem| kind.starts_with(stem))
}
