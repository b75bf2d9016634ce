//! SQL of the audiences: what contacts did. Each domain offers the SQL of its own tables.

use kazi_platform::Timestamp;
use sqlx::{Postgres, QueryBuilder};

use crate::{
    contacts::{Deed, Times},
    domain::offers,
};

/// A domain's SQL for deeds. The function pushes nothing and returns `Ok(false)` when the deed is another domain's.
/// Otherwise it pushes a SELECT of `d.contact_id`. It ends the WHERE part with `of_contact`, which is empty or narrows the
/// rows to one contact.
///
/// # Errors
/// An id has another form: the name of the field.
#[derive(Clone, Copy)]
pub(crate) struct Deeds {
    pub push: PushDeed,
}

type PushDeed =
    fn(&mut QueryBuilder<Postgres>, &Deed, Timestamp, &str) -> Result<bool, &'static str>;

/// Says whether a domain takes the deed.
///
/// # Errors
/// The name of the field that has another form.
pub fn check(deed: &Deed, now: Timestamp) -> Result<(), &'static str> {
    pushed(&mut QueryBuilder::new(""), deed, now, "")
}

/// Pushes the SELECT of the contacts who did it.
pub(super) fn push(
    sql: &mut QueryBuilder<Postgres>,
    deed: &Deed,
    now: Timestamp,
    of_contact: &str,
) {
    if pushed(sql, deed, now, of_contact).is_err() {
        // It was checked before it was stored. If it says nothing all the same, it must not hold for everybody.
        sql.push("SELECT NULL::uuid WHERE false");
    }
}

fn pushed(
    sql: &mut QueryBuilder<Postgres>,
    deed: &Deed,
    now: Timestamp,
    of_contact: &str,
) -> Result<(), &'static str> {
    for deeds in offers::<Deeds>() {
        if (deeds.push)(sql, deed, now, of_contact)? {
            return Ok(());
        }
    }
    Err("kind")
}

impl Times {
    /// Pushes the GROUP BY that counts, unless once is enough and the caller has no `more` conditions on the group.
    pub(crate) fn push_count(&self, sql: &mut QueryBuilder<Postgres>, more: bool) {
        if self.least() == 1 && self.at_most.is_none() && !more {
            return;
        }
        sql.push(" GROUP BY d.contact_id HAVING count(*) >= ")
            .push_bind(i64::from(self.least()));
        if let Some(most) = self.at_most {
            sql.push(" AND count(*) <= ").push_bind(i64::from(most));
        }
    }
}
