//! When a workspace asks its customers.

use kazi_platform::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{About, FeedbackError, store};
use crate::{Work, audit::Change, violations::Violations};

const MAX_DELAY_HOURS: i32 = 30 * 24;
/// Characters of a template's name (Meta, "Message templates").
const TEMPLATE_LIMIT: usize = 512;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeedbackSettings)]
pub struct Settings {
    /// Asks after an order is delivered.
    pub after_orders: bool,
    /// Asks after the customer has come to a booking.
    pub after_bookings: bool,
    /// The hours between that and the question. The customer's quiet hours make it later.
    #[schema(example = 2, minimum = 0, maximum = 720)]
    pub delay_hours: i32,
    /// The template for customers who have not written for 24 hours. Its body has no variables. Its first five quick
    /// replies, if it has some, stand for the scores from 1 to 5; a customer may also answer with a number. Without a
    /// template these customers are not asked.
    #[serde(default)]
    #[schema(example = "how_was_it", min_length = 1, max_length = 512)]
    pub template: Option<String>,
    /// Opens a ticket for a score of 1 or 2.
    pub low_opens_ticket: bool,
}

impl Settings {
    /// What holds until a member sets something: nobody is asked.
    pub(super) const OFF: Self = Self {
        after_orders: false,
        after_bookings: false,
        delay_hours: 2,
        template: None,
        low_opens_ticket: true,
    };

    pub(super) const fn ask_after(&self, about: About) -> bool {
        match about {
            About::Order(_) => self.after_orders,
            About::Booking(_) => self.after_bookings,
        }
    }

    fn check(&self) -> Result<(), FeedbackError> {
        let mut violations = Violations::default();
        violations.unless(
            (0..=MAX_DELAY_HOURS).contains(&self.delay_hours),
            "/delay_hours",
            "out_of_range",
            format!("must be 0 to {MAX_DELAY_HOURS}"),
        );
        if let Some(template) = &self.template {
            violations.text("/template", template, 1, TEMPLATE_LIMIT);
        }
        Ok(violations.end()?)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = FeedbackSettingsNow)]
pub struct SettingsView {
    #[serde(flatten)]
    pub settings: Settings,
    /// `null`: nobody has set them yet.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub updated_at: Option<Timestamp>,
    /// For the ETag.
    #[serde(skip)]
    pub version: i64,
}

pub async fn settings(work: &mut Work) -> Result<SettingsView, sqlx::Error> {
    let found = store::settings::get(work).await?;
    Ok(found.unwrap_or(SettingsView {
        settings: Settings::OFF,
        updated_at: None,
        version: 1,
    }))
}

/// Locks the settings until the transaction ends.
pub async fn lock_settings(work: &mut Work) -> Result<SettingsView, sqlx::Error> {
    store::settings::lock(work).await
}

/// Replaces locked settings. They hold for what is delivered from now on.
pub async fn set_settings(
    work: &mut Work,
    before: &SettingsView,
    new: &Settings,
) -> Result<SettingsView, FeedbackError> {
    new.check()?;
    store::settings::set(work, new).await?;
    let (action, subject) = (
        "feedback.set_settings",
        ("feedback_settings", work.workspace().uuid()),
    );
    work.audit(&Change::updated(action, subject, &before.settings, new))
        .await?;
    Ok(settings(work).await?)
}
