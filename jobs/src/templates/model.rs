//! A template as a value, and what can be filled into it.

use std::{fmt, str::FromStr};

use kazi_platform::{Timestamp, id};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

id!(
    /// A message template.
    pub struct TemplateId, "tpl_"
);

/// What Meta charges and limits a template as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = TemplateCategory)]
pub enum Category {
    /// Offers: only for those who have not opted out.
    Marketing,
    /// About something the customer has asked for.
    Utility,
    /// One-time codes.
    Authentication,
}

/// Where a template stands with Meta.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TemplateStatus {
    /// Only here.
    Draft,
    /// Meta looks at it.
    Submitted,
    /// It may be sent.
    Approved,
    /// It may not.
    Rejected,
    /// Stopped for its quality, for some hours.
    Paused,
    /// Stopped for good.
    Disabled,
}

macro_rules! names {
    ($kind:ty { $($variant:ident = $name:literal),* }) => {
        impl $kind {
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),*
                }
            }
        }

        impl FromStr for $kind {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($name => Ok(Self::$variant),)*
                    other => Err(format!("there is no {other:?} here")),
                }
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names!(Category { Marketing = "marketing", Utility = "utility", Authentication = "authentication" });
names!(TemplateStatus {
    Draft = "draft",
    Submitted = "submitted",
    Approved = "approved",
    Rejected = "rejected",
    Paused = "paused",
    Disabled = "disabled"
});

/// What Meta's word for a status or an event of one comes to; `None` for a word that says nothing of whether it may be
/// sent.
pub(super) fn from_meta(word: &str) -> Option<TemplateStatus> {
    Some(match word {
        // Flagged: customers complain, but it may be sent still.
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

/// A message template.
#[derive(Clone, Debug)]
pub struct Template {
    pub id: TemplateId,
    /// The business account (WABA).
    pub account: String,
    /// Lower case letters, digits, underscores.
    pub name: String,
    /// As Meta writes it: `en`, `en_US`.
    pub language: String,
    /// What it is charged as.
    pub category: Category,
    /// Where it stands.
    pub status: TemplateStatus,
    /// With `{{1}}`, `{{2}}` … for its parameters.
    pub body: String,
    /// All parts as Meta has them.
    pub components: Value,
    /// Until when it is paused, where that is known.
    pub paused_until: Option<Timestamp>,
}
