//! The names of states in the chat.

use crate::orders::{ItemProblem, Status};

pub(super) const fn problem_key(problem: ItemProblem) -> &'static str {
    match problem {
        ItemProblem::Unavailable => "cart-unavailable",
        ItemProblem::OutOfStock => "cart-not-enough",
        ItemProblem::OtherCurrency => "cart-other-currency",
    }
}

pub(super) const fn status_key(status: Status) -> &'static str {
    match status {
        Status::PendingPayment => "order-is-pending",
        Status::Paid => "order-is-paid",
        Status::Fulfilled => "order-is-fulfilled",
        Status::Shipped => "order-is-shipped",
        Status::Delivered => "order-is-delivered",
        Status::Cancelled => "order-is-cancelled",
        Status::Expired => "order-is-expired",
        Status::Refunded => "order-is-refunded",
    }
}
