//! A template as a value, and its filling.

use kazi_platform::{Timestamp, id};
use serde_json::Value;

use crate::channels::ChannelKind;

id!(
    pub struct TemplateId, "tpl_"
);

kazi_platform::texts! {
    /// The category that Meta charges and limits.
    pub enum Category as "TemplateCategory" {
        /// Only for contacts who have not opted out.
        Marketing = "marketing",
        /// About something that the customer has asked for.
        Utility = "utility",
        /// One-time codes.
        Authentication = "authentication",
    }
}

/// Returns true for a phone or a user id that a channel sends no marketing to: Meta sends no marketing templates to the
/// United States, whose numbers begin with +1.
pub(crate) fn takes_no_marketing(kind: ChannelKind, address: &str) -> bool {
    kind == ChannelKind::WhatsApp && (address.starts_with("+1") || address.starts_with("US."))
}

kazi_platform::texts! {
    /// Where a template stands with Meta.
    pub enum TemplateStatus {
        /// Known only here.
        Draft = "draft",
        /// Meta reviews it.
        Submitted = "submitted",
        /// It may be sent.
        Approved = "approved",
        Rejected = "rejected",
        /// Stopped for some hours because of its quality.
        Paused = "paused",
        /// Stopped for good.
        Disabled = "disabled",
    }
}

/// The status for Meta's word. Returns `None` for a word that does not decide whether the template may be sent.
pub(super) fn from_meta(word: &str) -> Option<TemplateStatus> {
    Some(match word {
        // Flagged: customers complain, but it may still be sent.
        "APPROVED" | "REINSTATED" | "FLAGGED" | "ACTIVE" => TemplateStatus::Approved,
        "PENDING" | "PENDING_REVIEW" | "IN_REVIEW" | "IN_APPEAL" | "APPEAL_REQUESTED" => {
            TemplateStatus::Submitted
        }
        "REJECTED" => TemplateStatus::Rejected,
        "PAUSED" => TemplateStatus::Paused,
        "DISABLED" | "DELETED" | "PENDING_DELETION" | "ARCHIVED" | "LIMIT_EXCEEDED" => {
            TemplateStatus::Disabled
        }
        _ => return None,
    })
}

#[derive(Clone, Debug)]
pub struct Template {
    pub id: TemplateId,
    /// The business account (WABA).
    pub account: String,
    /// Small letters, digits, underscores.
    pub name: String,
    /// In Meta's form: `en`, `en_US`.
    pub language: String,
    /// The category that Meta charges.
    pub category: Category,
    pub status: TemplateStatus,
    /// The text, with variables `{{1}}`, `{{2}}` …
    pub body: String,
    /// All parts in Meta's form.
    pub components: Value,
    /// The end of the pause, if it is known.
    pub paused_until: Option<Timestamp>,
}
