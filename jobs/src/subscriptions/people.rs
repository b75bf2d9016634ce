//! The languages of the workspace and the customer, and the time zone of the periods.

use chrono_tz::Tz;
use kazi_platform::Timestamp;

use crate::{
    Work,
    contacts::{self, ContactId},
    workspaces::{self, WorkspaceError},
};

/// The customer's languages and the workspace's time zone.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    /// The customer's language, then the workspace's.
    languages: [String; 2],
    pub zone: Tz,
    /// `false`: the workspace is deleted, and nothing is sent.
    pub there: bool,
}

impl Reader {
    /// Reads them for a contact. It also works for a deleted workspace, whose money may still be on its way.
    pub async fn of(work: &mut Work, contact: ContactId) -> Result<Self, sqlx::Error> {
        let business = match workspaces::view(work).await {
            Ok(business) => Some(business),
            Err(WorkspaceError::Database(error)) => return Err(error),
            Err(_) => None,
        };
        let there = business.is_some();
        let (spoken, zone) = business.map_or_else(
            || ("en".to_owned(), Tz::UTC),
            |business| {
                let zone = business.time_zone.parse().unwrap_or(Tz::UTC);
                (business.default_language, zone)
            },
        );
        let contact = contacts::get(work, contact).await?;
        Ok(Self {
            languages: [contact.language.unwrap_or_else(|| spoken.clone()), spoken],
            zone,
            there,
        })
    }

    /// The customer's language.
    pub fn language(&self) -> &str {
        let [own, _] = &self.languages;
        own
    }

    /// In the order in which they are tried.
    pub fn languages(&self) -> [&str; 2] {
        [&self.languages[0], &self.languages[1]]
    }

    /// The local date in a form that everybody reads alike: 2026-02-28.
    pub fn date(&self, at: Timestamp) -> String {
        at.with_timezone(&self.zone).format("%Y-%m-%d").to_string()
    }
}
