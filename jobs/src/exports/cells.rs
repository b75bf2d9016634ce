//! The columns of each list, and the cells of its rows. Columns have the names of the API's fields.

use std::collections::HashMap;

use kazi_platform::{Money, Phone};
use serde_json::Value;

use super::table::Cell;
use crate::{
    Work,
    appointments::{self, Booking},
    campaigns::{self, Campaign},
    contacts::{self, Contact, ContactId, ContactView, Field},
    feedback::Feedback,
    messages::Written,
    orders::OrderView,
    payments::PaymentView,
};

/// Offerings and staff whose names are shown; for others their ids stand alone.
const NAMES: i64 = 10_000;

/// The columns before the custom fields. An import knows them by these names.
pub const CONTACT: [&str; 11] = [
    "id",
    "name",
    "phone",
    "email",
    "language",
    "country",
    "tags",
    "marketing",
    "blocked",
    "last_activity_at",
    "created_at",
];
pub const ORDER: [&str; 16] = [
    "number",
    "status",
    "customer",
    "phone",
    "items",
    "currency",
    "total",
    "note",
    "created_at",
    "paid_at",
    "fulfilled_at",
    "shipped_at",
    "delivered_at",
    "ended_at",
    "id",
    "contact_id",
];
pub const PAYMENT: [&str; 19] = [
    "id",
    "status",
    "customer",
    "phone",
    "description",
    "currency",
    "amount",
    "received_currency",
    "received",
    "refunded",
    "created_at",
    "paid_at",
    "expires_at",
    "subject_kind",
    "subject_id",
    "session_id",
    "intent_id",
    "error",
    "contact_id",
];
pub const MESSAGE: [&str; 18] = [
    "created_at",
    "direction",
    "customer",
    "phone",
    "text",
    "kind",
    "cause",
    "status",
    "sent_at",
    "delivered_at",
    "read_at",
    "failed_at",
    "error",
    "id",
    "contact_id",
    "conversation_id",
    "channel_id",
    "campaign_id",
];
pub const BOOKING: [&str; 16] = [
    "starts_at",
    "ends_at",
    "status",
    "customer",
    "phone",
    "offering",
    "provider",
    "currency",
    "price",
    "note",
    "unreachable",
    "created_at",
    "id",
    "contact_id",
    "offering_id",
    "provider_id",
];
pub const CAMPAIGN: [&str; 24] = [
    "name",
    "status",
    "category",
    "contacts",
    "recipients",
    "left_out",
    "sent",
    "delivered",
    "read",
    "failed",
    "replied",
    "clicked",
    "clicks",
    "opted_out",
    "converted",
    "conversions",
    "revenue",
    "scheduled_at",
    "planned_at",
    "started_at",
    "finished_at",
    "created_at",
    "id",
    "channel_id",
];
pub const FEEDBACK: [&str; 14] = [
    "created_at",
    "status",
    "customer",
    "phone",
    "score",
    "comment",
    "reason",
    "scored_at",
    "given_at",
    "id",
    "contact_id",
    "order_id",
    "booking_id",
    "ticket_id",
];

/// What the staff and the offerings are called.
#[derive(Default)]
pub struct Names {
    staff: HashMap<appointments::StaffId, String>,
    offerings: HashMap<appointments::OfferingId, String>,
}

impl Names {
    pub async fn read(work: &mut Work) -> Result<Self, sqlx::Error> {
        let staff = appointments::all_staff(work, None, None, NAMES).await?;
        let offerings = appointments::offerings(work, None, None, NAMES).await?;
        let name = |offering: appointments::Offering| {
            let name = offering.names.0.into_values().next().unwrap_or_default();
            (offering.id, name)
        };
        Ok(Self {
            staff: staff.into_iter().map(|one| (one.id, one.name)).collect(),
            offerings: offerings.into_iter().map(name).collect(),
        })
    }
}

/// The names and phones of the contacts of a page.
pub struct People(HashMap<ContactId, Contact>);

impl People {
    pub async fn of(
        work: &mut Work,
        ids: impl Iterator<Item = ContactId>,
    ) -> Result<Self, sqlx::Error> {
        let mut ids: Vec<ContactId> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        contacts::get_all(work, &ids).await.map(Self)
    }

    pub fn name(&self, id: ContactId) -> Cell {
        Cell::text(self.0.get(&id).and_then(|one| one.name.clone()))
    }

    fn phone(&self, id: ContactId) -> Cell {
        phone(self.0.get(&id).and_then(|one| one.phone.as_ref()))
    }
}

fn phone(phone: Option<&Phone>) -> Cell {
    phone.map_or(Cell::Empty, |phone| Cell::plain(phone.as_str()))
}

pub fn id(id: Option<impl ToString>) -> Cell {
    id.map_or(Cell::Empty, Cell::plain)
}

pub fn contact(row: &ContactView, fields: &[Field]) -> Vec<Cell> {
    let known = [
        Cell::plain(row.id),
        Cell::text(row.name.clone()),
        phone(row.phone.as_ref()),
        Cell::text(row.email.clone()),
        Cell::text(row.language.clone()),
        Cell::text(row.country.clone()),
        Cell::Text(row.tags.join("; ")),
        row.marketing.map_or(Cell::Empty, Cell::Bool),
        Cell::Bool(row.blocked_at.is_some()),
        Cell::time(row.last_activity_at),
        Cell::time(row.created_at),
    ];
    let custom = fields
        .iter()
        .map(|field| match row.attributes.get(&field.key) {
            None | Some(Value::Null) => Cell::Empty,
            Some(Value::String(text)) => Cell::Text(text.clone()),
            Some(Value::Bool(is)) => Cell::Bool(*is),
            Some(other) => Cell::plain(other),
        });
    known.into_iter().chain(custom).collect()
}

pub fn order(row: OrderView, who: &People) -> Vec<Cell> {
    let items = row
        .items
        .iter()
        .map(|item| format!("{} × {}", item.quantity, item.name));
    let cells: [Cell; ORDER.len()] = [
        Cell::Number(row.number),
        Cell::plain(row.status.name()),
        who.name(row.contact_id),
        who.phone(row.contact_id),
        Cell::Text(items.collect::<Vec<_>>().join("; ")),
        Cell::plain(&row.currency),
        Cell::amount(row.total_minor, Some(&row.currency)),
        Cell::Text(row.note),
        Cell::time(row.created_at),
        Cell::time(row.paid_at),
        Cell::time(row.fulfilled_at),
        Cell::time(row.shipped_at),
        Cell::time(row.delivered_at),
        Cell::time(row.ended_at),
        Cell::plain(row.id),
        Cell::plain(row.contact_id),
    ];
    cells.into()
}

pub fn payment(row: PaymentView, who: &People) -> Vec<Cell> {
    // Nothing has come: there is no other currency.
    let received = row.received_currency.as_deref().unwrap_or(&row.currency);
    let cells: [Cell; PAYMENT.len()] = [
        Cell::plain(row.id),
        Cell::plain(&row.status),
        who.name(row.contact_id),
        who.phone(row.contact_id),
        Cell::Text(row.description),
        Cell::plain(&row.currency),
        Cell::amount(row.amount_minor, Some(&row.currency)),
        Cell::plain(received),
        Cell::amount(row.received_minor, Some(received)),
        Cell::amount(row.refunded_minor, Some(received)),
        Cell::time(row.created_at),
        Cell::time(row.paid_at),
        Cell::time(row.expires_at),
        Cell::plain(&row.subject_kind),
        Cell::plain(&row.subject_id),
        Cell::text(row.session_id),
        Cell::text(row.intent_id),
        Cell::text(row.error),
        Cell::plain(row.contact_id),
    ];
    cells.into()
}

pub fn message(row: Written, who: &People) -> Vec<Cell> {
    let cells: [Cell; MESSAGE.len()] = [
        Cell::time(row.created_at),
        Cell::plain(&row.direction),
        who.name(row.contact_id),
        who.phone(row.contact_id),
        Cell::Text(row.text),
        Cell::text(row.kind),
        Cell::plain(&row.cause),
        Cell::plain(&row.status),
        Cell::time(row.sent_at),
        Cell::time(row.delivered_at),
        Cell::time(row.read_at),
        Cell::time(row.failed_at),
        Cell::text(row.error_detail),
        Cell::plain(row.id),
        Cell::plain(row.contact_id),
        Cell::plain(row.conversation_id),
        Cell::plain(row.channel_id),
        id(row.campaign_id),
    ];
    cells.into()
}

pub fn booking(row: Booking, names: &Names, who: &People) -> Vec<Cell> {
    let cells: [Cell; BOOKING.len()] = [
        Cell::time(row.starts_at),
        Cell::time(row.ends_at),
        Cell::plain(row.status.name()),
        who.name(row.contact_id),
        who.phone(row.contact_id),
        Cell::text(names.offerings.get(&row.offering_id).cloned()),
        Cell::text(names.staff.get(&row.provider_id).cloned()),
        id(row.currency.as_deref()),
        Cell::amount(row.price_minor, row.currency.as_deref()),
        Cell::text(row.note),
        id(row.unreachable),
        Cell::time(row.created_at),
        Cell::plain(row.id),
        Cell::plain(row.contact_id),
        Cell::plain(row.offering_id),
        Cell::plain(row.provider_id),
    ];
    cells.into()
}

pub fn campaign(row: Campaign, funnel: &campaigns::Funnel) -> Vec<Cell> {
    let cells: [Cell; CAMPAIGN.len()] = [
        Cell::Text(row.name),
        Cell::plain(row.status.name()),
        id(row.category.map(|category| category.name())),
        Cell::Number(funnel.contacts),
        Cell::Number(funnel.recipients),
        Cell::Number(funnel.left_out.total),
        Cell::Number(funnel.sent),
        Cell::Number(funnel.delivered),
        Cell::Number(funnel.read),
        Cell::Number(funnel.failed.total),
        Cell::Number(funnel.replied),
        Cell::Number(funnel.clicked),
        Cell::Number(funnel.clicks),
        Cell::Number(funnel.opted_out),
        Cell::Number(funnel.converted),
        Cell::Number(funnel.conversions),
        revenue(&funnel.revenue),
        Cell::time(row.scheduled_at),
        Cell::time(row.planned_at),
        Cell::time(row.started_at),
        Cell::time(row.finished_at),
        Cell::time(row.created_at),
        Cell::plain(row.id),
        Cell::plain(row.channel_id),
    ];
    cells.into()
}

pub fn opinion(row: Feedback, who: &People) -> Vec<Cell> {
    let cells: [Cell; FEEDBACK.len()] = [
        Cell::time(row.created_at),
        Cell::plain(row.status.name()),
        who.name(row.contact_id),
        who.phone(row.contact_id),
        row.score
            .map_or(Cell::Empty, |score| Cell::Number(score.into())),
        Cell::text(row.comment),
        id(row.reason),
        Cell::time(row.scored_at),
        Cell::time(row.given_at),
        Cell::plain(row.id),
        Cell::plain(row.contact_id),
        id(row.order_id),
        id(row.booking_id),
        id(row.ticket_id),
    ];
    cells.into()
}

/// Amounts of several currencies stand beside each other in one cell.
fn revenue(all: &[campaigns::Revenue]) -> Cell {
    let amounts = all.iter().filter_map(|one| {
        let currency = one.currency.parse().ok()?;
        let minor = one.amount_minor;
        Some(Money { minor, currency }.to_string())
    });
    Cell::Text(amounts.collect::<Vec<_>>().join(", "))
}
