//! Issues documents: once for each cause, under the lock of their series.
//!
//! A number is taken in the transaction that writes its document. If that rolls back, the number is free again, and the next
//! document has it. So a series has no gaps, and a number is never used twice.

use std::time::Duration;

use chrono::NaiveDate;
use kazi_platform::WorkspaceId;
use kazi_queue::{Job, JobError, Options, Pool, Retry, Running};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    InvoiceError, InvoiceId, InvoiceKind, InvoiceView, Settings,
    deliver::Deliver,
    model::{Buyer, Cause, Line, Paper, Reference, Sum, SumKind, share},
    sale::{self, Sale},
    settings, store,
};
use crate::{
    Context, Work,
    audit::Change,
    contacts::{self, ContactError},
    endpoints::{Type, announce},
    locale, orders,
    payments::{self, OrderId, PaymentFilter, PaymentId, Subject},
    pools, workspaces,
};

/// Digits of a number. Longer ones are written whole.
const DIGITS: usize = 6;

/// Hears of money, in the transaction of the change.
pub(super) async fn hear(work: &mut Work, kind: Type, id: Uuid) -> Result<(), sqlx::Error> {
    let (cause, paid) = match kind {
        Type::ORDER_PAID => (Cause::Order(id.into()), true),
        Type::ORDER_REFUNDED => (Cause::Order(id.into()), false),
        Type::PAYMENT_SUCCEEDED => match of_payment(work, id.into()).await? {
            // The order itself says when it is paid.
            Some(Cause::Order(_)) | None => return Ok(()),
            Some(cause) => (cause, true),
        },
        Type::PAYMENT_REFUNDED => match of_payment(work, id.into()).await? {
            Some(cause) => (cause, false),
            None => return Ok(()),
        },
        _ => return Ok(()),
    };
    let wanted = match paid {
        true => settings(work).await?.settings.kinds().next().is_some(),
        // Also after invoices were turned off: what was invoiced is corrected.
        false => true,
    };
    if wanted {
        let job = Issue {
            workspace: work.workspace(),
            cause,
            paid,
        };
        job.enqueue(work.conn()).await?;
    }
    Ok(())
}

/// What documents of a payment are issued for.
async fn of_payment(work: &mut Work, id: PaymentId) -> Result<Option<Cause>, sqlx::Error> {
    if let Some(gone) = payments::gone(work, id).await? {
        return Ok(Some(match gone.of {
            Subject::Order(order) => Cause::Order(order),
            Subject::Subscription(_) | Subject::Credits(_) => Cause::Payment(id),
        }));
    }
    let filter = PaymentFilter::default();
    let found = payments::payments(work, &filter, Some(id), None, 1).await?;
    Ok(found
        .first()
        .filter(|payment| payment.subject_kind != "order")
        .map(|_| Cause::Payment(id)))
}

/// Issues what a sale lacks.
#[derive(Debug, Serialize, Deserialize)]
pub struct Issue {
    pub workspace: WorkspaceId,
    pub cause: Cause,
    /// Money has come. Otherwise it went back.
    pub paid: bool,
}

impl Job for Issue {
    type Context = Context;
    const NAME: &'static str = "invoices.issue";
    const POOL: Pool = pools::DEFAULT;
    const RETRY: Retry =
        Retry::exponential(Duration::from_secs(1), Duration::from_secs(60)).attempts(50);

    fn options(&self) -> Options {
        // What money went back for is invoiced first.
        Options::default()
            .tenant(self.workspace)
            .sequence(format!("invoices:{}", self.cause.uuid()))
    }

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let mut work = Work::of(ctx, self.workspace).await?;
        let Some(sale) = sale::of(&mut work, self.cause).await? else {
            tracing::warn!(cause = ?self.cause, "what should be invoiced is gone, or is not paid");
            return Ok(());
        };
        let rules = settings(&mut work).await?;
        // A sale of before invoices were turned on is not invoiced because its money goes back.
        for kind in rules.settings.kinds().filter(|_| self.paid) {
            bill(&mut work, &rules.settings, kind, &sale).await?;
        }
        credit(&mut work, &rules.settings, &sale).await?;
        Ok(work.commit().await?)
    }
}

/// Issues the documents of an order that was paid before they were turned on. Those that exist stay as they are.
pub async fn issue_for_order(
    work: &mut Work,
    id: OrderId,
) -> Result<Vec<InvoiceView>, InvoiceError> {
    let rules = settings(work).await?.settings;
    if rules.kinds().next().is_none() {
        return Err(InvoiceError::Off);
    }
    if orders::order(work, id).await?.is_none() {
        return Err(InvoiceError::NotFound("order"));
    }
    let sale = sale::of(work, Cause::Order(id)).await?;
    let sale = sale.ok_or(InvoiceError::Unpaid)?;
    let mut issued = Vec::new();
    for kind in rules.kinds() {
        let id = bill(work, &rules, kind, &sale).await?;
        issued.extend(store::get(work, id).await?);
    }
    if let Some(id) = credit(work, &rules, &sale).await? {
        issued.extend(store::get(work, id).await?);
    }
    Ok(issued)
}

/// Issues a sale's invoice or receipt, once, and returns it.
async fn bill(
    work: &mut Work,
    rules: &Settings,
    kind: InvoiceKind,
    sale: &Sale,
) -> Result<InvoiceId, sqlx::Error> {
    let today = today(work).await?;
    let series = rules.series(kind, today);
    let last = store::lock_series(work, &series).await?;
    // Behind the lock: of two at once, the second finds the document of the first.
    if let Some(there) = store::of_cause(work, kind, sale.cause.uuid()).await? {
        return Ok(there);
    }
    let zone = workspaces::time_zone(work).await?;
    let paper = Paper {
        seller: rules.seller(&workspaces::get(work).await?.name),
        lines: sale.lines.clone(),
        sums: sale.sums.clone(),
        order: sale.order,
        paid_on: Some(sale.paid_at.with_timezone(&zone).date_naive()),
        corrects: None,
        note: sale.note.clone(),
    };
    let (buyer, language) = buyer(work, sale).await?;
    let what = What {
        kind,
        invoice: None,
        credited_minor: 0,
        total_minor: sale.total_minor,
        language: &language,
    };
    write(
        work,
        sale,
        (series.as_str(), last),
        &what,
        &paper,
        &buyer,
        today,
    )
    .await
}

/// Issues a credit note for what went back of an invoice since the last one.
async fn credit(
    work: &mut Work,
    rules: &Settings,
    sale: &Sale,
) -> Result<Option<InvoiceId>, sqlx::Error> {
    let cause = sale.cause.uuid();
    let Some(invoice) = store::of_cause(work, InvoiceKind::Invoice, cause).await? else {
        return Ok(None);
    };
    let Some(invoice) = store::document(work, invoice, false).await? else {
        return Ok(None);
    };
    let today = today(work).await?;
    let series = rules.series(InvoiceKind::CreditNote, today);
    let last = store::lock_series(work, &series).await?;
    let credited = store::credited(work, cause).await?;
    let back = sale.returned_minor - credited;
    if back <= 0 {
        return Ok(None);
    }
    let whole = invoice.view.total_minor;
    let language = invoice.view.language.clone();
    let of = &invoice.paper;
    let (lines, sums) = match back == whole {
        true => (of.lines.clone(), of.sums.clone()),
        false => part(of, &invoice.view.number, &language, (credited, back, whole)),
    };
    let paper = Paper {
        seller: rules.seller(&workspaces::get(work).await?.name),
        lines,
        sums,
        order: of.order,
        paid_on: None,
        corrects: Some(Reference {
            number: invoice.view.number.clone(),
            issued_on: invoice.view.issued_on,
        }),
        note: String::new(),
    };
    let what = What {
        kind: InvoiceKind::CreditNote,
        invoice: Some(invoice.view.id),
        credited_minor: sale.returned_minor,
        total_minor: back,
        language: &language,
    };
    let series = (series.as_str(), last);
    let issued = write(work, sale, series, &what, &paper, &invoice.buyer, today).await?;
    Ok(Some(issued))
}

/// The line and the taxes of a part that goes back. The taxes of all parts add up to those of the invoice.
fn part(
    of: &Paper,
    number: &str,
    language: &str,
    (credited, back, whole): (i64, i64, i64),
) -> (Vec<Line>, Vec<Sum>) {
    let line = Line {
        name: locale::text(language, "invoice-part", &[("number", number)]),
        detail: String::new(),
        quantity: 1,
        price_minor: back,
        amount_minor: back,
    };
    let taxes = of
        .sums
        .iter()
        .filter(|sum| matches!(sum.kind, SumKind::Tax | SumKind::TaxIncluded));
    let sums = taxes.map(|tax| Sum {
        // The line is what the customer has again, with its taxes.
        kind: SumKind::TaxIncluded,
        label: tax.label.clone(),
        minor: share(tax.minor, credited + back, whole) - share(tax.minor, credited, whole),
    });
    (vec![line], sums.collect())
}

async fn today(work: &mut Work) -> Result<NaiveDate, sqlx::Error> {
    let zone = workspaces::time_zone(work).await?;
    Ok(work.now().with_timezone(&zone).date_naive())
}

/// The buyer as the contact is now, with the language of the document.
async fn buyer(work: &mut Work, sale: &Sale) -> Result<(Buyer, String), sqlx::Error> {
    let spoken = workspaces::get(work).await?.default_language;
    Ok(match contacts::view(work, sale.contact).await {
        Ok(contact) => {
            let buyer = Buyer {
                name: contact.name.unwrap_or_default(),
                phone: contact.phone.map(|phone| phone.as_str().to_owned()),
                email: contact.email,
            };
            (buyer, contact.language.unwrap_or(spoken))
        }
        Err(ContactError::Database(error)) => return Err(error),
        // Erased meanwhile.
        Err(_) => (Buyer::default(), spoken),
    })
}

struct What<'a> {
    kind: InvoiceKind,
    invoice: Option<InvoiceId>,
    credited_minor: i64,
    total_minor: i64,
    language: &'a str,
}

/// Writes a document with the next number of its locked series.
async fn write(
    work: &mut Work,
    sale: &Sale,
    (series, last): (&str, i64),
    what: &What<'_>,
    paper: &Paper,
    buyer: &Buyer,
    issued_on: NaiveDate,
) -> Result<InvoiceId, sqlx::Error> {
    let serial = last + 1;
    let number = format!("{series}{serial:0DIGITS$}");
    let id = InvoiceId::at(work.now());
    let new = store::New {
        id,
        kind: what.kind,
        number: &number,
        series,
        serial,
        subject: (&sale.subject.0, sale.subject.1),
        cause: sale.cause.uuid(),
        payment: sale.payment,
        invoice: what.invoice,
        credited_minor: what.credited_minor,
        contact: sale.contact,
        language: what.language,
        currency: &sale.currency,
        total_minor: what.total_minor,
        issued_on,
        paper,
        buyer,
    };
    store::insert(work, &new).await?;
    let after = serde_json::json!({"kind": what.kind, "number": number, "currency": sale.currency,
        "total_minor": what.total_minor, "contact_id": sale.contact});
    let change = Change::created("invoices.issue", ("invoice", id), &after);
    work.audit(&change).await?;
    announce(work, Type::INVOICE_ISSUED, id).await?;
    let job = Deliver {
        workspace: work.workspace(),
        invoice: id,
        again: None,
    };
    job.enqueue(work.conn()).await?;
    metrics::counter!("kazi_invoices_issued_total", "kind" => what.kind.name()).increment(1);
    Ok(id)
}
