//! Pages of lists, by key: the next page begins after the last row of this page, even when rows were added meanwhile.

use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::request::Parts,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use kazi_platform::crypto::{CryptoError, Keyring};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;
use utoipa::{IntoParams, ToSchema};

use super::{Shared, extract};
use crate::problem::Problem;

const DEFAULT: i64 = 50;
const MOST: i64 = 200;
/// Bytes of a cursor's signature.
const TAG: usize = 16;

#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// In the list's order.
    pub items: Vec<T>,
    /// The `cursor` of the next page. `null` on the last page.
    pub next_cursor: Option<String>,
}

/// A short list, as a whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct Whole<T> {
    /// In the list's order.
    pub items: Vec<T>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Rows of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
    /// The `next_cursor` of the previous page.
    #[param(min_length = 22, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoFilter {}

/// The query of a list: its filters, and the beginning of the page. `K` is the key that orders the rows.
pub struct List<F, K> {
    /// The filters, besides [`Paging`].
    pub filter: F,
    /// The last row of the previous page.
    pub after: Option<K>,
    limit: i64,
    route: String,
    api: Shared,
}

impl<F, K: Serialize> List<F, K> {
    /// The number of rows to read: one more than a page has, to know whether there is a next page.
    pub const fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// Makes a page of the rows that were read.
    pub fn page<T>(&self, rows: Vec<T>, key: impl FnOnce(&T) -> K) -> Result<Page<T>, Problem> {
        self.page_down_to(rows, key, None)
    }

    /// The same for a list that does not always look to its end: the next page begins after `looked_to`, if this one has
    /// all rows above it.
    pub fn page_down_to<T>(
        &self,
        mut rows: Vec<T>,
        key: impl FnOnce(&T) -> K,
        looked_to: Option<K>,
    ) -> Result<Page<T>, Problem> {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more).map(key).or(looked_to);
        let next_cursor = last.map(|key| self.api.cursors.write(&self.route, &key));
        Ok(Page {
            items: rows,
            next_cursor: next_cursor.transpose()?,
        })
    }
}

impl<F: DeserializeOwned, K: DeserializeOwned> FromRequestParts<Shared> for List<F, K> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let (paging, filter): (Vec<_>, Vec<_>) = extract::pairs(parts)?
            .into_iter()
            .partition(|(key, _)| key == "limit" || key == "cursor");
        let paging: Paging = extract::from_pairs(&paging)?;
        let limit = limit(paging.limit, DEFAULT, MOST)?;
        let route = parts.extensions.get::<MatchedPath>();
        let route = route.map_or("", MatchedPath::as_str).to_owned();
        let after = paging
            .cursor
            .map(|cursor| {
                api.cursors.read(&route, &cursor).ok_or_else(|| {
                    Problem::field(
                        "/cursor",
                        "invalid",
                        "must be the next_cursor of a page of this list",
                    )
                })
            })
            .transpose()?;
        Ok(Self {
            filter: extract::from_pairs(&filter)?,
            after,
            limit,
            route,
            api: api.clone(),
        })
    }
}

/// The `limit` of a query, or its default.
pub fn limit(asked: Option<i64>, default: i64, most: i64) -> Result<i64, Problem> {
    let limit = asked.unwrap_or(default);
    if (1..=most).contains(&limit) {
        Ok(limit)
    } else {
        let rule = format!("must be 1 to {most}");
        Err(Problem::field("/limit", "out_of_range", rule))
    }
}

/// Characters of a search.
const SEARCH_LIMIT: usize = 200;

/// Checks the words `q` of a search.
pub fn words(q: &str) -> Result<(), Problem> {
    if q.trim().is_empty() || q.chars().count() > SEARCH_LIMIT {
        let rule = format!("must have 1 to {SEARCH_LIMIT} characters");
        return Err(Problem::field("/q", "length", rule));
    }
    Ok(())
}

/// Signs cursors and links, each for its route, so that callers cannot make them up.
pub struct Cursors(Vec<Hmac<Sha256>>);

impl Cursors {
    pub fn new(keyring: &Keyring) -> Result<Self, CryptoError> {
        let mac = |key: &[u8; 32]| Hmac::new_from_slice(key).map_err(|_| CryptoError::MasterKey);
        let keys = keyring.derive("cursors");
        keys.iter().map(mac).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn write(&self, route: &str, key: &impl Serialize) -> Result<String, Problem> {
        let json = serde_json::to_vec(key).map_err(Problem::internal)?;
        let mac = self.0.first().ok_or_else(|| Problem::internal("no keys"))?;
        let tag = proven(mac, route, &json).finalize().into_bytes();
        Ok(URL_SAFE_NO_PAD.encode([&tag[..TAG], &json].concat()))
    }

    pub(super) fn read<K: DeserializeOwned>(&self, route: &str, cursor: &str) -> Option<K> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (tag, json) = bytes.split_at_checked(TAG)?;
        let good = |mac| proven(mac, route, json).verify_truncated_left(tag).is_ok();
        self.0.iter().any(good).then_some(())?;
        serde_json::from_slice(json).ok()
    }
}

fn proven(mac: &Hmac<Sha256>, route: &str, json: &[u8]) -> Hmac<Sha256> {
    mac.clone()
        .chain_update(route)
        .chain_update([0])
        .chain_update(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_list_and_as_it_was_written() {
        let cursors = Cursors::new(&Keyring::new(&Keyring::generate_master()).unwrap()).unwrap();
        let cursor = cursors.write("/a", &("x", 7)).unwrap();
        assert_eq!(cursors.read("/a", &cursor), Some(("x".to_owned(), 7)));
        let read = |route: &str, cursor: &str| cursors.read::<(String, i64)>(route, cursor);
        assert_eq!(read("/b", &cursor), None);
        let forged = URL_SAFE_NO_PAD.encode([&[0; TAG][..], br#"["x",8]"#].concat());
        for wrong in ["", "A", "é", &cursor[1..], &format!("{cursor}AA"), &forged] {
            assert_eq!(read("/a", wrong), None, "{wrong}");
        }
    }
}
