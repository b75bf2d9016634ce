//! What holds for a workspace: whether it is prepaid, what messages cost, and what the platform's staff gives or takes.

use kazi_platform::WorkspaceId;
use kazi_queue::Job;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    CreditError, CreditPrice, Credits, EntryKind, GoOn,
    books::{self, About, Account},
    model::Place,
    prices, store,
};
use crate::{Work, audit::Change, violations::Violations};

const MAX_REASON: usize = 500;
const MOST_GIVEN: i64 = 1_000_000_000;
const MOST_MARK: i64 = 1_000_000_000;

/// What the platform's staff sets for a workspace.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreditTerms)]
pub struct Terms {
    /// Campaigns that are planned from now on, and messages of automations, want credits. What is planned already stays as
    /// it is.
    pub prepaid: bool,
    /// The credits of a message by country and category. What is not among them costs 1.
    #[schema(max_items = 1000)]
    pub prices: Vec<CreditPrice>,
}

/// Credits that the platform's staff gives or takes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreditGrant)]
pub struct Grant {
    /// Negative: takes them, at most those that are available.
    #[schema(example = 500, minimum = -1_000_000_000_i64, maximum = 1_000_000_000_i64)]
    pub credits: i64,
    /// Why: 1 to 500 characters. The members read it.
    #[schema(example = "Invoice 2026-17", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Shows the credits of the workspace. `seller`: the workspace that sells credits.
pub async fn credits(work: &mut Work, seller: Option<WorkspaceId>) -> Result<Credits, sqlx::Error> {
    let account = store::accounts::view(work).await?;
    let prices = store::prices(work).await?;
    // The version of a row that is new.
    let version = account.as_ref().map_or(1, |account| account.version);
    let account = account.unwrap_or_default();
    Ok(Credits {
        prepaid: account.prepaid,
        available: account.available,
        reserved: account.reserved,
        spent: account.spent,
        owed: account.owed,
        low_mark: account.low_mark,
        can_buy: account.prepaid && seller.is_some(),
        prices,
        version,
    })
}

/// Credits for new messages now.
pub(crate) async fn available(work: &mut Work) -> Result<i64, sqlx::Error> {
    let account = store::accounts::view(work).await?;
    Ok(account.unwrap_or_default().available)
}

/// As [`available`], and nobody changes it until the transaction ends.
pub(crate) async fn lock_available(work: &mut Work) -> Result<i64, sqlx::Error> {
    let Some(books) = books::open(work).await? else {
        return Ok(0);
    };
    let available = books.available();
    books.close(work).await?;
    Ok(available)
}

/// A locked account.
#[derive(Debug)]
pub struct Locked(Account);

impl Locked {
    /// Rises with each change of what people set.
    pub const fn version(&self) -> i64 {
        self.0.version
    }
}

/// Locks the account until the transaction ends.
pub async fn lock(work: &mut Work) -> Result<Locked, CreditError> {
    let account = store::accounts::lock(work).await?;
    Ok(Locked(account.ok_or(CreditError::NotPrepaid)?))
}

/// As [`lock`], and makes the account if there is none.
pub async fn lock_or_make(work: &mut Work) -> Result<Locked, CreditError> {
    store::accounts::make(work).await?;
    lock(work).await
}

/// Makes a workspace prepaid or not, and sets what messages cost. Campaigns that wait for credits look again.
pub async fn set_terms(
    work: &mut Work,
    Locked(before): &Locked,
    new: &Terms,
) -> Result<(), CreditError> {
    let mut violations = Violations::default();
    prices::check(&mut violations, &new.prices);
    violations.end()?;
    let old = store::prices(work).await?;
    store::accounts::set(work, new.prepaid, before.low_mark).await?;
    store::replace_prices(work, &new.prices).await?;
    let shown =
        |prepaid, of: &[CreditPrice]| json!({"prepaid": prepaid, "prices": prices::by_place(of)});
    let (before, after) = (shown(before.prepaid, &old), shown(new.prepaid, &new.prices));
    let subject = ("workspace", work.workspace());
    work.audit(&Change::updated(
        "credits.set_terms",
        subject,
        &before,
        &after,
    ))
    .await?;
    GoOn::of(work).enqueue(work.conn()).await?;
    Ok(())
}

/// Gives credits, or takes some.
pub async fn give(work: &mut Work, grant: &Grant) -> Result<(), CreditError> {
    let mut violations = Violations::default();
    let fits = grant.credits != 0 && (-MOST_GIVEN..=MOST_GIVEN).contains(&grant.credits);
    let rule = "must be -1000000000 to 1000000000, and not 0";
    violations.unless(fits, "/credits", "out_of_range", rule);
    violations.text("/reason", &grant.reason, 1, MAX_REASON);
    violations.end()?;
    let books = books::open(work).await?;
    let mut books = books.ok_or(CreditError::NotPrepaid)?;
    let about = About {
        note: Some(grant.reason.trim().to_owned()),
        ..About::default()
    };
    if grant.credits > 0 {
        books.fund(EntryKind::Grant, grant.credits, about);
    } else {
        let there = books.available();
        let mut violations = Violations::default();
        let rule = format!("the workspace has {there} credits to take");
        violations.unless(-grant.credits <= there, "/credits", "too_few", rule);
        violations.end()?;
        books.take(EntryKind::Take, Place::Funding, -grant.credits, &about);
    }
    books.close(work).await?;
    let after = json!({"credits": grant.credits, "reason": grant.reason});
    let subject = ("workspace", work.workspace());
    work.audit(&Change::created("credits.give", subject, &after))
        .await?;
    if grant.credits > 0 {
        GoOn::of(work).enqueue(work.conn()).await?;
    }
    Ok(())
}

/// Sets the mark below which the admins are told. A mark above the balance tells nobody: whoever sets it sees the balance.
pub async fn set_low_mark(work: &mut Work, mark: i64) -> Result<(), CreditError> {
    let mut violations = Violations::default();
    let fits = (0..=MOST_MARK).contains(&mark);
    let rule = "must be 0 to 1000000000";
    violations.unless(fits, "/low_mark", "out_of_range", rule);
    violations.end()?;
    let books = books::open(work).await?;
    let mut books = books.ok_or(CreditError::NotPrepaid)?;
    let Account {
        prepaid,
        available,
        low_mark: before,
        ..
    } = books.account;
    books.account.low_mark = mark;
    books.account.low_told = available < mark;
    books.close(work).await?;
    store::accounts::set(work, prepaid, mark).await?;
    let shown = |mark: i64| json!({"low_mark": mark});
    let subject = ("workspace", work.workspace());
    let change = Change::updated(
        "credits.set_low_mark",
        subject,
        &shown(before),
        &shown(mark),
    );
    work.audit(&change).await?;
    Ok(())
}
