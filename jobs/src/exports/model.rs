//! An export: a list, its filter, the form of the file, and how far it is.

use chrono::TimeDelta;
use kazi_platform::{Timestamp, id, invalid::Invalid, texts};
use kazi_queue::EnqueueError;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use crate::{
    Work, appointments,
    campaigns::{self, CampaignStatus},
    contacts::{ContactError, ContactFilter, ContactId},
    feedback::FeedbackFilter,
    messages::{CampaignId, WrittenFilter},
    orders, payments,
    violations::Violations,
};

id!(
    /// An export of a list.
    pub struct ExportId, "exp_"
);

/// The most days of an export of messages.
const MAX_DAYS: i64 = 366;

texts! {
    pub enum ExportFormat as "ExportFormat" {
        Csv = "csv",
        Xlsx = "xlsx",
    }
}

/// The list to export, with its filter. All given conditions must hold.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = ExportedRows)]
pub enum Wanted {
    Contacts(ContactFilter),
    Orders(WantedOrders),
    Payments(WantedPayments),
    Messages(WrittenFilter),
    Bookings(WantedBookings),
    Campaigns(WantedCampaigns),
    Feedback(FeedbackFilter),
    CampaignRecipients(WantedRecipients),
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ExportedOrders)]
pub struct WantedOrders {
    pub status: Option<orders::Status>,
    pub contact_id: Option<ContactId>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ExportedPayments)]
pub struct WantedPayments {
    pub status: Option<payments::Status>,
    pub contact_id: Option<ContactId>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ExportedBookings)]
pub struct WantedBookings {
    pub provider_id: Option<appointments::StaffId>,
    pub offering_id: Option<appointments::OfferingId>,
    pub contact_id: Option<ContactId>,
    pub status: Option<appointments::Status>,
    /// The booking begins at this time or later.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// The booking begins before this time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ExportedCampaigns)]
pub struct WantedCampaigns {
    pub status: Option<CampaignStatus>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ExportedCampaignRecipients)]
pub struct WantedRecipients {
    pub campaign_id: CampaignId,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    pub rows: Wanted,
    pub format: ExportFormat,
}

impl NewExport {
    pub(super) async fn check(&self, work: &mut Work) -> Result<(), ExportError> {
        match &self.rows {
            Wanted::Contacts(filter) => filter.check(work).await.map_err(|error| match error {
                ContactError::Invalid(Invalid(mut faults)) => {
                    for fault in &mut faults {
                        fault.pointer.insert_str(0, "/rows");
                    }
                    ExportError::Invalid(Invalid(faults))
                }
                other => ExportError::Contacts(other),
            }),
            Wanted::Messages(filter) => {
                let mut violations = Violations::default();
                violations.unless(
                    filter.from < filter.until
                        && filter.until - filter.from <= TimeDelta::days(MAX_DAYS),
                    "/rows/until",
                    "out_of_range",
                    format!("must be after `from`, and at most {MAX_DAYS} days later"),
                );
                Ok(violations.end()?)
            }
            Wanted::CampaignRecipients(wanted) => {
                let there = campaigns::get(work, wanted.campaign_id).await?;
                let mut violations = Violations::default();
                let rule = "there is no such campaign";
                let pointer = "/rows/campaign_id";
                violations.unless(there.is_some(), pointer, "unknown_campaign", rule);
                Ok(violations.end()?)
            }
            Wanted::Orders(_)
            | Wanted::Payments(_)
            | Wanted::Bookings(_)
            | Wanted::Campaigns(_) => Ok(()),
            Wanted::Feedback(filter) => Ok(filter.check("/rows")?),
        }
    }
}

impl Wanted {
    /// The name of the list, which is the file's too.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Contacts(_) => "contacts",
            Self::Orders(_) => "orders",
            Self::Payments(_) => "payments",
            Self::Messages(_) => "messages",
            Self::Bookings(_) => "bookings",
            Self::Campaigns(_) => "campaigns",
            Self::Feedback(_) => "feedback",
            Self::CampaignRecipients(_) => "campaign_recipients",
        }
    }
}

/// An export and how far it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Export)]
pub struct ExportView {
    pub id: ExportId,
    #[schema(value_type = Wanted)]
    pub rows: Json<Wanted>,
    pub format: ExportFormat,
    /// `queued`, `running`, `done`, `failed`, `cancelled`, or `expired`: the file is gone.
    #[schema(example = "running")]
    pub status: String,
    /// An estimate: the rows that there were when the export began. `null` before.
    pub rows_total: Option<i64>,
    pub rows_done: i64,
    /// The size of the file.
    pub bytes: Option<i64>,
    /// Why it failed.
    pub error: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    /// When Kazi deletes the file: 7 days after it was made, or earlier, when there are ten newer files.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("there is no such export")]
    NotFound,
    /// The workspace has as many unfinished exports as it may have.
    #[error("at most {0} exports run at a time: wait for one, or cancel one")]
    TooMany(i64),
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Contacts(#[from] ContactError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Enqueue(#[from] EnqueueError),
}
