//! Feedback as values.

use kazi_platform::{Timestamp, id, invalid::Invalid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    appointments::BookingId, contacts::ContactId, payments::OrderId, support::TicketId,
    violations::Violations,
};

id!(
    pub struct FeedbackId, "fbk_"
);

/// The best score. The worst is 1.
pub(super) const BEST: i16 = 5;
/// Up to this score the business has something to put right.
pub(super) const LOW: i16 = 2;

kazi_platform::texts! {
    /// How far a question has come.
    pub enum FeedbackStatus {
        /// The customer was asked, and has not answered.
        Asked = "asked",
        /// The customer was not asked: see the reason.
        Skipped = "skipped",
        /// The customer has tapped a score, and may still change it and write words.
        Scored = "scored",
        /// It is complete.
        Given = "given",
    }
}

kazi_platform::texts! {
    /// A length of time by the calendar. A week begins on Monday.
    pub enum FeedbackPeriod {
        Day = "day",
        Week = "week",
        Month = "month",
    }
}

/// What a customer is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    Order(OrderId),
    Booking(BookingId),
}

impl About {
    pub(super) const fn order(self) -> Option<OrderId> {
        match self {
            Self::Order(id) => Some(id),
            Self::Booking(_) => None,
        }
    }

    pub(super) const fn booking(self) -> Option<BookingId> {
        match self {
            Self::Order(_) => None,
            Self::Booking(id) => Some(id),
        }
    }
}

/// A question to a customer, and the answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Feedback {
    pub id: FeedbackId,
    pub contact_id: ContactId,
    /// The order that it is about. Otherwise it is about a booking.
    pub order_id: Option<OrderId>,
    pub booking_id: Option<BookingId>,
    #[schema(inline)]
    pub status: FeedbackStatus,
    /// Why the customer was not asked: `asked_recently`, `blocked`, `no_channel`, `no_consent`, `no_template`, `opted_out`,
    /// `us_marketing`, or `window_closed`: the customer has not written for 24 hours, and no template is chosen.
    #[schema(example = "asked_recently")]
    pub reason: Option<String>,
    /// 1 is the worst, 5 the best.
    #[schema(example = 4, minimum = 1, maximum = 5)]
    pub score: Option<i16>,
    /// The customer's words: up to 4,000 characters.
    #[schema(example = "It came a day late.")]
    pub comment: Option<String>,
    /// The ticket that a low score has opened.
    pub ticket_id: Option<TicketId>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub scored_at: Option<Timestamp>,
    /// When it was complete: with the words, or an hour after the score.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub given_at: Option<Timestamp>,
    /// When the customer was asked, or left out.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// All given conditions must hold.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct FeedbackFilter {
    #[schema(minimum = 1, maximum = 5)]
    #[param(minimum = 1, maximum = 5)]
    pub score: Option<i16>,
    #[schema(inline)]
    #[param(inline)]
    pub status: Option<FeedbackStatus>,
    pub contact_id: Option<ContactId>,
    /// The customer was asked at this time or later.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
    /// The customer was asked before this time.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[param(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

impl FeedbackFilter {
    /// Checks the score. `pointer` is where the filter stands in a request.
    pub fn check(&self, pointer: &str) -> Result<(), Invalid> {
        let mut violations = Violations::default();
        let fits = self.score.is_none_or(|score| (1..=BEST).contains(&score));
        let rule = "must be 1 to 5";
        violations.unless(fits, format!("{pointer}/score"), "out_of_range", rule);
        violations.end()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum FeedbackError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
