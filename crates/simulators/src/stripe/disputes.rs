//! Disputes: the customer's bank takes a payment back, or asks about it first.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Account, emit, errors::bad, now, state::State};
use crate::{World, lock, server::Reply};

/// Stripe's fee for a dispute, in minor units.
const FEE: i64 = 1_500;
/// How long the business may answer, in seconds.
const DUE_SECONDS: i64 = 7 * 86_400;

/// Returns the charge of a paid session.
fn charge(state: &State, session: &str) -> Result<Value, Reply> {
    let intent = state.session(session)?.data.payment_intent.clone();
    let intent = intent.and_then(|id| state.intents.get(&id));
    let charge = intent.and_then(|intent| state.charges.get(intent["latest_charge"].as_str()?));
    let charge = charge.cloned();
    charge.ok_or_else(|| bad("session", "Nothing was paid that could be disputed."))
}

pub(super) fn open(
    world: &Arc<World>,
    account: &Arc<Account>,
    session: &str,
    inquiry: bool,
) -> Result<(), Reply> {
    let now = now(world);
    let dispute = {
        let mut state = lock(&account.state);
        let charge = charge(&state, session)?;
        let status = if inquiry {
            "warning_needs_response"
        } else {
            "needs_response"
        };
        let mut dispute = json!({
            "id": state.id("dp"), "object": "dispute", "amount": charge["amount"], "currency": charge["currency"],
            "charge": charge["id"], "payment_intent": charge["payment_intent"], "status": status,
            "reason": "fraudulent", "created": now, "livemode": false, "is_charge_refundable": inquiry,
            "evidence_details": {"due_by": now + DUE_SECONDS, "has_evidence": false, "past_due": false,
                "submission_count": 0},
            "balance_transactions": [], "metadata": {},
        });
        if !inquiry {
            moved(&mut state, &mut dispute, -1, FEE, now);
        }
        state.disputes.put(dispute.clone());
        dispute
    };
    emit(world, account, "charge.dispute.created", &dispute);
    if !inquiry {
        emit(world, account, "charge.dispute.funds_withdrawn", &dispute);
    }
    Ok(())
}

pub(super) fn end(
    world: &Arc<World>,
    account: &Arc<Account>,
    session: &str,
    won: bool,
) -> Result<(), Reply> {
    let now = now(world);
    let (dispute, back) = {
        let mut state = lock(&account.state);
        let charge = charge(&state, session)?["id"].clone();
        let open = |dispute: &&Value| {
            let status = dispute["status"].as_str().unwrap_or_default();
            dispute["charge"] == charge && status.ends_with("needs_response")
        };
        let all = state.disputes.all();
        let found = all.iter().find(|dispute| open(dispute)).cloned();
        let mut dispute = found.ok_or_else(|| bad("session", "No dispute is open."))?;
        let inquiry = dispute["status"] == "warning_needs_response";
        dispute["status"] = match (inquiry, won) {
            (true, _) => "warning_closed",
            (false, true) => "won",
            (false, false) => "lost",
        }
        .into();
        let back = won && !inquiry;
        if back {
            moved(&mut state, &mut dispute, 1, 0, now);
        }
        state.disputes.put(dispute.clone());
        (dispute, back)
    };
    if back {
        emit(world, account, "charge.dispute.funds_reinstated", &dispute);
    }
    emit(world, account, "charge.dispute.closed", &dispute);
    Ok(())
}

/// Moves the balance by the dispute's amount, in this direction, and by a fee.
fn moved(state: &mut State, dispute: &mut Value, direction: i64, fee: i64, now: i64) {
    let amount = dispute["amount"].as_i64().unwrap_or_default() * direction;
    let transaction = json!({
        "id": state.id("txn"), "object": "balance_transaction", "amount": amount, "fee": fee, "net": amount - fee,
        "currency": dispute["currency"], "type": "adjustment", "source": dispute["id"], "created": now,
        "status": "available", "reporting_category": "dispute",
    });
    if let Some(all) = dispute["balance_transactions"].as_array_mut() {
        all.push(transaction.clone());
    }
    state.transactions.put(transaction);
}
