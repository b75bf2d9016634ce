//! The figures of all businesses together, by service, for the platform's staff. They are sums of days alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kazi_platform::WorkspaceId;
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{
    AnalyticsError, Money, Period,
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
    /// Workspaces that used it.
    pub workspaces: i64,
    /// Contacts who wrote. Known of `conversations` alone.
    pub active_customers: i64,
    pub messages_in: i64,
    pub messages_out: i64,
    pub orders: i64,
    pub bookings: i64,
    /// The money that came, less what went back.
    pub revenue: Vec<Money>,
    pub ai_calls: i64,
    /// Millionths of a US dollar.
    pub ai_cost_micro: i64,
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

/// The figures of the period that holds `day`, up to this day; without a day, today in UTC.
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
    let (span, _) = Span::compared(period, day);
    read(across.conn(), period, span).await
}

async fn read(
    conn: &mut PgConnection,
    period: Period,
    span: Span,
) -> Result<Vec<ServiceFigures>, AnalyticsError> {
    let mut all: BTreeMap<Service, ServiceFigures> = BTreeMap::new();
    for service in Service::ALL {
        let none = ServiceFigures {
            service,
            period,
            from: span.from,
            until: span.until,
            workspaces: 0,
            active_customers: 0,
            messages_in: 0,
            messages_out: 0,
            orders: 0,
            bookings: 0,
            revenue: Vec::new(),
            ai_calls: 0,
            ai_cost_micro: 0,
        };
        all.insert(service, none);
    }
    let mut users: BTreeSet<(Service, WorkspaceId)> = BTreeSet::new();
    let mut revenue: BTreeMap<String, i64> = BTreeMap::new();
    for row in store::of_all(&mut *conn, span).await? {
        let Some((service, part)) = place(period, &row) else {
            continue;
        };
        users.insert((service, row.workspace));
        let Some(of) = all.get_mut(&service) else {
            continue;
        };
        match part {
            Part::Active => of.active_customers += row.count,
            Part::In => of.messages_in += row.count,
            Part::Out => of.messages_out += row.count,
            Part::Orders => of.orders += row.count,
            Part::Bookings => of.bookings += row.count,
            Part::Revenue => *revenue.entry(row.label).or_default() += row.amount,
        }
    }
    for cost in ai::cost_of_all(conn, span.from, span.until).await? {
        let service = match cost.purpose.as_str() {
            "summary" => Service::News,
            _ => Service::Assistant,
        };
        users.insert((service, cost.workspace));
        if let Some(of) = all.get_mut(&service) {
            of.ai_calls += cost.calls;
            of.ai_cost_micro += cost.cost_micro;
        }
    }
    if let Some(of) = all.get_mut(&Service::Payments) {
        let money = |(currency, minor)| Money { currency, minor };
        of.revenue = revenue.into_iter().map(money).collect();
    }
    for (service, _) in users {
        if let Some(of) = all.get_mut(&service) {
            of.workspaces += 1;
        }
    }
    Ok(all.into_values().collect())
}
