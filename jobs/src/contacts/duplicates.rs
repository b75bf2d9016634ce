//! Finds contacts that may be one person.

use crate::Work;

use super::{ContactError, ContactId, ContactView, records, store};

/// Candidates in an answer at most.
const MAX_DUPLICATES: i64 = 20;

/// Contacts that may be the same person: with the same e-mail address or name, or the same last nine digits of the phone.
pub async fn duplicates(work: &mut Work, id: ContactId) -> Result<Vec<ContactView>, ContactError> {
    let contact = records::view(work, id).await?;
    Ok(store::merging::duplicates(work.conn(), &contact, MAX_DUPLICATES).await?)
}
