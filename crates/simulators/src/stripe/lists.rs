//! Lists, the newest items first: `limit`, `starting_after`, `ending_before`, `has_more`, `expand[]`.

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
    before: Option<String>,
}

fn paging(form: &Form, others: &[&str]) -> Result<Paging, Reply> {
    let mut known = vec![
        "limit",
        "starting_after",
        "ending_before",
        "created",
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
    let (after, before) = (form.get("starting_after"), form.get("ending_before"));
    if after.is_some() && before.is_some() {
        let words = "You may only specify one of these parameters: starting_after, ending_before.";
        return Err(bad("ending_before", words));
    }
    let at = form.integer("created")?;
    let from = form
        .integer("created[gte]")?
        .max(at)
        .max(form.integer("created[gt]")?.map(|at| at + 1));
    let until = [
        form.integer("created[lt]")?,
        form.integer("created[lte]")?.map(|at| at + 1),
        at.map(|at| at + 1),
    ];
    Ok(Paging {
        from: from.unwrap_or(i64::MIN),
        until: until.into_iter().flatten().min().unwrap_or(i64::MAX),
        limit,
        after: after.map(str::to_owned),
        before: before.map(str::to_owned),
    })
}

/// Where a page begins.
enum Start {
    Newest,
    /// At the next older one.
    After(usize),
    /// At the next newer one; the page is still the newest first.
    Before(usize),
}

/// Returns one page of matching items, the newest first.
fn page<T>(
    all: &[T],
    start: Start,
    paging: &Paging,
    created: impl Fn(&T) -> i64,
    fits: impl Fn(usize, &T) -> bool,
    object: impl Fn(usize, &T) -> Result<Value, Reply>,
    url: &str,
) -> Result<Value, Reply> {
    let places: Box<dyn Iterator<Item = usize>> = match start {
        Start::Newest => Box::new((0..all.len()).rev()),
        Start::After(place) => Box::new((0..place).rev()),
        Start::Before(place) => Box::new(place + 1..all.len()),
    };
    let mut found = places.filter(|place| {
        let item = &all[*place];
        (paging.from..paging.until).contains(&created(item)) && fits(*place, item)
    });
    let mut places: Vec<usize> = found.by_ref().take(paging.limit).collect();
    if matches!(start, Start::Before(_)) {
        places.reverse();
    }
    let data = places.into_iter().map(|place| object(place, &all[place]));
    let data = data.collect::<Result<Vec<Value>, Reply>>()?;
    Ok(json!({"object": "list", "url": url, "has_more": found.next().is_some(), "data": data}))
}

/// Replaces ids by objects in an item of a list, as `expand[]=data.…` asks.
fn expanded(state: &State, form: &Form, mut object: Value) -> Result<Value, Reply> {
    for path in form.list("expand") {
        let Some(path) = path.strip_prefix("data.") else {
            let words = format!("This property cannot be expanded ({path}).");
            return Err(bad("expand", &words));
        };
        state.expand(&mut object, path)?;
    }
    Ok(object)
}

fn made(object: &Value) -> i64 {
    object["created"].as_i64().unwrap_or_default()
}

/// Returns where a list continues.
fn start(
    paging: &Paging,
    what: &str,
    place: impl Fn(&str) -> Option<usize>,
) -> Result<Start, Reply> {
    let find = |id: &String| place(id).ok_or_else(|| no_such(what, id));
    Ok(match (&paging.after, &paging.before) {
        (Some(id), _) => Start::After(find(id)?),
        (_, Some(id)) => Start::Before(find(id)?),
        _ => Start::Newest,
    })
}

pub(super) fn sessions(state: &State, form: &Form) -> Result<Value, Reply> {
    let paging = paging(form, &["payment_intent", "status"])?;
    let start = start(&paging, "checkout.session", |id| {
        state.places.get(id).copied()
    })?;
    let (intent, status) = (form.get("payment_intent"), form.get("status"));
    page(
        &state.sessions,
        start,
        &paging,
        |session| session.created,
        |_, session| {
            intent.is_none_or(|wanted| session.data.payment_intent.as_deref() == Some(wanted))
                && status.is_none_or(|wanted| session.data.status == wanted)
        },
        |_, session| expanded(state, form, session.object()),
        "/v1/checkout/sessions",
    )
}

/// Lists the items of one session.
pub(super) fn items(state: &State, id: &str, form: &Form) -> Result<Value, Reply> {
    let paging = paging(form, &[])?;
    let items = &state.session(id)?.items;
    let place = |id: &String| {
        let found = items.iter().position(|item| item["id"] == **id);
        found.ok_or_else(|| no_such("line_item", id))
    };
    // They stand in the order of the request.
    let list = match (&paging.after, &paging.before) {
        (Some(id), _) => &items[place(id)? + 1..],
        (_, Some(id)) => &items[..place(id)?],
        _ => items.as_slice(),
    };
    let data = &list[..list.len().min(paging.limit)];
    Ok(
        json!({"object": "list", "url": format!("/v1/checkout/sessions/{id}/line_items"),
        "has_more": data.len() < list.len(), "data": data}),
    )
}

/// Lists the objects of a shelf. `fields` may be asked for by their value.
fn shelf(
    state: &State,
    shelf: &Shelf,
    form: &Form,
    what: &str,
    fields: &[&str],
) -> Result<Value, Reply> {
    let paging = paging(form, fields)?;
    let start = start(&paging, what, |id| shelf.place(id))?;
    let wanted = |found: &Value| {
        fields
            .iter()
            .all(|field| form.get(field).is_none_or(|wanted| found[field] == wanted))
    };
    page(
        shelf.all(),
        start,
        &paging,
        made,
        |_, found| wanted(found),
        |_, found| expanded(state, form, found.clone()),
        &format!("/v1/{what}s"),
    )
}

pub(super) fn refunds(state: &State, form: &Form) -> Result<Value, Reply> {
    let fields = ["payment_intent", "charge"];
    shelf(state, &state.refunds, form, "refund", &fields)
}

pub(super) fn disputes(state: &State, form: &Form) -> Result<Value, Reply> {
    let fields = ["payment_intent", "charge"];
    shelf(state, &state.disputes, form, "dispute", &fields)
}

pub(super) fn charges(state: &State, form: &Form) -> Result<Value, Reply> {
    shelf(state, &state.charges, form, "charge", &["payment_intent"])
}

pub(super) fn transactions(state: &State, form: &Form) -> Result<Value, Reply> {
    let fields = ["type", "source", "currency"];
    shelf(
        state,
        &state.transactions,
        form,
        "balance_transaction",
        &fields,
    )
}

pub(super) fn events(state: &State, form: &Form) -> Result<Value, Reply> {
    let mut paging = paging(form, &["types[]", "type", "delivery_success"])?;
    let types = form.list("types");
    if types.len() > 20 {
        return Err(bad("types", "You may only specify up to 20 types."));
    }
    if !types.is_empty() && form.get("type").is_some() {
        let words = "You may only specify one of these parameters: type, types.";
        return Err(bad("types", words));
    }
    let newest = state.events.all().last().map(made).unwrap_or_default();
    paging.from = paging.from.max(newest - KEPT_SECONDS);
    let start = start(&paging, "event", |id| state.events.place(id))?;
    let delivered = form.get("delivery_success");
    page(
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
        |place, event| Ok(pending(state, place, event)),
        "/v1/events",
    )
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
