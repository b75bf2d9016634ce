//! The columns of a campaign's recipients, and the cells of their rows.

use super::{
    cells::{People, id},
    table::Cell,
};
use crate::{campaigns::Recipient, messages::Outcome};

pub const RECIPIENT: [&str; 19] = [
    "customer",
    "phone",
    "country",
    "language",
    "state",
    "reason",
    "status",
    "error",
    "sending_at",
    "delivered_at",
    "read_at",
    "clicked_at",
    "converted_at",
    "converted_by",
    "opted_out_at",
    "contact_id",
    "message_id",
    "part",
    "arm",
];

pub fn recipient(row: Recipient, outcome: Option<&Outcome>, who: &People) -> Vec<Cell> {
    let cells: [Cell; RECIPIENT.len()] = [
        who.name(row.contact_id),
        row.phone.map_or(Cell::Empty, Cell::plain),
        Cell::text(row.country),
        Cell::text(row.language),
        Cell::plain(&row.state),
        Cell::text(row.reason),
        id(outcome.map(|outcome| &outcome.status)),
        id(outcome.and_then(|outcome| outcome.error_code)),
        Cell::time(outcome.and_then(|outcome| outcome.sending_at)),
        Cell::time(outcome.and_then(|outcome| outcome.delivered_at)),
        Cell::time(outcome.and_then(|outcome| outcome.read_at)),
        Cell::time(row.clicked_at),
        Cell::time(row.converted_at),
        Cell::text(row.converted_by),
        Cell::time(row.opted_out_at),
        Cell::plain(row.contact_id),
        id(row.message_id),
        Cell::text(row.part),
        Cell::text(row.arm),
    ];
    cells.into()
}
