//! Values that the database has encrypted, such as the tokens of channels. Each domain with such values offers a
//! [`Sealed`] in its `DOMAIN`, so that a new data key reaches all of them.

use kazi_platform::crypto::{CryptoError, Keyring};
use uuid::Uuid;

use crate::{
    Work,
    domain::{Future, offers},
};

type All = for<'a> fn(&'a mut Work) -> Future<'a, Result<Vec<(Uuid, Vec<u8>)>, sqlx::Error>>;
type Replace = for<'a> fn(&'a mut Work, Uuid, Vec<u8>) -> Future<'a, Result<(), sqlx::Error>>;

/// A column with encrypted values.
#[derive(Clone, Copy)]
pub(crate) struct Sealed {
    /// The place that the value of a row is bound to.
    pub place: fn(Uuid) -> String,
    /// Locks the workspace's rows that have a value, and returns their ids and values.
    pub all: All,
    pub replace: Replace,
}

/// Seals all values of a workspace again, with its newest data key. Returns their number.
///
/// # Errors
/// `DoesNotOpen`: a stored value was sealed by a key that is not known here.
pub async fn reseal(work: &mut Work, keyring: &Keyring) -> Result<usize, CryptoError> {
    let workspace = work.workspace();
    let mut resealed = 0;
    for column in offers::<Sealed>() {
        for (id, old) in (column.all)(work).await? {
            let place = (column.place)(id);
            let plain = keyring.open(work.conn(), workspace, &place, &old).await?;
            let new = keyring.seal(work.conn(), workspace, &place, &plain).await?;
            (column.replace)(work, id, new).await?;
            resealed += 1;
        }
    }
    Ok(resealed)
}
