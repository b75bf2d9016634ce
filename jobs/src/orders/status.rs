//! The statuses of an order and its moves. Pure.

use crate::endpoints::Type;

kazi_platform::texts! {
    /// Stored in rows: never rename one.
    pub enum Status as "OrderStatus" {
        /// The stock is reserved until the order is paid or expires.
        PendingPayment = "pending_payment",
        /// Paid. It is to be fulfilled.
        Paid = "paid",
        /// Packed, or ready to be fetched.
        Fulfilled = "fulfilled",
        Shipped = "shipped",
        Delivered = "delivered",
        /// Cancelled before it was paid.
        Cancelled = "cancelled",
        /// Not paid in time.
        Expired = "expired",
        Refunded = "refunded",
    }
}

/// What happens to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The money has come.
    Pay,
    /// It is packed, or ready to be fetched.
    Fulfil,
    /// A carrier has it.
    Ship,
    /// The customer has it.
    Deliver,
    /// A person cancels it, or the bank refuses the payment.
    Cancel,
    /// It was not paid in time.
    Expire,
    /// The money went back.
    Refund,
}

/// The outcome of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The order gets a new status. An order enters a status that gives the stock back once and never leaves it, so the
    /// stock is given back once.
    To {
        status: Status,
        /// The reserved stock can be sold again.
        gives_back: bool,
    },
    /// This event or a later one has happened already. There is nothing to do.
    Already,
    /// The order has ended, so the money goes back.
    TooLate,
    /// The status does not allow the event.
    Refused,
}

impl Status {
    /// What endpoints are told of an order that enters this status.
    pub(super) const fn announced(self) -> Type {
        match self {
            Self::PendingPayment => Type::ORDER_CREATED,
            Self::Paid => Type::ORDER_PAID,
            Self::Fulfilled => Type::ORDER_FULFILLED,
            Self::Shipped => Type::ORDER_SHIPPED,
            Self::Delivered => Type::ORDER_DELIVERED,
            Self::Cancelled => Type::ORDER_CANCELLED,
            Self::Expired => Type::ORDER_EXPIRED,
            Self::Refunded => Type::ORDER_REFUNDED,
        }
    }

    /// The outcome of an event in this status.
    pub fn after(self, event: Event) -> Move {
        use Status::{
            Cancelled, Delivered, Expired, Fulfilled, Paid, PendingPayment, Refunded, Shipped,
        };
        let keeps = |status| Move::To {
            status,
            gives_back: false,
        };
        let gives_back = |status| Move::To {
            status,
            gives_back: true,
        };
        match (event, self) {
            (Event::Pay, PendingPayment) => keeps(Paid),
            (Event::Pay, Cancelled | Expired) => Move::TooLate,
            (Event::Pay, _) => Move::Already,
            (Event::Fulfil, Paid) => keeps(Fulfilled),
            (Event::Fulfil, Fulfilled | Shipped | Delivered) => Move::Already,
            (Event::Ship, Paid | Fulfilled) => keeps(Shipped),
            (Event::Ship, Shipped | Delivered) => Move::Already,
            (Event::Deliver, Fulfilled | Shipped) => keeps(Delivered),
            (Event::Deliver, Delivered) => Move::Already,
            (Event::Cancel, PendingPayment) => gives_back(Cancelled),
            (Event::Cancel, Cancelled | Expired) => Move::Already,
            (Event::Expire, PendingPayment) => gives_back(Expired),
            // Another event came first. The payment time is over for good.
            (Event::Expire, _) => Move::Already,
            // Goods that have left do not come back with the money.
            (Event::Refund, Paid | Fulfilled) => gives_back(Refunded),
            (Event::Refund, Shipped | Delivered) => keeps(Refunded),
            (Event::Refund, PendingPayment | Cancelled | Expired | Refunded) => Move::Already,
            _ => Move::Refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: [Event; 7] = [
        Event::Pay,
        Event::Fulfil,
        Event::Ship,
        Event::Deliver,
        Event::Cancel,
        Event::Expire,
        Event::Refund,
    ];

    #[test]
    fn an_order_goes_its_way_and_no_other() {
        use Status::{
            Cancelled, Delivered, Expired, Fulfilled, Paid, PendingPayment, Refunded, Shipped,
        };
        let moves = [
            (PendingPayment, Event::Pay, Paid, false),
            (PendingPayment, Event::Cancel, Cancelled, true),
            (PendingPayment, Event::Expire, Expired, true),
            (Paid, Event::Fulfil, Fulfilled, false),
            (Paid, Event::Ship, Shipped, false),
            (Paid, Event::Refund, Refunded, true),
            (Fulfilled, Event::Ship, Shipped, false),
            (Fulfilled, Event::Deliver, Delivered, false),
            (Fulfilled, Event::Refund, Refunded, true),
            (Shipped, Event::Deliver, Delivered, false),
            (Shipped, Event::Refund, Refunded, false),
            (Delivered, Event::Refund, Refunded, false),
        ];
        for from in Status::ALL {
            for event in EVENTS {
                let expected = moves
                    .iter()
                    .find(|(status, on, ..)| *status == from && *on == event);
                match (from.after(event), expected) {
                    (Move::To { status, gives_back }, Some((_, _, to, back))) => {
                        assert_eq!((status, gives_back), (*to, *back), "{from:?} {event:?}");
                    }
                    (Move::To { status, .. }, None) => panic!("{from:?} {event:?} → {status:?}"),
                    (_, Some(_)) => panic!("{from:?} {event:?} goes nowhere"),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn what_comes_twice_changes_nothing_and_stock_is_given_back_once() {
        for from in Status::ALL {
            for event in EVENTS {
                let Move::To { status, gives_back } = from.after(event) else {
                    continue;
                };
                assert_eq!(status.after(event), Move::Already, "{from:?} {event:?}");
                let again = EVENTS
                    .map(|next| status.after(next))
                    .into_iter()
                    .any(|next| matches!(next, Move::To { .. }));
                assert!(!gives_back || !again, "{status:?} gives back and goes on");
            }
        }
    }

    #[test]
    fn money_for_an_order_that_is_over_goes_back() {
        assert_eq!(Status::Cancelled.after(Event::Pay), Move::TooLate);
        assert_eq!(Status::Expired.after(Event::Pay), Move::TooLate);
        assert_eq!(Status::Refunded.after(Event::Pay), Move::Already);
        assert_eq!(Status::Paid.after(Event::Cancel), Move::Refused);
        for status in Status::ALL {
            assert_eq!(status.name().parse(), Ok(status));
        }
    }
}
