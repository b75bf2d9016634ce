//! Takes points back: money of an order went back, or a visit was none. Points that have expired do not come back, and those
//! that were spent make the balance negative.

use super::{
    PointsId, PointsKind,
    ledger::{Cause, book, customer, lock_account, of},
    model::{Account, kept},
    store::{self, lots::Lot},
};
use crate::{
    Work,
    appointments::BookingId,
    orders,
    payments::{self, OrderId},
};

/// Takes back what is left of the points of an order, once.
pub(super) async fn order(work: &mut Work, id: OrderId) -> Result<(), sqlx::Error> {
    whole(work, Cause::Order(id), Cause::Refund(id)).await
}

/// Takes back the share of an order's points whose money went back until now. What earlier refunds took is part of it.
pub(super) async fn part(work: &mut Work, id: OrderId) -> Result<(), sqlx::Error> {
    let gone = payments::gone(work, orders::payment_of(id)).await?;
    let Some(gone) = gone.filter(|gone| gone.minor > 0) else {
        return Ok(());
    };
    let Some((balance, lot)) = lock_lot(work, Cause::Order(id)).await? else {
        return Ok(());
    };
    let taken = lot.earned - lot.points;
    let due = lot.earned - kept(lot.earned, gone.minor, gone.whole.minor);
    let points = (due - taken).min(lot.points - lot.expired);
    let back = Cause::PartRefund(id, gone.minor);
    write(work, balance, &lot, (points, Left::Rest), back).await
}

/// Takes back the points of a visit, once for each time that a member corrects it.
pub(super) async fn visit(work: &mut Work, id: BookingId) -> Result<(), sqlx::Error> {
    let times = times_missed(work, id).await?;
    whole(work, Cause::Visit(id, times), Cause::Missed(id, times)).await
}

/// How often the points of a visit were taken back.
pub(super) async fn times_missed(work: &mut Work, id: BookingId) -> Result<u32, sqlx::Error> {
    let mut times = 0;
    while store::ledger::is_booked(work, &Cause::Missed(id, times).text()).await? {
        times += 1;
    }
    Ok(times)
}

async fn whole(work: &mut Work, earned: Cause, back: Cause) -> Result<(), sqlx::Error> {
    let Some((balance, lot)) = lock_lot(work, earned).await? else {
        return Ok(());
    };
    let points = lot.points - lot.expired;
    write(work, balance, &lot, (points, Left::Nothing), back).await
}

/// The lot of a cause, under the lock of its account, with the balance.
async fn lock_lot(work: &mut Work, cause: Cause) -> Result<Option<(i64, Lot)>, sqlx::Error> {
    let cause = cause.text();
    let Some(seen) = store::lots::of_cause(work, &cause).await? else {
        return Ok(None);
    };
    let mut contact = seen.contact;
    loop {
        let balance = lock_account(work, contact).await?;
        // Behind the lock: some may have expired, or have been spent or merged meanwhile.
        let Some(lot) = store::lots::of_cause(work, &cause).await? else {
            return Ok(None);
        };
        if lot.contact == contact {
            return Ok(Some((balance, lot)));
        }
        contact = lot.contact;
    }
}

/// What counts of a lot afterwards.
enum Left {
    Nothing,
    Rest,
}

/// Books it, once. The lot's own rest goes first, and other lots lose what was spent of it.
async fn write(
    work: &mut Work,
    balance: i64,
    lot: &Lot,
    (points, left): (i64, Left),
    back: Cause,
) -> Result<(), sqlx::Error> {
    if points <= 0 {
        return Ok(());
    }
    let id = PointsId::at(work.now());
    let legs = [customer(lot.contact, -points), of(Account::Issued, points)];
    if !book(work, id, back, None, &legs).await? {
        return Ok(());
    }
    match left {
        Left::Nothing => store::lots::void(work, lot.id).await?,
        Left::Rest => store::lots::reduce(work, lot.id, points).await?,
    }
    let own = lot.remaining.min(points);
    let spent = balance.max(0) - own - (balance - points).max(0);
    store::lots::take(work, lot.contact, spent).await?;
    metrics::counter!("kazi_loyalty_points_total", "kind" => PointsKind::Refund.name())
        .increment(points.unsigned_abs());
    Ok(())
}
