//! The books of a workspace: its account and what is written into the ledger. Pure, but for opening and closing them.
//!
//! The account's row is locked while the books are open, so two campaigns that want the same credits come one after the
//! other.

use kazi_platform::Timestamp;
use kazi_queue::Job;
use serde_json::json;
use uuid::Uuid;

use super::{
    EntryKind, GoOn, Missing, Moved, TopUpId, Use,
    model::Place,
    store::{self, Cause},
};
use crate::{
    Role, Work,
    conversations::CampaignId,
    notifications::{self, Kind, Notification, To},
};

/// The row of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Account {
    pub prepaid: bool,
    pub available: i64,
    pub reserved: i64,
    pub spent: i64,
    pub owed: i64,
    pub low_mark: i64,
    pub low_told: bool,
    pub version: i64,
}

/// A new row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewEntry {
    pub from: Place,
    pub to: Place,
    pub credits: i64,
    pub kind: EntryKind,
    pub about: About,
    pub messages: i64,
    /// `None`: the time of the work.
    pub at: Option<Timestamp>,
}

/// What a row of the ledger is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    pub campaign: Option<CampaignId>,
    pub top_up: Option<TopUpId>,
    pub note: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Books {
    pub(super) account: Account,
    pub(super) entries: Vec<NewEntry>,
    uses: Vec<(CampaignId, Option<Uuid>, String)>,
    /// Credits have come back: what waits for some looks again.
    released: bool,
}

impl Books {
    pub(super) const fn new(account: Account) -> Self {
        Self {
            account,
            entries: Vec::new(),
            uses: Vec::new(),
            released: false,
        }
    }

    /// Credits for new messages.
    pub(crate) const fn available(&self) -> i64 {
        self.account.available
    }

    fn write(&mut self, kind: EntryKind, (from, to): (Place, Place), credits: i64, about: About) {
        if credits <= 0 {
            return;
        }
        for (place, change) in [(from, -credits), (to, credits)] {
            match place {
                Place::Available => self.account.available += change,
                Place::Reserved => self.account.reserved += change,
                Place::Spent => self.account.spent += change,
                // Below zero in the ledger, and a number of credits in the account.
                Place::Owed => self.account.owed -= change,
                Place::Funding => {}
            }
        }
        self.entries.push(NewEntry {
            from,
            to,
            credits,
            kind,
            about,
            messages: 0,
            at: None,
        });
    }

    /// Sets credits aside for messages, if there are enough.
    pub(crate) fn reserve(
        &mut self,
        of: &Use<'_>,
        credits: i64,
        messages: i64,
    ) -> Result<(), Missing> {
        let missing = credits - self.account.available;
        if missing > 0 {
            return Err(Missing(missing));
        }
        let about = About {
            campaign: Some(of.campaign),
            ..About::default()
        };
        let places = (Place::Available, Place::Reserved);
        self.write(EntryKind::Reserve, places, credits, about);
        if let Some(entry) = self.entries.last_mut().filter(|_| credits > 0) {
            entry.messages = messages;
        }
        let name = of.name.chars().take(200).collect();
        self.uses.push((of.campaign, of.automation, name));
        Ok(())
    }

    /// Adds up what became of reserved credits.
    pub(super) fn add(&mut self, cause: &Cause) {
        let before = self.entries.len();
        let about = || About {
            campaign: Some(cause.campaign),
            ..About::default()
        };
        match cause.moved {
            Moved::Charged => {
                let places = (Place::Reserved, Place::Spent);
                self.write(EntryKind::Charge, places, cause.credits, about());
            }
            Moved::Released => {
                let places = (Place::Reserved, Place::Available);
                self.write(EntryKind::Release, places, cause.credits, about());
                self.released = true;
            }
            Moved::Late => self.take(EntryKind::Late, Place::Spent, cause.credits, &about()),
        }
        for (nth, entry) in self.entries[before..].iter_mut().enumerate() {
            entry.at = Some(cause.at);
            // Of two rows the first counts the messages.
            entry.messages = if nth == 0 { cause.messages } else { 0 };
        }
        self.settle();
    }

    /// Credits come from outside.
    pub(super) fn fund(&mut self, kind: EntryKind, credits: i64, about: About) {
        let places = (Place::Funding, Place::Available);
        self.write(kind, places, credits, about);
        self.settle();
    }

    /// Takes credits. What is not available is owed.
    pub(super) fn take(&mut self, kind: EntryKind, to: Place, credits: i64, about: &About) {
        let there = credits.min(self.account.available);
        self.write(kind, (Place::Available, to), there, about.clone());
        self.write(kind, (Place::Owed, to), credits - there, about.clone());
    }

    /// What is available pays for what is owed.
    fn settle(&mut self) {
        let credits = self.account.owed.min(self.account.available);
        let places = (Place::Available, Place::Owed);
        self.write(EntryKind::Settle, places, credits, About::default());
    }

    /// Writes what has changed, and tells the admins when the balance falls below their mark.
    pub(crate) async fn close(mut self, work: &mut Work) -> Result<(), sqlx::Error> {
        let account = &mut self.account;
        let low = account.available < account.low_mark;
        let tells = low && !account.low_told && account.prepaid;
        account.low_told = low && (account.low_told || tells);
        store::accounts::save(work, account).await?;
        store::uses(work, &self.uses).await?;
        store::entries::insert(work, &self.entries).await?;
        if self.released {
            GoOn::of(work).enqueue(work.conn()).await?;
        }
        if tells {
            let left = self.account.available;
            let title = format!("Credits left: {left}. Buy more before your campaigns pause");
            let notification = Notification {
                kind: Kind::CREDITS_LOW,
                title: &title,
                data: &json!({"available": left, "low_mark": self.account.low_mark}),
            };
            notifications::notify(work, To::Role(Role::Admin), &notification).await?;
            metrics::counter!("kazi_credits_low_total").increment(1);
        }
        Ok(())
    }
}

/// Locks the account and adds up what became of reserved credits. Returns `None` when the workspace has no account. Lock
/// nothing of messages or campaigns afterwards.
pub(crate) async fn open(work: &mut Work) -> Result<Option<Books>, sqlx::Error> {
    let Some(account) = store::accounts::lock(work).await? else {
        return Ok(None);
    };
    let mut books = Books::new(account);
    for cause in store::take_causes(work).await? {
        books.add(&cause);
    }
    Ok(Some(books))
}

/// Reserves the credits of one use, if there are enough.
pub(crate) async fn reserve(
    work: &mut Work,
    of: &Use<'_>,
    credits: i64,
    messages: i64,
) -> Result<Result<(), Missing>, sqlx::Error> {
    let Some(mut books) = open(work).await? else {
        return Ok(Ok(()));
    };
    let reserved = books.reserve(of, credits, messages);
    books.close(work).await?;
    Ok(reserved)
}

/// Reserves the credits of a message that had failed and is sent again.
pub(crate) async fn reserve_again(
    work: &mut Work,
    campaign: CampaignId,
    credits: i32,
) -> Result<Result<(), Missing>, sqlx::Error> {
    let name = store::name_of(work, campaign).await?;
    let (automation, name) = name.unwrap_or_default();
    let of = Use {
        campaign,
        automation,
        name: &name,
    };
    reserve(work, &of, credits.into(), 1).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A walk by a simple generator, so that a failure comes again.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: i64) -> i64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            i64::try_from(self.0 >> 40).unwrap() % sides
        }
    }

    /// The balance of an account by the ledger.
    fn sum(entries: &[NewEntry], place: Place) -> i64 {
        let of = |entry: &NewEntry| {
            i64::from(entry.to == place) * entry.credits
                - i64::from(entry.from == place) * entry.credits
        };
        entries.iter().map(of).sum()
    }

    fn holds(books: &Books) {
        let (account, entries) = (&books.account, &books.entries);
        for (place, is) in [
            (Place::Available, account.available),
            (Place::Reserved, account.reserved),
            (Place::Spent, account.spent),
            (Place::Owed, -account.owed),
        ] {
            assert_eq!(sum(entries, place), is, "{place}");
        }
        let funded = -sum(entries, Place::Funding);
        let there = account.available + account.reserved + account.spent - account.owed;
        assert_eq!(there, funded);
        assert!(account.available >= 0 && account.reserved >= 0 && account.owed >= 0);
        assert!(account.available == 0 || account.owed == 0);
    }

    #[test]
    fn the_ledger_balances_whatever_happens_in_whatever_order() {
        for seed in 0..200 {
            let mut dice = Dice(seed);
            let mut books = Books::new(Account::default());
            // Of each campaign: what is reserved, and what was released.
            let mut campaigns = [(CampaignId::new(), 0_i64, 0_i64); 3];
            for _ in 0..200 {
                let nth = usize::try_from(dice.roll(3)).unwrap();
                let credits = 1 + dice.roll(50);
                let (id, reserved, released) = &mut campaigns[nth];
                let cause = |moved, credits| Cause {
                    campaign: *id,
                    moved,
                    credits,
                    messages: 1,
                    at: Timestamp::default(),
                };
                match dice.roll(7) {
                    0 => books.fund(EntryKind::TopUp, credits * 3, About::default()),
                    1 => books.take(
                        EntryKind::Refund,
                        Place::Funding,
                        credits,
                        &About::default(),
                    ),
                    2 => {
                        let of = Use {
                            campaign: *id,
                            automation: None,
                            name: "Spring",
                        };
                        let had = books.available();
                        match books.reserve(&of, credits, 1) {
                            Ok(()) => *reserved += credits,
                            Err(Missing(missing)) => assert_eq!(missing, credits - had),
                        }
                    }
                    3 | 4 if *reserved > 0 => {
                        let part = credits.min(*reserved);
                        books.add(&cause(Moved::Charged, part));
                        *reserved -= part;
                    }
                    5 if *reserved > 0 => {
                        let part = credits.min(*reserved);
                        books.add(&cause(Moved::Released, part));
                        (*reserved, *released) = (*reserved - part, *released + part);
                    }
                    6 if *released > 0 => {
                        let part = credits.min(*released);
                        books.add(&cause(Moved::Late, part));
                        *released -= part;
                    }
                    _ => {}
                }
                holds(&books);
                let of_campaigns: i64 = campaigns.iter().map(|one| one.1).sum();
                assert_eq!(books.account.reserved, of_campaigns, "seed {seed}");
            }
        }
    }

    #[test]
    fn what_is_taken_beyond_the_balance_is_owed_and_paid_by_what_comes() {
        let mut books = Books::new(Account::default());
        books.fund(EntryKind::TopUp, 100, About::default());
        books.take(EntryKind::Refund, Place::Funding, 130, &About::default());
        assert_eq!((books.account.available, books.account.owed), (0, 30));
        books.fund(EntryKind::Grant, 50, About::default());
        assert_eq!((books.account.available, books.account.owed), (20, 0));
        holds(&books);
    }
}
