//! What became of many automations, day by day. Clicks, orders and opt-outs do not count for automations.

use chrono_tz::Tz;

use super::{AutomationId, store::course as store};
use crate::{
    Work,
    campaigns::{self, Course, CourseDay},
};

/// The days of some automations on which something happened. Messages cost what the workspace's prices say now.
pub async fn course(
    work: &mut Work,
    automations: &[AutomationId],
    zone: Tz,
) -> Result<Vec<CourseDay>, sqlx::Error> {
    if automations.is_empty() {
        return Ok(Vec::new());
    }
    let prices = campaigns::prices(work).await?;
    let mut course = Course::default();
    for row in store::messages(work, automations, zone).await? {
        course.add(&row, campaigns::price_now(&prices, &row));
    }
    Ok(course.into_days())
}
