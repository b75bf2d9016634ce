//! Reads the figures of a business.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    AnalyticsError, Best, BestContact, BestOrder, BestProduct, Compared, DayFigures, Money,
    Overview, Period, ResponseTimes, Revenue, Stats, fold,
    period::Span,
    store::{self, Figure},
};
use crate::{
    Work, ai, catalog,
    contacts::{self, ContactError, ContactId},
    orders,
    payments::OrderId,
    violations::invalid,
    workspaces::{self, WorkspaceView},
};

/// The most days of an overview.
const MAX_DAYS: i64 = 366;

/// The business and its day, after its differences are added up.
async fn business(work: &mut Work) -> Result<(WorkspaceView, NaiveDate), AnalyticsError> {
    let business = workspaces::view(work).await?;
    fold::some_first(work).await?;
    let today = workspaces::today(work).await?;
    Ok((business, today))
}

/// The figures of the period that holds `day`, up to this day and compared with as many days of the period before.
/// Without a day: today.
///
/// # Errors
/// The day lies in the future.
pub async fn stats(
    work: &mut Work,
    period: Period,
    day: Option<NaiveDate>,
) -> Result<Stats, AnalyticsError> {
    let (business, today) = business(work).await?;
    let day = day.unwrap_or(today);
    if day > today {
        let rule = format!(
            "must be {today} or earlier: that is today in {}",
            business.time_zone
        );
        return Err(invalid("/date", ("in_the_future", rule)).into());
    }
    let (now, before) = Span::compared(period, day);
    let figures = store::sums(work, now).await?;
    let earlier = store::sums(work, before).await?;
    let count = |name: &str| Compared::new(total(&figures, name), total(&earlier, name));
    let (ai, ai_before) = (models(work, now).await?, models(work, before).await?);
    let mut revenue = Revenue::compared(&money(&figures), &money(&earlier));
    // The workspace's own currency first.
    revenue.sort_by_key(|one| one.currency != business.currency);
    Ok(Stats {
        period,
        from: now.from,
        until: now.until,
        before_from: before.from,
        before_until: before.until,
        active_contacts: count(period.active()),
        new_contacts: count("contacts"),
        conversations: count("conversations"),
        messages_in: count("messages_in"),
        messages_out: count("messages_out"),
        orders: count("orders"),
        pending_orders: orders::count_unpaid(work).await?,
        bookings: count("bookings"),
        ai_calls: Compared::new(ai.count, ai_before.count),
        ai_cost_micro: Compared::new(ai.amount, ai_before.amount),
        revenue,
        best: best(work, &business, period, now).await?,
        time_zone: business.time_zone,
    })
}

/// The money by currency.
fn money(all: &BTreeMap<(String, String), Figure>) -> BTreeMap<String, i64> {
    all.iter()
        .filter(|((figure, _), _)| figure == "revenue")
        .map(|((_, currency), figure)| (currency.clone(), figure.amount))
        .collect()
}

fn total(all: &BTreeMap<(String, String), Figure>, name: &str) -> i64 {
    all.iter()
        .filter(|((figure, _), _)| figure == name)
        .map(|(_, figure)| figure.count)
        .sum()
}

/// The calls of models and their cost. The domain of AI counts them.
async fn models(work: &mut Work, span: Span) -> Result<Figure, sqlx::Error> {
    let mut all = Figure::default();
    for day in ai::cost_by_day(work, span.from, span.until).await? {
        all += Figure {
            count: day.calls,
            amount: day.cost_micro,
        };
    }
    Ok(all)
}

async fn best(
    work: &mut Work,
    business: &WorkspaceView,
    period: Period,
    span: Span,
) -> Result<Best, AnalyticsError> {
    let currency = business.currency.as_str();
    let at = (period, span.from);
    let money = |minor: i64| Money {
        currency: currency.to_owned(),
        minor,
    };
    let mut best = Best::default();
    if let Some((id, figure)) = store::best(work, "sold_product", at, currency).await? {
        let language = business.default_language.as_str();
        let product = catalog::product(work, id.into(), language, language).await?;
        let (name, image_url) = product
            .map(|product| (product.name, product.image_url))
            .unzip();
        best.product = Some(BestProduct {
            product_id: id.into(),
            name,
            image_url: image_url.flatten(),
            sold: figure.count,
            revenue: money(figure.amount),
        });
    }
    if let Some((id, figure)) = store::best(work, "sold_contact", at, currency).await? {
        best.contact = Some(BestContact {
            contact_id: id.into(),
            name: name_of(work, id.into()).await?,
            orders: figure.count,
            spent: money(figure.amount),
        });
    }
    if let Some(id) = store::best_order(work, span, currency).await?
        && let Some(order) = orders::order(work, OrderId::from(id)).await?
    {
        best.order = Some(BestOrder {
            order_id: order.id,
            number: order.number,
            contact_id: order.contact_id,
            contact_name: name_of(work, order.contact_id).await?,
            total: money(order.total_minor),
        });
    }
    Ok(best)
}

/// The name of a contact who may be deleted.
async fn name_of(work: &mut Work, contact: ContactId) -> Result<Option<String>, AnalyticsError> {
    match contacts::view(work, contact).await {
        Ok(contact) => Ok(contact.name),
        Err(ContactError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The figures of each day from the first day to the last one. Without days: the last 30.
///
/// # Errors
/// The days are in the wrong order, more than 366, or in the future.
pub async fn overview(
    work: &mut Work,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> Result<Overview, AnalyticsError> {
    let (business, today) = business(work).await?;
    let until = until.unwrap_or(today);
    let from = from.unwrap_or_else(|| {
        until
            .checked_sub_days(chrono::Days::new(29))
            .unwrap_or(until)
    });
    let span = Span { from, until };
    if until > today {
        let rule = format!(
            "must be {today} or earlier: that is today in {}",
            business.time_zone
        );
        return Err(invalid("/until", ("in_the_future", rule)).into());
    }
    if !(1..=MAX_DAYS).contains(&span.length()) {
        let rule = format!(
            "must be a day from 0 to {} days before {until}",
            MAX_DAYS - 1
        );
        return Err(invalid("/from", ("out_of_range", rule)).into());
    }
    let mut days: BTreeMap<NaiveDate, DayFigures> = span
        .days()
        .map(|day| (day, DayFigures::none(day)))
        .collect();
    let mut response_times = ResponseTimes::default();
    for row in store::daily(work, span).await? {
        let Some(day) = days.get_mut(&row.day) else {
            continue;
        };
        for times in [&mut response_times, &mut day.response_times] {
            times.add(&row.figure, &row.label, (row.count, row.amount));
        }
        match row.figure.as_str() {
            "active_day" => day.active_contacts += row.count,
            "contacts" => day.new_contacts += row.count,
            "conversations" => day.conversations += row.count,
            "messages_in" => day.messages_in += row.count,
            "messages_out" => day.messages_out += row.count,
            "orders" => day.orders += row.count,
            "bookings" => day.bookings += row.count,
            "revenue" => day.revenue.push(Money {
                currency: row.label,
                minor: row.amount,
            }),
            _ => {}
        }
    }
    for row in ai::cost_by_day(work, span.from, span.until).await? {
        if let Some(day) = days.get_mut(&row.day) {
            (day.ai_calls, day.ai_cost_micro) = (row.calls, row.cost_micro);
        }
    }
    Ok(Overview {
        time_zone: business.time_zone,
        response_times,
        days: days.into_values().collect(),
    })
}
