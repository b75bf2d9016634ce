//! Compares Stripe's balance with the books: each movement must be booked with the same amount.

use chrono::{DateTime, TimeDelta};
use kazi_clients::stripe::{BalanceTransaction, Charge, Source};
use kazi_platform::Money;
use serde_json::json;

use super::{Look, ReconcileError};
use crate::{
    Work,
    payments::{
        Cause,
        ledger::{ADJUSTMENTS, BANK, EXCHANGE, FEES, Posting, STRIPE, UNMATCHED},
        model::from_stripe,
        refunds, store,
    },
};

impl Look<'_> {
    pub(super) async fn balance(&mut self) -> Result<(), ReconcileError> {
        let mut after: Option<String> = None;
        loop {
            let page = self.page(TimeDelta::zero(), after.as_deref());
            let list = self.stripe.balance_transactions(&page).await?;
            self.tally.transactions += i32::try_from(list.data.len()).unwrap_or(i32::MAX);
            self.compare(&list.data).await?;
            after = list.data.last().map(|transaction| transaction.id.clone());
            if !list.has_more || after.is_none() {
                return Ok(());
            }
        }
    }

    async fn compare(&mut self, all: &[BalanceTransaction]) -> Result<(), ReconcileError> {
        let workspace = self.desk.workspace;
        // First the refunds from the dashboard whose event was lost or is late, because Kazi books them.
        let references: Vec<String> = all.iter().map(reference).collect();
        let mut work = Work::of(self.ctx, workspace).await?;
        let booked = store::ledger::booked(&mut work, &references).await?;
        drop(work);
        for (transaction, reference) in all.iter().zip(&references) {
            let unbooked = reference.starts_with("refund:") && !booked.contains_key(reference);
            if let Some(intent) = intent(transaction).filter(|_| unbooked) {
                let list = self.stripe.refunds(intent).await?;
                let mut work = Work::of(self.ctx, workspace).await?;
                if refunds::settle_all(&mut work, self.desk, intent, &list.data).await? {
                    self.tally.repaired += 1;
                }
                work.commit().await?;
            }
        }
        let mut work = Work::of(self.ctx, workspace).await?;
        let booked = store::ledger::booked(&mut work, &references).await?;
        let mut postings = Vec::new();
        for (transaction, reference) in all.iter().zip(&references) {
            let Some(moved) = from_stripe(transaction.amount, &transaction.currency) else {
                continue;
            };
            let at = DateTime::from_timestamp(transaction.created, 0).unwrap_or(self.desk.now);
            let fee = from_stripe(transaction.fee, &transaction.currency);
            let fee_reference = format!("fee:{}", transaction.id);
            postings.extend(
                fee.and_then(|fee| {
                    Posting::new("fee", fee_reference, None, at, (FEES, STRIPE), fee)
                }),
            );
            let Some((currency, minor)) = booked.get(reference) else {
                let (kind, counter) = match reference.split_once(':') {
                    Some(("charge", _)) => {
                        let detail = json!({"transaction": transaction.id, "amount": moved,
                            "intent": intent(transaction)});
                        let cause = Cause::ChargeWithoutPayment;
                        self.found(&mut work, cause, reference, None, &detail)
                            .await?;
                        ("charge", UNMATCHED)
                    }
                    Some(("refund", _)) => ("refund", UNMATCHED),
                    Some(("payout", _)) => ("payout", BANK),
                    _ => ("adjustment", ADJUSTMENTS),
                };
                postings.extend(Posting::new(
                    kind,
                    reference.clone(),
                    None,
                    at,
                    (STRIPE, counter),
                    moved,
                ));
                continue;
            };
            if currency != moved.currency.code() {
                postings.extend(self.exchange(transaction, moved, currency, *minor, at));
            } else if *minor != moved.minor {
                let detail = json!({"transaction": transaction.id, "at_stripe": moved.minor, "in_books": minor,
                    "currency": currency});
                let cause = Cause::LedgerDiffers;
                self.found(&mut work, cause, &transaction.id, None, &detail)
                    .await?;
            }
        }
        store::ledger::post(&mut work, &postings).await?;
        Ok(work.commit().await?)
    }

    /// The customer's currency differs from the balance's: the booked amount leaves, and the received amount replaces
    /// it.
    #[expect(clippy::unused_self, reason = "a step of the comparison")]
    fn exchange(
        &self,
        transaction: &BalanceTransaction,
        moved: Money,
        currency: &str,
        minor: i64,
        at: kazi_platform::Timestamp,
    ) -> Option<Posting> {
        let was = Money {
            minor,
            currency: currency.parse().ok()?,
        };
        let negative = |money: Money| Money {
            minor: -money.minor,
            ..money
        };
        Some(Posting {
            kind: "exchange",
            reference: format!("exchange:{}", transaction.id),
            payment: None,
            at,
            entries: vec![
                (STRIPE, negative(was)),
                (EXCHANGE, was),
                (STRIPE, moved),
                (EXCHANGE, negative(moved)),
            ],
        })
    }
}

fn whole(transaction: &BalanceTransaction) -> Option<&Charge> {
    match &transaction.source {
        Some(Source::Whole(charge)) => Some(charge),
        _ => None,
    }
}

fn intent(transaction: &BalanceTransaction) -> Option<&str> {
    whole(transaction)?.payment_intent.as_deref()
}

/// The reference of a movement in the books.
fn reference(transaction: &BalanceTransaction) -> String {
    let source = whole(transaction);
    match (transaction.kind.as_str(), source) {
        ("charge" | "payment", Some(charge)) => {
            let id = charge.payment_intent.as_ref().unwrap_or(&charge.id);
            format!("charge:{id}")
        }
        ("refund" | "payment_refund", Some(refund)) => format!("refund:{}", refund.id),
        ("refund_failure" | "payment_failure_refund", Some(refund)) => {
            format!("refund_failed:{}", refund.id)
        }
        ("payout" | "payout_failure" | "payout_cancel", _) => format!("payout:{}", transaction.id),
        _ => format!("adjustment:{}", transaction.id),
    }
}
