//! What stands on a document's pages, in its language.

use chrono::{Datelike, NaiveDate};
use kazi_documents::{DocumentError, Party, Row, Sheet, Total};
use kazi_platform::Currency;

use super::{
    InvoiceKind,
    model::{Document, SumKind},
};
use crate::{conversations::dates, locale};

/// The PDF of a document. It depends on what was issued alone, so it can be made at any time.
pub(super) fn pdf(document: &Document) -> Result<Vec<u8>, DocumentError> {
    kazi_documents::pdf(&sheet(document))
}

/// The name of the file.
pub(super) fn file_name(number: &str) -> String {
    format!("{}.pdf", number.replace('/', "-"))
}

fn sheet(document: &Document) -> Sheet {
    let (view, paper, buyer) = (&document.view, &document.paper, &document.buyer);
    let language = view.language.as_str();
    let text = |key: &str| locale::text(language, key, &[]);
    let plain = |minor| amount(language, minor, &view.currency, false);
    let money = |minor| amount(language, minor, &view.currency, true);
    let mut facts = vec![(text("invoice-issued-on"), date(language, view.issued_on))];
    if let Some(paid_on) = paper.paid_on {
        facts.push((text("invoice-paid-on"), date(language, paid_on)));
    }
    if let Some(order) = paper.order {
        facts.push((text("invoice-order"), order.to_string()));
    }
    if let Some(corrects) = &paper.corrects {
        facts.push((text("invoice-corrects"), corrects.number.clone()));
        facts.push((
            text("invoice-corrects-date"),
            date(language, corrects.issued_on),
        ));
    }
    let rows = paper.lines.iter().map(|line| Row {
        cells: vec![
            line.name.clone(),
            line.quantity.to_string(),
            plain(line.price_minor),
            plain(line.amount_minor),
        ],
        detail: line.detail.clone(),
    });
    let mut totals = Vec::new();
    let (above, below): (Vec<_>, Vec<_>) = paper
        .sums
        .iter()
        .partition(|sum| sum.kind != SumKind::TaxIncluded);
    let total = |sum: &super::model::Sum| Total {
        label: labelled(
            text(&format!("invoice-sum-{}", sum.kind.name())),
            &sum.label,
        ),
        value: money(sum.minor),
        strong: false,
    };
    totals.extend(above.into_iter().map(total));
    totals.push(Total {
        label: text(match view.kind {
            InvoiceKind::Invoice => "invoice-total",
            InvoiceKind::Receipt => "invoice-total-received",
            InvoiceKind::CreditNote => "invoice-total-credited",
        }),
        value: money(view.total_minor),
        strong: true,
    });
    totals.extend(below.into_iter().map(total));
    let seller = &paper.seller;
    let lines = |texts: [&str; 2]| {
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        texts.map(str::to_owned).collect()
    };
    let note = locale::text(language, "invoice-note", &[("note", &paper.note)]);
    Sheet {
        language: language.to_owned(),
        right_to_left: language == "ar",
        title: title(language, view.kind),
        number: view.number.clone(),
        seller: Party {
            label: String::new(),
            name: seller.name.clone(),
            lines: lines([&seller.address, &seller.tax_number]),
        },
        buyer: Party {
            label: text("invoice-billed-to"),
            name: buyer.name.clone(),
            lines: lines([
                buyer.phone.as_deref().unwrap_or_default(),
                buyer.email.as_deref().unwrap_or_default(),
            ]),
        },
        facts,
        columns: ["description", "quantity", "price", "amount"]
            .map(|column| text(&format!("invoice-{column}")))
            .to_vec(),
        rows: rows.collect(),
        totals,
        stamp: (view.kind != InvoiceKind::CreditNote).then(|| text("invoice-paid")),
        notes: match paper.note.trim() {
            "" => Vec::new(),
            _ => vec![note],
        },
        footer: seller.footer.clone(),
    }
}

pub(super) fn title(language: &str, kind: InvoiceKind) -> String {
    locale::text(language, &format!("invoice-title-{}", kind.name()), &[])
}

fn labelled(name: String, label: &str) -> String {
    match label {
        "" => name,
        label => format!("{name} ({label})"),
    }
}

fn date(language: &str, day: NaiveDate) -> String {
    let fill = [
        ("date", &*dates::date(language, day)),
        ("year", &day.year().to_string()),
    ];
    locale::text(language, "invoice-date", &fill)
}

/// An amount as a language writes it: in groups of digits, with the currency behind it.
pub(super) fn amount(language: &str, minor: i64, currency: &str, named: bool) -> String {
    let exponent = currency
        .parse()
        .map_or(2, |known: Currency| known.exponent());
    let (group, point) = match language {
        // Thin, so that it is no end of a word.
        "fr" => ('\u{202F}', ','),
        "es" | "pt" => ('.', ','),
        _ => (',', '.'),
    };
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = exponent + 1);
    let (whole, rest) = digits.split_at(digits.len() - exponent);
    let mut text = String::new();
    if minor < 0 {
        text.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        let left = whole.len() - index;
        // India counts in lakhs: three digits, then two and two.
        let is_edge = match language {
            "hi" => left == 3 || (left > 3 && left % 2 == 1),
            _ => left % 3 == 0,
        };
        if index > 0 && is_edge {
            text.push(group);
        }
        text.push(digit);
    }
    if !rest.is_empty() {
        text.push(point);
        text.push_str(rest);
    }
    if named {
        text.push('\u{A0}');
        text.push_str(currency);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_the_digits_of_its_currency_and_the_groups_of_its_language() {
        for (language, minor, currency, written) in [
            ("en", 123_456_789, "USD", "1,234,567.89\u{A0}USD"),
            ("fr", 123_456, "EUR", "1\u{202F}234,56\u{A0}EUR"),
            ("es", 123_456, "EUR", "1.234,56\u{A0}EUR"),
            ("hi", 123_456_789, "INR", "12,34,567.89\u{A0}INR"),
            ("hi", 12_345, "INR", "123.45\u{A0}INR"),
            ("en", 1_500, "JPY", "1,500\u{A0}JPY"),
            ("ar", -5, "KWD", "-0.005\u{A0}KWD"),
        ] {
            assert_eq!(amount(language, minor, currency, true), written);
        }
    }

    #[test]
    fn the_name_of_a_file_has_no_folder() {
        assert_eq!(file_name("2026/INV-000001"), "2026-INV-000001.pdf");
    }
}
