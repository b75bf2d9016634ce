//! Who sells, which documents a sale gets, and how they are numbered.

use chrono::{Datelike, NaiveDate};
use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{InvoiceError, InvoiceKind, model::Seller, store::settings as store};
use crate::{Work, audit::Change, violations::Violations, workspaces};

const NAME_LIMIT: usize = 200;
const ADDRESS_LIMIT: usize = 500;
const ADDRESS_LINES: usize = 6;
const TAX_NUMBER_LIMIT: usize = 60;
const FOOTER_LIMIT: usize = 500;
const FOOTER_LINES: usize = 4;
const SERIES_LIMIT: usize = 24;
const YEAR: &str = "{year}";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvoiceSettings)]
pub struct Settings {
    /// A paid sale gets an invoice, and a refund of it a credit note.
    pub invoices: bool,
    /// A paid sale gets a receipt.
    #[serde(default)]
    pub receipts: bool,
    /// The customer gets the PDF in the chat. The template `document_ready` reaches those who have not written for 24 hours:
    /// `{{1}}` is the number of the document, `{{2}}` the amount.
    #[serde(default = "yes")]
    pub send_in_chat: bool,
    /// The customer gets the PDF by e-mail, if the address is known.
    #[serde(default)]
    pub send_by_email: bool,
    /// Empty: the name of the workspace.
    #[serde(default)]
    #[schema(example = "Zuri Coffee Ltd", max_length = 200)]
    pub seller_name: String,
    /// Up to 6 lines. Invoices need it.
    #[serde(default)]
    #[schema(example = "Moi Avenue 12\nNairobi 00100, Kenya", max_length = 500)]
    pub seller_address: String,
    /// With its name, as it shall be read.
    #[serde(default)]
    #[schema(example = "PIN P051234567X", max_length = 60)]
    pub tax_number: String,
    /// At the foot of each page: up to 4 lines.
    #[serde(default)]
    #[schema(example = "Thank you for your order.", max_length = 500)]
    pub footer: String,
    /// What stands before the number: letters, digits, `-`, `_`, `.` and `/`. `{year}` is the year of issue; each year then
    /// begins with 1. A new series begins with 1.
    #[serde(default = "invoice_series")]
    #[schema(example = "INV-{year}-", min_length = 1, max_length = 24)]
    pub invoice_series: String,
    #[serde(default = "receipt_series")]
    #[schema(example = "RCT-{year}-", min_length = 1, max_length = 24)]
    pub receipt_series: String,
    #[serde(default = "credit_note_series")]
    #[schema(example = "CN-{year}-", min_length = 1, max_length = 24)]
    pub credit_note_series: String,
}

const fn yes() -> bool {
    true
}

fn invoice_series() -> String {
    "INV-{year}-".to_owned()
}

fn receipt_series() -> String {
    "RCT-{year}-".to_owned()
}

fn credit_note_series() -> String {
    "CN-{year}-".to_owned()
}

impl Default for Settings {
    /// What holds until a member sets something.
    fn default() -> Self {
        Self {
            invoices: false,
            receipts: false,
            send_in_chat: true,
            send_by_email: false,
            seller_name: String::new(),
            seller_address: String::new(),
            tax_number: String::new(),
            footer: String::new(),
            invoice_series: invoice_series(),
            receipt_series: receipt_series(),
            credit_note_series: credit_note_series(),
        }
    }
}

impl Settings {
    /// What stands before the number of a document.
    pub(super) fn series(&self, kind: InvoiceKind, day: NaiveDate) -> String {
        let series = match kind {
            InvoiceKind::Invoice => &self.invoice_series,
            InvoiceKind::Receipt => &self.receipt_series,
            InvoiceKind::CreditNote => &self.credit_note_series,
        };
        series.replace(YEAR, &format!("{:04}", day.year()))
    }

    /// What a paid sale gets.
    pub(super) fn kinds(&self) -> impl Iterator<Item = InvoiceKind> {
        let kinds = [
            (self.invoices, InvoiceKind::Invoice),
            (self.receipts, InvoiceKind::Receipt),
        ];
        kinds
            .into_iter()
            .filter_map(|(wanted, kind)| wanted.then_some(kind))
    }

    pub(super) fn seller(&self, workspace: &str) -> Seller {
        let name = match self.seller_name.trim() {
            "" => workspace.to_owned(),
            name => name.to_owned(),
        };
        Seller {
            name,
            address: self.seller_address.trim().to_owned(),
            tax_number: self.tax_number.trim().to_owned(),
            footer: self.footer.trim().to_owned(),
        }
    }

    fn check(&self) -> Result<(), InvoiceError> {
        let mut violations = Violations::default();
        violations.text("/seller_name", &self.seller_name, 0, NAME_LIMIT);
        violations.text("/tax_number", &self.tax_number, 0, TAX_NUMBER_LIMIT);
        for (pointer, text, most, lines) in [
            (
                "/seller_address",
                &self.seller_address,
                ADDRESS_LIMIT,
                ADDRESS_LINES,
            ),
            ("/footer", &self.footer, FOOTER_LIMIT, FOOTER_LINES),
        ] {
            violations.text(pointer, text, 0, most);
            let rule = format!("must have at most {lines} lines");
            let fits = text.trim().lines().count() <= lines;
            violations.unless(fits, pointer, "too_many_lines", rule);
        }
        let rule = "invoices need the address of the seller";
        let has_address = !self.seller_address.trim().is_empty();
        violations.unless(
            !self.invoices || has_address,
            "/seller_address",
            "missing",
            rule,
        );
        let all = [
            ("/invoice_series", &self.invoice_series),
            ("/receipt_series", &self.receipt_series),
            ("/credit_note_series", &self.credit_note_series),
        ];
        for (index, (pointer, series)) in all.iter().enumerate() {
            let plain = series.replacen(YEAR, "", 1);
            let fits = (1..=SERIES_LIMIT).contains(&series.chars().count())
                && plain
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || "-_./".contains(letter))
                && !series.starts_with(['/', '.'])
                && !series.ends_with(|letter: char| letter.is_ascii_digit());
            let rule = format!(
                "must be 1 to {SERIES_LIMIT} letters, digits, `-`, `_`, `.` or `/`, with at most one `{YEAR}`, begin with a letter or a digit and not end with a digit"
            );
            violations.unless(fits, *pointer, "format", rule);
            let before = &all[..index];
            let is_new = before.iter().all(|(_, other)| other != series);
            let rule = "must differ from the other series: two documents would have one number";
            violations.unless(is_new, *pointer, "taken", rule);
        }
        Ok(violations.end()?)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = InvoiceSettingsNow)]
pub struct SettingsView {
    #[serde(flatten)]
    pub settings: Settings,
    /// What stands on documents when `seller_name` is empty.
    #[schema(example = "Zuri Shop")]
    pub workspace_name: String,
    /// `null`: nobody has set them yet.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub updated_at: Option<Timestamp>,
    /// For the ETag.
    #[serde(skip)]
    pub version: i64,
}

pub async fn settings(work: &mut Work) -> Result<SettingsView, sqlx::Error> {
    let found = store::get(work).await?;
    let name = workspaces::get(work).await?.name;
    Ok(view(found, name))
}

/// Locks the settings until the transaction ends.
pub async fn lock_settings(work: &mut Work) -> Result<SettingsView, sqlx::Error> {
    let found = store::lock(work).await?;
    let name = workspaces::get(work).await?.name;
    Ok(view(Some(found), name))
}

fn view(found: Option<(Settings, Timestamp, i64)>, workspace_name: String) -> SettingsView {
    let (settings, updated_at, version) = match found {
        Some((settings, updated_at, version)) => (settings, Some(updated_at), version),
        None => (Settings::default(), None, 1),
    };
    SettingsView {
        settings,
        workspace_name,
        updated_at,
        version,
    }
}

/// Replaces locked settings. Documents that are issued keep what they say.
pub async fn set_settings(
    work: &mut Work,
    before: &SettingsView,
    new: &Settings,
) -> Result<SettingsView, InvoiceError> {
    new.check()?;
    store::set(work, new).await?;
    let subject = ("invoice_settings", work.workspace().uuid());
    let change = Change::updated("invoices.set_settings", subject, &before.settings, new);
    work.audit(&change).await?;
    Ok(settings(work).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_has_the_year_of_issue() {
        let settings = Settings::default();
        let day = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        assert_eq!(settings.series(InvoiceKind::Invoice, day), "INV-2026-");
        assert_eq!(settings.series(InvoiceKind::CreditNote, day), "CN-2026-");
    }

    #[test]
    fn series_that_could_give_one_number_twice_are_refused() {
        for series in ["", "A1", "A B-", "{year}{year}-", "/A-", "RCT-{year}-"] {
            let settings = Settings {
                invoice_series: series.to_owned(),
                ..Settings::default()
            };
            assert!(settings.check().is_err(), "{series}");
        }
        assert!(Settings::default().check().is_ok());
    }

    #[test]
    fn invoices_need_an_address() {
        let settings = Settings {
            invoices: true,
            ..Settings::default()
        };
        let InvoiceError::Invalid(invalid) = settings.check().unwrap_err() else {
            panic!("another error");
        };
        assert_eq!(invalid.0[0].pointer, "/seller_address");
    }
}
