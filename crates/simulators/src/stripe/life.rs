//! The life of a session: the customer pays now or later, is refused, or leaves, and time passes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Account, StripeSession, disputes, emit,
    errors::{self, bad},
    money, now, refunds,
    state::{Session, State},
};
use crate::{World, lock, server::Reply};

/// An action on a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum StripeAction {
    Pay,
    /// The customer pays another amount or currency, for example because of a discount from the dashboard.
    PayOther {
        /// In minor units.
        amount: i64,
        /// In lower case.
        currency: String,
    },
    /// The customer pays in their own currency, which Stripe has offered (Adaptive Pricing).
    PayPresented {
        /// In minor units.
        amount: i64,
        /// In lower case.
        currency: String,
    },
    /// The customer pays by a method that takes days.
    PayLater,
    /// These days are over.
    PaidLater {
        /// The money has arrived.
        succeeded: bool,
    },
    /// The bank refuses the card. The customer may try again.
    Decline,
    /// The session ends without a payment.
    Expire,
    /// The customer's bank disputes the payment.
    Dispute {
        /// The bank only asks, and takes nothing yet.
        inquiry: bool,
    },
    /// The dispute ends.
    EndDispute {
        /// The business keeps the money, or has it back.
        won: bool,
    },
    /// The customer's bank refuses the newest refund after it had succeeded: the money comes back.
    FailRefund,
}

/// Ends the sessions whose time is over.
pub(super) fn tick(world: &Arc<World>, account: &Arc<Account>) {
    let now = now(world);
    loop {
        let ended = {
            let mut state = lock(&account.state);
            let due = state.open.first().copied().filter(|(at, _)| *at <= now);
            due.map(|(_, place)| close(&mut state, place, "expired"))
        };
        let Some(object) = ended else { return };
        emit(world, account, "checkout.session.expired", &object);
    }
}

fn close(state: &mut State, place: usize, status: &str) -> Value {
    let expires_at = state.sessions[place].expires_at;
    state.open.remove(&(expires_at, place));
    state.sessions[place].data.status = status.to_owned();
    state.sessions[place].object()
}

/// Answers `POST /v1/checkout/sessions/{id}/expire`.
pub(super) fn expire(world: &Arc<World>, account: &Arc<Account>, id: &str) -> Result<Value, Reply> {
    let object = {
        let mut state = lock(&account.state);
        let place = open(&mut state, id)?;
        close(&mut state, place, "expired")
    };
    emit(world, account, "checkout.session.expired", &object);
    Ok(object)
}

fn open(state: &mut State, id: &str) -> Result<usize, Reply> {
    let (place, session) = state.session_mut(id)?;
    if session.data.status == "open" {
        return Ok(place);
    }
    let words = format!(
        "Only Checkout Sessions with a status in [\"open\"] can be expired or paid. This Checkout Session has a status of {}.",
        session.data.status
    );
    Err(errors::refuse(400, &words, None, Some("session")))
}

/// Acts on a session of any account.
pub(crate) fn act(
    world: &Arc<World>,
    id: &str,
    action: &StripeAction,
) -> Result<StripeSession, String> {
    let accounts: Vec<Arc<Account>> = lock(&world.stripe).values().cloned().collect();
    let account = accounts
        .into_iter()
        .find(|account| lock(&account.state).places.contains_key(id))
        .ok_or("there is no such session")?;
    tick(world, &account);
    let done = match action {
        StripeAction::Pay => pay(world, &account, id, None),
        StripeAction::PayOther { amount, currency } => {
            pay(world, &account, id, Some((*amount, currency.clone())))
        }
        StripeAction::PayPresented { amount, currency } => {
            present(&account, id, (*amount, currency.clone()))
                .and_then(|()| pay(world, &account, id, None))
        }
        StripeAction::Dispute { inquiry } => disputes::open(world, &account, id, *inquiry),
        StripeAction::EndDispute { won } => disputes::end(world, &account, id, *won),
        StripeAction::FailRefund => refunds::fail(world, &account, id),
        StripeAction::PayLater => pay_later(world, &account, id),
        StripeAction::PaidLater { succeeded } => paid_later(world, &account, id, *succeeded),
        StripeAction::Decline => decline(world, &account, id),
        StripeAction::Expire => expire(world, &account, id).map(|_| ()),
    };
    done.map_err(|reply| reply.words())?;
    let state = lock(&account.state);
    let session = state.session(id).map_err(|reply| reply.words())?;
    Ok(session.data.clone())
}

fn pay(
    world: &Arc<World>,
    account: &Arc<Account>,
    id: &str,
    other: Option<(i64, String)>,
) -> Result<(), Reply> {
    let now = now(world);
    let (session, intent, charge) = {
        let mut state = lock(&account.state);
        let place = open(&mut state, id)?;
        let session = &mut state.sessions[place].data;
        if let Some((amount, currency)) = other {
            money::check("amount", amount, &currency)?;
            (session.amount, session.currency) = (amount, currency);
        }
        let (intent, charge) = charge(&mut state, place, now);
        state.sessions[place].data.payment_status = "paid".into();
        (close(&mut state, place, "complete"), intent, charge)
    };
    emit(world, account, "charge.succeeded", &charge);
    emit(world, account, "payment_intent.succeeded", &intent);
    emit(world, account, "checkout.session.completed", &session);
    Ok(())
}

fn present(account: &Arc<Account>, id: &str, presented: (i64, String)) -> Result<(), Reply> {
    let mut state = lock(&account.state);
    let place = open(&mut state, id)?;
    state.sessions[place].presented = Some(presented);
    Ok(())
}

fn pay_later(world: &Arc<World>, account: &Arc<Account>, id: &str) -> Result<(), Reply> {
    let now = now(world);
    let session = {
        let mut state = lock(&account.state);
        let place = open(&mut state, id)?;
        intent(&mut state, place, now, "processing");
        close(&mut state, place, "complete")
    };
    emit(world, account, "checkout.session.completed", &session);
    Ok(())
}

fn paid_later(
    world: &Arc<World>,
    account: &Arc<Account>,
    id: &str,
    succeeded: bool,
) -> Result<(), Reply> {
    let now = now(world);
    let kind = {
        let mut state = lock(&account.state);
        let (place, session) = state.session_mut(id)?;
        if session.data.status != "complete" || session.data.payment_status == "paid" {
            return Err(bad("session", "Nothing is on its way."));
        }
        if succeeded {
            charge(&mut state, place, now);
            state.sessions[place].data.payment_status = "paid".into();
            "checkout.session.async_payment_succeeded"
        } else {
            intent(&mut state, place, now, "requires_payment_method");
            "checkout.session.async_payment_failed"
        }
    };
    let object = lock(&account.state).session(id)?.object();
    emit(world, account, kind, &object);
    Ok(())
}

fn decline(world: &Arc<World>, account: &Arc<Account>, id: &str) -> Result<(), Reply> {
    let now = now(world);
    let object = {
        let mut state = lock(&account.state);
        let place = open(&mut state, id)?;
        intent(&mut state, place, now, "requires_payment_method")
    };
    emit(world, account, "payment_intent.payment_failed", &object);
    Ok(())
}

/// Returns the session's PaymentIntent in this status. It makes one when there is none.
fn intent(state: &mut State, place: usize, now: i64, status: &str) -> Value {
    let id = match &state.sessions[place].data.payment_intent {
        Some(id) => id.clone(),
        None => state.id("pi"),
    };
    let Session {
        data,
        intent_metadata,
        ..
    } = &mut state.sessions[place];
    data.payment_intent = Some(id.clone());
    let object = json!({
        "id": id, "object": "payment_intent", "amount": data.amount, "currency": data.currency, "status": status,
        "created": now, "metadata": intent_metadata, "livemode": false, "latest_charge": null,
    });
    state.intents.put(object.clone());
    object
}

/// The money arrives: makes a charge and its movement of the balance.
fn charge(state: &mut State, place: usize, now: i64) -> (Value, Value) {
    let mut intent = intent(state, place, now, "succeeded");
    let (id, transaction) = (state.id("ch"), state.id("txn"));
    let amount = intent["amount"].as_i64().unwrap_or_default();
    let fee = money::fee(amount, intent["currency"].as_str().unwrap_or_default());
    let charge = json!({
        "id": id, "object": "charge", "amount": amount, "amount_refunded": 0, "currency": intent["currency"],
        "payment_intent": intent["id"], "paid": true, "refunded": false, "status": "succeeded", "created": now,
        "balance_transaction": transaction, "metadata": intent["metadata"], "livemode": false,
    });
    intent["latest_charge"] = id.as_str().into();
    intent["amount_received"] = amount.into();
    state.intents.put(intent.clone());
    state.charges.put(charge.clone());
    state.transactions.put(json!({
        "id": transaction, "object": "balance_transaction", "amount": amount, "fee": fee, "net": amount - fee,
        "currency": intent["currency"], "type": "charge", "source": id, "created": now, "status": "available",
    }));
    (intent, charge)
}
