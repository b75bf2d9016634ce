//! Credits as values.

use kazi_platform::{Timestamp, WorkspaceId, id, texts};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::CreditPrice;
use crate::conversations::CampaignId;
pub use crate::payments::TopUpId;

id!(
    /// A row of the ledger.
    pub struct EntryId, "cre_"
);
id!(
    /// A pack of credits that the platform sells.
    pub struct PackId, "cpk_"
);

texts! {
    /// An account of the ledger.
    pub(super) enum Place {
        /// Where credits come from.
        Funding = "funding",
        Available = "available",
        Reserved = "reserved",
        Spent = "spent",
        Owed = "owed",
    }
}

texts! {
    /// Why credits moved.
    pub enum EntryKind as "CreditEntryKind" {
        /// The platform gave them.
        Grant = "grant",
        /// The platform took them.
        Take = "take",
        TopUp = "top_up",
        /// The money of a top-up went back.
        Refund = "refund",
        /// Set aside for messages.
        Reserve = "reserve",
        /// The provider has accepted messages.
        Charge = "charge",
        /// Messages are not sent.
        Release = "release",
        /// Messages whose failure was told were accepted after all.
        Late = "late",
        /// What came pays for what was owed.
        Settle = "settle",
    }
}

/// What became of the credits of messages. See [`super::note`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moved {
    /// They were reserved, and the provider has accepted the messages.
    Charged,
    /// They were reserved, and the messages are not sent.
    Released,
    /// They were released, and the messages were accepted after all.
    Late,
}

impl Moved {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Charged => "charge",
            Self::Released => "release",
            Self::Late => "late",
        }
    }
}

/// Credits of some messages of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    pub workspace: WorkspaceId,
    pub campaign: CampaignId,
    pub moved: Moved,
    pub credits: i64,
    pub messages: i64,
}

/// What credits are used for.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// The campaign, or the step of an automation.
    pub campaign: CampaignId,
    pub automation: Option<Uuid>,
    /// For people.
    pub name: &'a str,
}

/// So many credits are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing(pub i64);

/// What messages cost, beside the balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[schema(as = CreditQuote)]
pub struct Quote {
    /// Credits of all messages.
    #[schema(example = 1200)]
    pub price: i64,
    /// Credits that were available then.
    #[schema(example = 1000)]
    pub available: i64,
    /// Credits that were missing then.
    #[schema(example = 200)]
    pub missing: i64,
}

impl Quote {
    pub const fn new(price: i64, available: i64) -> Self {
        let missing = price.saturating_sub(available);
        Self {
            price,
            available,
            missing: if missing > 0 { missing } else { 0 },
        }
    }
}

/// The credits of a workspace.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Credits {
    /// Messages of campaigns and automations want credits. Without it they cost none.
    pub prepaid: bool,
    /// Credits for new messages.
    #[schema(example = 5000)]
    pub available: i64,
    /// Credits of messages that are planned or on their way.
    #[schema(example = 300)]
    pub reserved: i64,
    /// Credits of messages that were accepted.
    #[schema(example = 12_000)]
    pub spent: i64,
    /// Credits that are gone although the account had none. The next ones that come pay for them.
    #[schema(example = 0)]
    pub owed: i64,
    /// Below it the admins are told. 0: they are not.
    #[schema(example = 500)]
    pub low_mark: i64,
    /// Whether packs can be bought.
    pub can_buy: bool,
    /// The credits of a message by country and category. What is not among them costs 1.
    pub prices: Vec<CreditPrice>,
    /// Rises with each change.
    #[serde(skip)]
    pub version: i64,
}

/// A row of the ledger. Those of a campaign are added up by kind and day.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CreditEntry)]
pub struct Entry {
    pub id: EntryId,
    pub kind: EntryKind,
    /// `funding`, `available`, `reserved`, `spent` or `owed`.
    #[schema(example = "reserved")]
    pub from_account: String,
    #[schema(example = "spent")]
    pub to_account: String,
    #[schema(example = 120)]
    pub credits: i64,
    /// Messages that it is about.
    #[schema(example = 120)]
    pub messages: i64,
    /// The campaign, unless an automation used them.
    pub campaign_id: Option<CampaignId>,
    /// The automation, as the API writes its id.
    #[schema(example = "aut_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub automation_id: Option<String>,
    /// The name of the campaign or the automation.
    pub used_for: Option<String>,
    pub top_up_id: Option<TopUpId>,
    /// Why the platform gave or took them.
    pub note: Option<String>,
    /// The last change of the row.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// How the credits of a campaign stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Of messages that have not left.
    pub reserved: i64,
    pub charged: i64,
    /// Given back, in all.
    pub released: i64,
}

/// All given conditions must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct EntryFilter {
    pub campaign: Option<CampaignId>,
    pub kind: Option<EntryKind>,
}

/// A pack of credits.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CreditPack)]
pub struct Pack {
    pub id: PackId,
    #[schema(example = "Starter")]
    pub name: String,
    #[schema(example = 1000)]
    pub credits: i64,
    /// Minor units, such as cents.
    #[schema(example = 2500)]
    pub amount_minor: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// Businesses can buy it.
    pub active: bool,
    /// Rises with each change. The `ETag` is made of it.
    #[schema(example = 3)]
    pub version: i64,
}

texts! {
    pub enum TopUpStatus as "TopUpStatus" {
        /// The payment page is being made.
        Requested = "requested",
        /// It can be paid.
        Open = "open",
        /// The credits are there.
        Paid = "paid",
        /// Nobody has paid, or it could not be paid.
        Ended = "ended",
    }
}

/// A pack that the workspace buys.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TopUp {
    pub id: TopUpId,
    pub pack_id: PackId,
    /// The name of the pack, as it was then.
    pub name: String,
    pub credits: i64,
    /// Minor units, such as cents.
    pub amount_minor: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    pub status: TopUpStatus,
    /// Stripe's page, while it can be paid.
    pub url: Option<String>,
    /// Why no money came, when it has ended: in Stripe's words, when Stripe has refused.
    pub ended_why: Option<String>,
    /// Credits that were taken back because money went back.
    pub returned: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}
