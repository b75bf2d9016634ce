//! SQL of the points.

pub(super) mod accounts;
pub(super) mod ledger;
pub(super) mod lots;
pub(super) mod redemptions;
pub(super) mod rewards;
pub(super) mod settings;
pub(super) mod tiers;
