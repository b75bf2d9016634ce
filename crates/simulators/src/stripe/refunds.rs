//! Makes refunds.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Account, emit,
    errors::{bad, no_such, refuse},
    form::Form,
    now,
};
use crate::{World, lock, server::Reply};

const FIELDS: [&str; 6] = [
    "payment_intent",
    "charge",
    "amount",
    "reason",
    "metadata[*]",
    "expand[]",
];

pub(super) fn create(
    world: &Arc<World>,
    account: &Arc<Account>,
    form: &Form,
) -> Result<Value, Reply> {
    form.only(&FIELDS)?;
    if let Some(reason) = form.get("reason")
        && !["duplicate", "fraudulent", "requested_by_customer"].contains(&reason)
    {
        return Err(bad("reason", "Invalid reason."));
    }
    let now = now(world);
    let (refund, charge) = {
        let mut state = lock(&account.state);
        let id = match (form.get("charge"), form.get("payment_intent")) {
            (Some(charge), None) => charge.to_owned(),
            (None, Some(intent)) => {
                let found = state.by_id(&state.intents, intent, "payment_intent")?;
                let charge = found["latest_charge"].as_str().map(str::to_owned);
                charge.ok_or_else(|| {
                    bad(
                        "payment_intent",
                        "This PaymentIntent does not have a successful charge to refund.",
                    )
                })?
            }
            _ => return Err(bad("charge", "One of charge, payment_intent is needed.")),
        };
        let mut charge = state.charges.get(&id).cloned();
        let charge = charge.as_mut().ok_or_else(|| no_such("charge", &id))?;
        let taken = |dispute: &&Value| {
            dispute["charge"] == id.as_str()
                && matches!(
                    dispute["status"].as_str(),
                    Some("needs_response" | "under_review" | "lost")
                )
        };
        if state.disputes.all().iter().any(|dispute| taken(&dispute)) {
            let words = format!("Charge {id} has been charged back; cannot issue a refund.");
            return Err(refuse(400, &words, Some("charge_disputed"), None));
        }
        let left = number(&charge["amount"]) - number(&charge["amount_refunded"]);
        if left == 0 {
            let words = format!("Charge {id} has already been refunded.");
            return Err(refuse(400, &words, Some("charge_already_refunded"), None));
        }
        let amount = form.integer("amount")?.unwrap_or(left);
        if amount <= 0 {
            let words = "Invalid positive integer";
            let code = Some("parameter_invalid_integer");
            return Err(refuse(400, words, code, Some("amount")));
        }
        if amount > left {
            let words = format!(
                "Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
            );
            return Err(refuse(400, &words, None, Some("amount")));
        }
        let metadata = form.metadata("metadata")?;
        let (refund, transaction) = (state.id("re"), state.id("txn"));
        let refund = json!({
            "id": refund, "object": "refund", "amount": amount, "currency": charge["currency"], "charge": id,
            "payment_intent": charge["payment_intent"], "status": "succeeded", "reason": form.get("reason"),
            "metadata": metadata, "created": now, "balance_transaction": transaction,
        });
        state.transactions.put(json!({
            "id": transaction, "object": "balance_transaction", "amount": -amount, "fee": 0, "net": -amount,
            "currency": charge["currency"], "type": "refund", "source": refund["id"], "created": now,
            "status": "available",
        }));
        charge["amount_refunded"] = (number(&charge["amount_refunded"]) + amount).into();
        charge["refunded"] = (left == amount).into();
        state.refunds.put(refund.clone());
        state.charges.put(charge.clone());
        (refund, charge.clone())
    };
    emit(world, account, "refund.created", &refund);
    emit(world, account, "charge.refunded", &charge);
    Ok(refund)
}

/// A refund fails after it had succeeded.
///
/// See <https://docs.stripe.com/refunds#failed-refunds>.
pub(super) fn fail(world: &Arc<World>, account: &Arc<Account>, session: &str) -> Result<(), Reply> {
    let now = now(world);
    let refund = {
        let mut state = lock(&account.state);
        let intent = state.session(session)?.data.payment_intent.clone();
        let done = |refund: &&Value| {
            refund["status"] == "succeeded"
                && refund["payment_intent"].as_str() == intent.as_deref()
        };
        let found = state.refunds.all().iter().rev().find(done).cloned();
        let mut refund = found.ok_or_else(|| bad("session", "Nothing was given back."))?;
        let charge = state
            .charges
            .get(refund["charge"].as_str().unwrap_or_default());
        let mut charge = charge.cloned().unwrap_or_default();
        let (amount, transaction) = (number(&refund["amount"]), state.id("txn"));
        (refund["status"], refund["failure_reason"]) = ("failed".into(), "unknown".into());
        refund["failure_balance_transaction"] = transaction.clone().into();
        state.transactions.put(json!({
            "id": transaction, "object": "balance_transaction", "amount": amount, "fee": 0, "net": amount,
            "currency": refund["currency"], "type": "refund_failure", "source": refund["id"], "created": now,
            "status": "available",
        }));
        charge["amount_refunded"] = (number(&charge["amount_refunded"]) - amount).into();
        charge["refunded"] = false.into();
        state.refunds.put(refund.clone());
        state.charges.put(charge);
        refund
    };
    emit(world, account, "refund.failed", &refund);
    Ok(())
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_default()
}
