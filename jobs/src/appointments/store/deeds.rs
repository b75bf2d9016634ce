//! SQL of the audiences: who has bookings.

use kazi_platform::Timestamp;
use sqlx::{Postgres, QueryBuilder};

use crate::{
    appointments::OfferingId,
    contacts::{BookedState, Deed, id_of},
};

pub fn push(
    sql: &mut QueryBuilder<Postgres>,
    deed: &Deed,
    now: Timestamp,
    of_contact: &str,
) -> Result<bool, &'static str> {
    let Deed::Booked {
        state,
        times,
        offering_id,
    } = deed
    else {
        return Ok(false);
    };
    let offering: Option<OfferingId> = id_of(offering_id.as_deref(), "offering_id")?;
    sql.push(
        "SELECT d.contact_id FROM bookings d WHERE d.workspace_id = current_workspace() AND d.status",
    );
    match state {
        BookedState::Coming => sql
            .push(" IN ('booked', 'confirmed') AND d.starts_at > ")
            .push_bind(now),
        BookedState::Came => sql.push(" = 'completed'"),
        BookedState::NoShow => sql.push(" = 'no_show'"),
        BookedState::Cancelled => sql.push(" = 'cancelled'"),
    };
    if let Some(since) = times.since(now) {
        sql.push(" AND d.starts_at >= ").push_bind(since);
    }
    if let Some(offering) = offering {
        sql.push(" AND d.offering_id = ").push_bind(offering.uuid());
    }
    sql.push(of_contact);
    times.push_count(sql, false);
    Ok(true)
}
