//! A row that may become a contact, and what a later row for the same phone adds to it.

use kazi_platform::Phone;
use serde_json::{Map, Value};

use super::{RowFault, wishes::Said};

/// A row that may become a contact.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRow {
    pub line: u64,
    pub phone: Phone,
    pub name: Option<String>,
    pub email: Option<String>,
    pub language: Option<String>,
    pub attributes: Map<String, Value>,
    pub tags: Vec<String>,
    /// What the file says of offers.
    pub marketing: Said,
    pub blocked: bool,
    /// What is wrong with values that the contact is better without.
    pub remark: Option<RowFault>,
    /// No plan has this phone. The row is right only if a contact has it: WhatsApp names some, and our export has them.
    pub doubt: Option<RowFault>,
}

impl NewRow {
    /// Takes what a later row for the same phone says.
    pub fn absorb(&mut self, later: Self) {
        self.name = later.name.or(self.name.take());
        self.email = later.email.or(self.email.take());
        self.language = later.language.or(self.language.take());
        self.attributes.extend(later.attributes);
        self.tags.extend(later.tags);
        self.tags.sort();
        self.tags.dedup();
        self.blocked |= later.blocked;
        let said = std::mem::take(&mut self.marketing);
        self.marketing = said.max(later.marketing);
    }

    /// Takes of a later row for the same phone that the contact wants no offers, and that it is blocked.
    pub fn heed(&mut self, later: Self) {
        self.blocked |= later.blocked;
        if matches!(later.marketing, Said::No(_)) {
            self.marketing = later.marketing;
        }
    }

    /// Notes what is wrong with a value that the row is imported without. A row has one remark, which names them all.
    pub fn note(&mut self, fault: RowFault) {
        note(&mut self.remark, fault);
    }
}

/// Adds a fault to the remark of a row.
pub(super) fn note(remark: &mut Option<RowFault>, fault: RowFault) {
    match remark {
        None => *remark = Some(fault),
        Some(first) => {
            first.detail += "; ";
            if !fault.column.is_empty() {
                first.detail += &format!("{}: ", fault.column);
            }
            first.detail += &fault.detail;
        }
    }
}
