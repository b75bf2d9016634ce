//! What has happened last in a business.

use kazi_platform::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::AnalyticsError;
use crate::{
    Work, catalog,
    contacts::{self, ContactFilter, Sort},
    orders, payments,
    support::{self, TicketFilter},
};

kazi_platform::texts! {
    /// What has happened.
    pub enum ActivityKind {
        /// A contact is new.
        Contact = "contact",
        /// A product was added.
        Product = "product",
        /// An order was placed.
        Order = "order",
        /// A payment was asked for.
        Payment = "payment",
        /// A ticket was opened.
        Ticket = "ticket",
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Activity {
    pub kind: ActivityKind,
    /// The id of what it is about.
    #[schema(example = "ord_0190a5b2c3d4e5f60718293a4b5c6d7e")]
    pub subject_id: String,
    /// A name, a number or a subject, for a person. Empty when there is none.
    #[schema(example = "12")]
    pub title: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// The newest of all kinds, newest first.
pub async fn recent(work: &mut Work, limit: i64) -> Result<Vec<Activity>, AnalyticsError> {
    let mut all = Vec::new();
    let mut add = |kind, subject_id: String, title: String, at| {
        all.push(Activity {
            kind,
            subject_id,
            title,
            at,
        });
    };
    let filter = ContactFilter::default();
    for one in contacts::list(work, &filter, Sort::CreatedDown, None, limit).await? {
        let title = one.name.unwrap_or_default();
        add(
            ActivityKind::Contact,
            one.id.to_string(),
            title,
            one.created_at,
        );
    }
    for one in catalog::products(work, &Default::default(), None, limit).await? {
        add(
            ActivityKind::Product,
            one.id.to_string(),
            one.sku,
            one.created_at,
        );
    }
    for one in orders::orders(work, &Default::default(), None, limit).await? {
        add(
            ActivityKind::Order,
            one.id.to_string(),
            one.number.to_string(),
            one.created_at,
        );
    }
    for one in payments::payments(work, &Default::default(), None, None, limit).await? {
        add(
            ActivityKind::Payment,
            one.id.to_string(),
            one.description,
            one.created_at,
        );
    }
    for one in support::tickets(work, &TicketFilter::default(), None, limit).await? {
        add(
            ActivityKind::Ticket,
            one.id.to_string(),
            one.subject,
            one.created_at,
        );
    }
    all.sort_by(|a, b| {
        b.at.cmp(&a.at)
            .then_with(|| b.subject_id.cmp(&a.subject_id))
    });
    all.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(all)
}
