//! Disputes: a customer's bank takes a payment back, and the business may win it again. A dispute has one report, which
//! follows its stages and is closed at its end. Nobody gives money back twice: while the bank has it, or when it is lost,
//! [`refund`](super::refund) refuses.

use chrono::DateTime;
use kazi_clients::{
    json::lenient,
    stripe::{Dispute, Error, Stripe, webhook::Event},
};
use kazi_platform::{Money, Timestamp};
use serde_json::{Value, json};

use super::{
    Cause, PaymentId,
    model::from_stripe,
    report,
    settle::Desk,
    store::{self, By, events, reconciliations as table},
};
use crate::{
    Work,
    endpoints::{Type, announce},
};

/// Where a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The bank asks, and has taken nothing. A refund ends it.
    Inquiry,
    /// The bank has taken the money.
    Open,
    /// The money is back, or stays.
    Won,
    Lost,
    /// The card's network has given the money back, so that no dispute begins.
    Resolved,
}

/// The status of a prevented dispute whose money went back. Stripe tells the two kinds of `prevented` apart by the type of
/// the case.
const RESOLVED: &str = "prevented_by_refund";

impl Stage {
    fn of(status: &str) -> Self {
        match status {
            "warning_needs_response" | "warning_under_review" => Self::Inquiry,
            "won" | "warning_closed" | "prevented" => Self::Won,
            "lost" => Self::Lost,
            RESOLVED => Self::Resolved,
            _ => Self::Open,
        }
    }

    const fn is_over(self) -> bool {
        matches!(self, Self::Won | Self::Lost | Self::Resolved)
    }

    const fn announced(self) -> Type {
        match self {
            Self::Inquiry | Self::Open => Type::PAYMENT_DISPUTED,
            Self::Won => Type::PAYMENT_DISPUTE_WON,
            // The money is with the customer.
            Self::Lost | Self::Resolved => Type::PAYMENT_DISPUTE_LOST,
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::Inquiry => "A bank asks about a payment: answer it, or give the money back",
            Self::Open => "A customer disputes a payment",
            Self::Won => "A dispute has ended: the money is yours",
            Self::Lost => "A dispute is lost: the money stays with the customer",
            Self::Resolved => "A dispute was prevented: the money is back with the customer",
        }
    }
}

/// How a dispute was seen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Seen {
    /// As it is now.
    Now,
    /// As an event of this time says: events come in any order.
    Then(Timestamp),
}

/// Returns the dispute of an event as it is now, or as the event says when Stripe does not show it to this key.
pub(super) async fn look(
    stripe: &Stripe,
    event: &events::EventRow,
) -> Result<(Dispute, Seen), Error> {
    match stripe.dispute(&event.object).await {
        Err(Error::Refused(refusal)) if refusal.is_missing() => {
            let said: Option<Event> = serde_json::from_str(&lenient(&event.payload)).ok();
            let said = said.and_then(|said| serde_json::from_value(said.data.object).ok());
            match said {
                Some(dispute) => Ok((dispute, Seen::Then(event.happened_at))),
                None => Err(Error::Refused(refusal)),
            }
        }
        Err(error) => Err(error),
        Ok(mut dispute) => {
            if dispute.payment_intent.is_none()
                && let Some(charge) = &dispute.charge
            {
                dispute.payment_intent = stripe.intent_of(charge).await?;
            }
            Ok((dispute, Seen::Now))
        }
    }
}

/// Brings the report of a dispute up to its stage, and tells the admins when the stage is another. Returns true when
/// something has changed.
pub(super) async fn settle(
    work: &mut Work,
    desk: Desk,
    dispute: &Dispute,
    seen: Seen,
) -> Result<bool, sqlx::Error> {
    let payment = match &dispute.payment_intent {
        Some(intent) => store::hold(work, By::Intent(intent)).await?,
        None => None,
    };
    let payment = payment.map(|row| row.id);
    let known = table::detail(work, desk.account, Cause::Disputed, &dispute.id).await?;
    let before = known.as_ref().map(|known| Stage::of(status(known)));
    let now = match dispute.is_resolved_by_refund() {
        true => RESOLVED,
        false => &dispute.status,
    };
    let stage = Stage::of(now);
    let at = match seen {
        Seen::Now => desk.now,
        Seen::Then(at) => at,
    };
    if let (Seen::Then(at), Some(known)) = (seen, &known) {
        let newest: Option<Timestamp> = known["at"].as_str().and_then(|at| at.parse().ok());
        let over = before.is_some_and(Stage::is_over) && !stage.is_over();
        if over || newest.is_some_and(|newest| newest > at) {
            return Ok(false);
        }
    }
    let amount = dispute.amount.zip(dispute.currency.as_deref());
    let due_by = dispute
        .due_by()
        .and_then(|due_by| DateTime::from_timestamp(due_by, 0));
    let detail = json!({"dispute": dispute.id, "intent": dispute.payment_intent, "status": now,
        "reason": dispute.reason, "amount": amount.and_then(|(amount, code)| from_stripe(amount, code)),
        "due_by": due_by, "at": at});
    let found = report::Found {
        account: desk.account,
        cause: Cause::Disputed,
        reference: &dispute.id,
        payment,
        reconciliation: desk.reconciliation,
        detail: &detail,
    };
    table::set_detail(work, &found, stage.is_over()).await?;
    if before != Some(stage) {
        report::stage(work, &found, stage.sentence(), stage.is_over()).await?;
        let another = before.map(Stage::announced) != Some(stage.announced());
        if let Some(payment) = payment.filter(|_| another) {
            announce(work, stage.announced(), payment).await?;
        }
    }
    Ok(known.is_none_or(|known| status(&known) != now))
}

/// The status in a report. One of an older program has none: it was written when the dispute was opened.
fn status(detail: &Value) -> &str {
    detail["status"].as_str().unwrap_or("needs_response")
}

/// Returns true when the customer's bank has the money of a payment.
pub(super) async fn has_the_money(
    work: &mut Work,
    payment: PaymentId,
) -> Result<bool, sqlx::Error> {
    let all = table::details(work, Cause::Disputed, payment).await?;
    let gone = |detail: &Value| {
        matches!(
            Stage::of(status(detail)),
            Stage::Open | Stage::Lost | Stage::Resolved
        )
    };
    Ok(all.iter().any(gone))
}

/// The money of a payment that disputes have given to the customer, lost ones and those that were prevented by a refund, in minor units: at most `whole`. A dispute in
/// another currency than the payment's counts as one about all of it.
pub async fn lost(work: &mut Work, payment: PaymentId, whole: Money) -> Result<i64, sqlx::Error> {
    let all = table::details(work, Cause::Disputed, payment).await?;
    let of = |detail: &Value| {
        let is_lost = matches!(Stage::of(status(detail)), Stage::Lost | Stage::Resolved);
        let amount: Option<Money> = serde_json::from_value(detail["amount"].clone()).ok();
        let amount = amount.filter(|amount| amount.currency == whole.currency);
        is_lost.then_some(amount.map_or(whole.minor, |amount| amount.minor))
    };
    let sum: i64 = all.iter().filter_map(of).sum();
    Ok(sum.clamp(0, whole.minor))
}

#[cfg(test)]
mod tests;
