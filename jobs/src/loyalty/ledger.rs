//! Books points. Each function works under the lock of the contact's account, so the balance and the lots agree: what
//! remains of all lots is the balance, or nothing while it is negative.

use chrono::{Months, TimeDelta};
use kazi_platform::Timestamp;

use super::{
    AccountView, LoyaltyError, PointsId, PointsKind, RedemptionId, Settings,
    accounts::account,
    model::{Account, tier_of, tier_since},
    settings::{MAX_POINTS, settings},
    store::{
        self,
        ledger::{Leg, NewTransaction},
        lots::NewLot,
    },
};
use crate::{
    Work,
    appointments::BookingId,
    audit::Change,
    contacts::{self, ContactId},
    endpoints::{Type, announce},
    payments::OrderId,
    violations::Violations,
};

/// Characters of a reason.
const REASON_LIMIT: usize = 500;

/// What a booking is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cause {
    Order(OrderId),
    /// The visit counts anew after each time that it was taken back: so often it was.
    Visit(BookingId, u32),
    /// In a year.
    Birthday(ContactId, i32),
    /// All money of an order went back.
    Refund(OrderId),
    /// A part of it went back: so many minor units until now.
    PartRefund(OrderId, i64),
    /// The contact did not come after all, by as many corrections before.
    Missed(BookingId, u32),
    Adjustment(PointsId),
    Redemption(RedemptionId),
    /// Of lots, by the first one.
    Expiry(PointsId),
    Merge(PointsId),
}

impl Cause {
    const fn kind(self) -> PointsKind {
        match self {
            Self::Order(_) => PointsKind::Order,
            Self::Visit(..) => PointsKind::Visit,
            Self::Birthday(..) => PointsKind::Birthday,
            Self::Refund(_) | Self::PartRefund(..) | Self::Missed(..) => PointsKind::Refund,
            Self::Adjustment(_) => PointsKind::Adjustment,
            Self::Redemption(_) => PointsKind::Redemption,
            Self::Expiry(_) => PointsKind::Expiry,
            Self::Merge(_) => PointsKind::Merge,
        }
    }

    /// Stored in rows, where it is unique: never change one.
    pub(super) fn text(self) -> String {
        match self {
            Self::Order(id) => format!("order:{id}"),
            Self::Visit(id, 0) => format!("visit:{id}"),
            Self::Visit(id, times) => format!("visit:{id}:{times}"),
            Self::Birthday(id, year) => format!("birthday:{id}:{year}"),
            Self::Refund(id) => format!("refund:{id}"),
            Self::PartRefund(id, gone) => format!("refund:{id}:{gone}"),
            Self::Missed(id, 0) => format!("missed:{id}"),
            Self::Missed(id, times) => format!("missed:{id}:{times}"),
            Self::Adjustment(id) => format!("adjustment:{id}"),
            Self::Redemption(id) => format!("redemption:{id}"),
            Self::Expiry(id) => format!("expiry:{id}"),
            Self::Merge(id) => format!("merge:{id}"),
        }
    }
}

/// Books a transaction, once for its cause. Returns false when it was booked before.
pub(super) async fn book(
    work: &mut Work,
    id: PointsId,
    cause: Cause,
    reason: Option<&str>,
    legs: &[Leg],
) -> Result<bool, sqlx::Error> {
    let new = NewTransaction {
        id,
        kind: cause.kind(),
        cause: &cause.text(),
        order: match cause {
            Cause::Order(id) | Cause::Refund(id) | Cause::PartRefund(id, _) => Some(id),
            _ => None,
        },
        booking: match cause {
            Cause::Visit(id, _) | Cause::Missed(id, _) => Some(id),
            _ => None,
        },
        redemption: match cause {
            Cause::Redemption(id) => Some(id),
            _ => None,
        },
        reason,
    };
    if !store::ledger::begin(work, &new).await? {
        return Ok(false);
    }
    store::ledger::write(work, id, legs).await?;
    Ok(true)
}

/// Locks a contact's account until the transaction ends, and lets expire what is due. Returns the balance.
pub(super) async fn lock_account(work: &mut Work, contact: ContactId) -> Result<i64, sqlx::Error> {
    let balance = store::accounts::lock(work, contact).await?;
    let Some((first, points)) = store::lots::expire(work, contact).await? else {
        return Ok(balance);
    };
    let id = PointsId::at(work.now());
    let legs = [customer(contact, -points), of(Account::Expired, points)];
    book(work, id, Cause::Expiry(first), None, &legs).await?;
    metrics::counter!("kazi_loyalty_points_total", "kind" => PointsKind::Expiry.name())
        .increment(points.unsigned_abs());
    Ok(balance - points)
}

pub(super) const fn customer(contact: ContactId, points: i64) -> Leg {
    Leg {
        account: Account::Customer,
        contact: Some(contact),
        points,
    }
}

pub(super) const fn of(account: Account, points: i64) -> Leg {
    Leg {
        account,
        contact: None,
        points,
    }
}

/// The multiplier of a contact's tier.
pub(super) async fn percent(work: &mut Work, contact: ContactId) -> Result<i32, sqlx::Error> {
    let since = tier_since(work.now());
    let earned = store::lots::earned_since(work, contact, since).await?;
    let tiers = store::tiers::list(work).await?;
    Ok(tier_of(&tiers, earned).map_or(100, |tier| tier.multiplier_percent))
}

/// Gives a contact points, once for their cause. The account is locked.
pub(super) async fn earn(
    work: &mut Work,
    contact: ContactId,
    (balance, points): (i64, i64),
    cause: Cause,
    rules: &Settings,
) -> Result<bool, sqlx::Error> {
    if points <= 0 {
        return Ok(false);
    }
    let id = PointsId::at(work.now());
    give(work, id, contact, (balance, points), (cause, None), rules).await
}

async fn give(
    work: &mut Work,
    id: PointsId,
    contact: ContactId,
    (balance, points): (i64, i64),
    (cause, reason): (Cause, Option<&str>),
    rules: &Settings,
) -> Result<bool, sqlx::Error> {
    let legs = [of(Account::Issued, -points), customer(contact, points)];
    if !book(work, id, cause, reason, &legs).await? {
        return Ok(false);
    }
    let (expires_at, warn_at) = end_of(rules, work.now());
    let lot = NewLot {
        id,
        contact,
        points,
        // What a refund took back too much is filled up first.
        remaining: (points + balance.min(0)).max(0),
        counts: cause.kind() != PointsKind::Adjustment,
        expires_at,
        warn_at,
    };
    store::lots::insert(work, &lot).await?;
    metrics::counter!("kazi_loyalty_points_total", "kind" => cause.kind().name())
        .increment(points.unsigned_abs());
    announce(work, Type::POINTS_EARNED, id).await?;
    Ok(true)
}

/// When points that are earned now expire, and when the contact is told.
fn end_of(rules: &Settings, now: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
    let Some(rule) = &rules.expiry else {
        return (None, None);
    };
    let months = Months::new(u32::try_from(rule.months).unwrap_or(0));
    let at = now.checked_add_months(months);
    let warn = rule.warn_days.map(|days| TimeDelta::days(days.into()));
    (at, at.zip(warn).map(|(at, before)| at - before))
}

/// Takes points for a reward. The account is locked, and has them.
pub(super) async fn spend(
    work: &mut Work,
    contact: ContactId,
    points: i64,
    redemption: RedemptionId,
) -> Result<(), sqlx::Error> {
    let id = PointsId::at(work.now());
    let legs = [customer(contact, -points), of(Account::Redeemed, points)];
    if book(work, id, Cause::Redemption(redemption), None, &legs).await? {
        store::lots::take(work, contact, points).await?;
        metrics::counter!("kazi_loyalty_points_total", "kind" => PointsKind::Redemption.name())
            .increment(points.unsigned_abs());
    }
    Ok(())
}

/// Moves the points of a contact to the one that they were merged into.
pub(super) async fn merge(
    work: &mut Work,
    from: ContactId,
    into: ContactId,
) -> Result<(), sqlx::Error> {
    if store::accounts::balance(work, from).await?.is_none() {
        return Ok(());
    }
    // In one order, so that two merges cannot deadlock.
    let (first, second) = (from.min(into), from.max(into));
    lock_account(work, first).await?;
    lock_account(work, second).await?;
    let moved = store::accounts::balance(work, from).await?.unwrap_or(0);
    store::lots::move_to(work, from, into).await?;
    if moved != 0 {
        let id = PointsId::at(work.now());
        let legs = [customer(from, -moved), customer(into, moved)];
        book(work, id, Cause::Merge(id), None, &legs).await?;
    }
    // One of the two may have owed points that the other has.
    let balance = store::accounts::balance(work, into).await?.unwrap_or(0);
    let remaining = store::lots::remaining(work, into).await?;
    store::lots::take(work, into, remaining - balance.max(0)).await?;
    store::accounts::move_to(work, from, into).await?;
    store::redemptions::change_contact(work, from, into).await
}

/// Gives a contact points, or takes some, by a member's decision.
pub async fn adjust(
    work: &mut Work,
    contact: ContactId,
    points: i64,
    reason: &str,
) -> Result<AccountView, LoyaltyError> {
    let mut violations = Violations::default();
    violations.unless(
        points != 0 && (-MAX_POINTS..=MAX_POINTS).contains(&points),
        "/points",
        "out_of_range",
        format!("must be -{MAX_POINTS} to {MAX_POINTS}, and not 0"),
    );
    violations.text("/reason", reason, 1, REASON_LIMIT);
    violations.end()?;
    if contacts::hold_contacts(work, &[contact]).await?.is_empty() {
        return Err(LoyaltyError::NotFound("contact"));
    }
    let balance = lock_account(work, contact).await?;
    let id = PointsId::at(work.now());
    let cause = Cause::Adjustment(id);
    if points > 0 {
        let rules = settings(work).await?.settings;
        let amount = (balance, points);
        give(work, id, contact, amount, (cause, Some(reason)), &rules).await?;
    } else {
        if balance + points < 0 {
            return Err(LoyaltyError::TooFew {
                have: balance,
                wanted: -points,
            });
        }
        let legs = [customer(contact, points), of(Account::Issued, -points)];
        book(work, id, cause, Some(reason), &legs).await?;
        store::lots::take(work, contact, -points).await?;
    }
    // Of the contact, so that an erasure finds it.
    let after = serde_json::json!({"points": points, "reason": reason, "points_id": id});
    work.audit(&Change::created(
        "loyalty.adjust",
        (contacts::KIND, contact),
        &after,
    ))
    .await?;
    account(work, contact).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loyalty::settings::ExpiryRule;

    #[test]
    fn points_expire_after_months_and_are_warned_of_days_before() {
        let rules = |months, warn_days| Settings {
            expiry: Some(ExpiryRule { months, warn_days }),
            ..Settings::OFF
        };
        let now: Timestamp = "2030-01-31T10:00:00Z".parse().unwrap();
        let (at, warn) = end_of(&rules(1, Some(7)), now);
        assert_eq!(at, "2030-02-28T10:00:00Z".parse().ok());
        assert_eq!(warn, "2030-02-21T10:00:00Z".parse().ok());
        assert_eq!(end_of(&rules(12, None), now).1, None);
        assert_eq!(end_of(&Settings::OFF, now), (None, None));
    }
}
