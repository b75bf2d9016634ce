//! The figures of all businesses together, by service, for the platform's staff. They are sums of days alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kazi_platform::WorkspaceId;
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{
    AnalyticsError, Compared, Period, Revenue,
    period::Span,
    store::{self, OfAll},
};
use crate::{Across, ai, violations::invalid};

kazi_platform::texts! {
    /// A part of the product, as the staff looks at it.
    pub enum Service as "PlatformService" {
        /// What customers write, and the bot's and the members' answers.
        Conversations = "conversations",
        /// Answers of models.
        Assistant = "assistant",
        Campaigns = "campaigns",
        News = "news",
        Shop = "shop",
        Appointments = "appointments",
        Payments = "payments",
    }
}

/// The figures of a service. A figure that the service does not have is 0.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServiceOverview)]
pub struct ServiceFigures {
    pub service: Service,
    pub period: Period,
    /// The first day, on the clocks of each business.
    #[schema(value_type = String, format = Date)]
    pub from: NaiveDate,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub until: NaiveDate,
    /// The first day that the figures are compared with.
    #[schema(value_type = String, format = Date)]
    pub before_from: NaiveDate,
    /// The last day that the figures are compared with.
    #[schema(value_type = String, format = Date)]
    pub before_until: NaiveDate,
    /// Workspaces that used it.
    pub workspaces: Compared,
    /// Contacts who wrote. Known of `conversations` alone.
    pub active_customers: Compared,
    pub messages_in: Compared,
    pub messages_out: Compared,
    pub orders: Compared,
    pub bookings: Compared,
    /// The money that came, less what went back.
    pub revenue: Vec<Revenue>,
    pub ai_calls: Compared,
    /// Millionths of a US dollar.
    pub ai_cost_micro: Compared,
}

/// What a service has in some days.
#[derive(Default)]
struct Sums {
    workspaces: BTreeSet<WorkspaceId>,
    active_customers: i64,
    messages_in: i64,
    messages_out: i64,
    orders: i64,
    bookings: i64,
    revenue: BTreeMap<String, i64>,
    ai_calls: i64,
    ai_cost_micro: i64,
}

/// The service of a figure, and what it counts there.
fn place(period: Period, row: &OfAll) -> Option<(Service, Part)> {
    Some(match (row.figure.as_str(), row.label.as_str()) {
        (active, _) if active == period.active() => (Service::Conversations, Part::Active),
        ("messages_in", _) => (Service::Conversations, Part::In),
        ("messages_out", "ai") => (Service::Assistant, Part::Out),
        ("messages_out", "campaign") => (Service::Campaigns, Part::Out),
        ("messages_out", "news") => (Service::News, Part::Out),
        ("messages_out", "order") => (Service::Shop, Part::Out),
        ("messages_out", "reminder") => (Service::Appointments, Part::Out),
        ("messages_out", _) => (Service::Conversations, Part::Out),
        ("orders", _) => (Service::Shop, Part::Orders),
        ("bookings", _) => (Service::Appointments, Part::Bookings),
        ("revenue", _) => (Service::Payments, Part::Revenue),
        _ => return None,
    })
}

enum Part {
    Active,
    In,
    Out,
    Orders,
    Bookings,
    Revenue,
}

/// The figures of the period that holds `day`, up to this day and compared with as many days of the period before. Without a
/// day: today in UTC.
///
/// # Errors
/// The day lies in the future everywhere.
pub async fn of_services(
    across: &mut Across,
    period: Period,
    day: Option<NaiveDate>,
) -> Result<Vec<ServiceFigures>, AnalyticsError> {
    let today = across.now().date_naive();
    let day = day.unwrap_or(today);
    if day > today.succ_opt().unwrap_or(today) {
        let rule = format!("must be {today} or earlier");
        return Err(invalid("/date", ("in_the_future", rule)).into());
    }
    let (span, before) = Span::compared(period, day);
    let mut all = sums(across.conn(), period, span).await?;
    let mut earlier = sums(across.conn(), period, before).await?;
    let services = Service::ALL.iter().map(|service| {
        let now = all.remove(service).unwrap_or_default();
        let then = earlier.remove(service).unwrap_or_default();
        let count = |of: fn(&Sums) -> i64| Compared::new(of(&now), of(&then));
        ServiceFigures {
            service: *service,
            period,
            from: span.from,
            until: span.until,
            before_from: before.from,
            before_until: before.until,
            workspaces: count(|of| i64::try_from(of.workspaces.len()).unwrap_or(i64::MAX)),
            active_customers: count(|of| of.active_customers),
            messages_in: count(|of| of.messages_in),
            messages_out: count(|of| of.messages_out),
            orders: count(|of| of.orders),
            bookings: count(|of| of.bookings),
            revenue: Revenue::compared(&now.revenue, &then.revenue),
            ai_calls: count(|of| of.ai_calls),
            ai_cost_micro: count(|of| of.ai_cost_micro),
        }
    });
    Ok(services.collect())
}

async fn sums(
    conn: &mut PgConnection,
    period: Period,
    span: Span,
) -> Result<BTreeMap<Service, Sums>, sqlx::Error> {
    let mut all: BTreeMap<Service, Sums> = BTreeMap::new();
    for row in store::of_all(&mut *conn, span).await? {
        let Some((service, part)) = place(period, &row) else {
            continue;
        };
        let of = all.entry(service).or_default();
        of.workspaces.insert(row.workspace);
        match part {
            Part::Active => of.active_customers += row.count,
            Part::In => of.messages_in += row.count,
            Part::Out => of.messages_out += row.count,
            Part::Orders => of.orders += row.count,
            Part::Bookings => of.bookings += row.count,
            Part::Revenue => *of.revenue.entry(row.label).or_default() += row.amount,
        }
    }
    for cost in ai::cost_of_all(conn, span.from, span.until).await? {
        let service = match cost.purpose.as_str() {
            "summary" => Service::News,
            _ => Service::Assistant,
        };
        let of = all.entry(service).or_default();
        of.workspaces.insert(cost.workspace);
        of.ai_calls += cost.calls;
        of.ai_cost_micro += cost.cost_micro;
    }
    Ok(all)
}
