//! Reports differences: stores and counts each once, and notifies the admins when a person must act.

use serde_json::{Value, json};

use super::{Cause, store::reconciliations as store};
use crate::{
    Role, Work,
    notifications::{self, Kind, Notification, To},
};
pub(super) use store::Found;

pub(super) async fn report(work: &mut Work, found: &Found<'_>) -> Result<(), sqlx::Error> {
    if !store::find(work, found).await? {
        return Ok(());
    }
    let cause = found.cause.name();
    metrics::counter!("kazi_payments_differences_total", "cause" => cause).increment(1);
    if found.cause.repaired() {
        tracing::info!(
            payment.difference = cause,
            payment.reference = found.reference,
            "payments differed, and are mended"
        );
        return Ok(());
    }
    tracing::error!(
        payment.difference = cause,
        payment.reference = found.reference,
        "payments differ: a person must look"
    );
    let title = format!("{} ({})", sentence(found.cause), found.reference);
    let data: Value =
        json!({"payment": found.payment, "cause": cause, "reference": found.reference});
    let notification = Notification {
        kind: Kind::PAYMENTS_NEED_YOU,
        title: &title,
        data: &data,
    };
    notifications::notify(work, To::Role(Role::Admin), &notification).await
}

const fn sentence(cause: Cause) -> &'static str {
    match cause {
        Cause::WebhookLost => "A webhook was lost",
        Cause::Behind => "A payment had moved on at Stripe",
        Cause::AmountDiffers => "Another amount was paid than was asked for",
        Cause::CurrencyDiffers => "Another currency was paid than was asked for",
        Cause::UnknownSession => "Somebody paid at Stripe for nothing that is known here",
        Cause::PaidAfterEnd => "Money came for what had ended; it goes back",
        Cause::PaidTwice => "A payment was paid twice; the second money goes back",
        Cause::MissingAtStripe => "Stripe does not know a payment's session",
        Cause::ChargeWithoutPayment => "Stripe has a charge that belongs to no payment",
        Cause::LedgerDiffers => "The balance at Stripe has another amount than the books",
        Cause::RefundElsewhere => "Money was given back at Stripe",
        Cause::RefundFailed => "Money that should go back was refused",
        Cause::Disputed => "A customer disputes a payment",
    }
}
