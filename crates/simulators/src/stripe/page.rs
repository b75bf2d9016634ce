//! The page where the customer pays: `/stripe/pay/{session}`.

use std::sync::Arc;

use axum::http::Method;

use super::{
    life::{self, StripeAction},
    state::Session,
};
use crate::{
    World, lock,
    server::{Call, Content, Reply},
};

pub(super) fn answer(world: &Arc<World>, call: &Call) -> Reply {
    let rest = call.path.strip_prefix("/pay/").unwrap_or_default();
    let (id, button) = rest.split_once('/').unwrap_or((rest, ""));
    let Some(session) = find(world, id) else {
        return html(404, "There is no such payment.", "");
    };
    match (&call.method, button) {
        (&Method::GET, "") => html(200, &offer(&session), &buttons(&session)),
        (&Method::POST, "leave") if session.cancel_url.is_some() => {
            go(session.cancel_url.as_deref().unwrap_or_default())
        }
        (&Method::POST, "pay") => done(
            life::act(world, id, &StripeAction::Pay),
            &session.success_url,
        ),
        (&Method::POST, "later") => done(
            life::act(world, id, &StripeAction::PayLater),
            &session.success_url,
        ),
        (&Method::POST, "fail") => done(
            life::act(world, id, &StripeAction::Decline),
            &format!("{}/stripe/pay/{id}?declined", world.url()),
        ),
        _ => html(404, "There is no such button.", ""),
    }
}

fn find(world: &Arc<World>, id: &str) -> Option<Session> {
    let accounts: Vec<_> = lock(&world.stripe).values().cloned().collect();
    accounts.iter().find_map(|account| {
        life::tick(world, account);
        lock(&account.state).session(id).ok().cloned()
    })
}

fn done<T>(acted: Result<T, String>, then: &str) -> Reply {
    match acted {
        Ok(_) => go(then),
        Err(words) => html(409, &escape(&words), ""),
    }
}

fn go(to: &str) -> Reply {
    Reply {
        content: Content::Redirect(to.to_owned()),
        ..Reply::json(303, serde_json::Value::Null)
    }
}

fn offer(session: &Session) -> String {
    let data = &session.data;
    // The page always shows two decimals. Most simulated currencies have two.
    let amount = format!(
        "{}.{:02} {}",
        data.amount / 100,
        data.amount % 100,
        data.currency.to_uppercase()
    );
    format!("{}<br><b>{amount}</b>", escape(&session.description))
}

fn buttons(session: &Session) -> String {
    let id = &session.data.id;
    if session.data.status != "open" {
        return format!("<p>This payment is {}.</p>", session.data.status);
    }
    let button = |action: &str, words: &str| {
        format!(
            "<form method=post action='/stripe/pay/{id}/{action}'><button>{words}</button></form>"
        )
    };
    [
        button("pay", "Pay"),
        button("later", "Pay by a slow bank transfer"),
        button("fail", "Try a card that is refused"),
        button("leave", "Leave"),
    ]
    .concat()
}

fn html(status: u16, words: &str, rest: &str) -> Reply {
    let page = format!(
        "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Pay</title>
<style>body{{font:18px system-ui;max-width:24rem;margin:3rem auto;padding:0 1rem}}
button{{font:inherit;width:100%;padding:.7rem;margin:.3rem 0}}</style>
<h1>Simulated Stripe</h1><p>{words}</p>{rest}"
    );
    Reply {
        content: Content::Page(page),
        ..Reply::json(status, serde_json::Value::Null)
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
