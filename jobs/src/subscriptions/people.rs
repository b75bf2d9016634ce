//! What the workspace and the customer are like: the languages, and the clock that periods are counted by.

use chrono_tz::Tz;
use kazi_platform::Timestamp;

use crate::{
    Work,
    contacts::{self, ContactId},
    workspaces::{self, WorkspaceError},
};

/// Who reads what is said, and by which clock.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    /// The customer's language, then the workspace's.
    languages: [String; 2],
    pub zone: Tz,
    /// The workspace is not deleted: somebody speaks.
    pub there: bool,
}

impl Reader {
    /// Of a contact of a workspace. Of a deleted workspace too: its money may still be on its way.
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

    /// What the customer reads.
    pub fn language(&self) -> &str {
        let [own, _] = &self.languages;
        own
    }

    /// In the order in which they are tried.
    pub fn languages(&self) -> [&str; 2] {
        [&self.languages[0], &self.languages[1]]
    }

    /// The day there, which everybody reads alike: 2026-02-28.
    pub fn date(&self, at: Timestamp) -> String {
        at.with_timezone(&self.zone).format("%Y-%m-%d").to_string()
    }
}
