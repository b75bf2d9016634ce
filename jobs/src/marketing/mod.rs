//! Marketing campaigns: broadcasts, posts and automations with one goal, one budget and one page of figures.
//!
//! A part belongs to one marketing campaign at most, and is sent, posted or activated where it was made. No figure is stored:
//! each domain counts its own for many parts at once ([`analytics`]). Only of an automation that is deleted are they kept,
//! because nothing else knows them then.
//!
//! [`Keep`] starts and ends campaigns by their dates, and looks at their budgets. Whatever changes a campaign, its parts or its
//! expenses holds its row, so a share of the budget is told once.

mod analytics;
mod budget;
mod costs;
mod error;
mod expenses;
mod figures;
mod input;
mod keep;
mod manage;
mod model;
mod part_id;
mod parts;
mod progress;
mod store;

use kazi_queue::{Registry, cron::Schedule};

use crate::{
    Context, automations,
    domain::{Domain, Figures},
    notifications::kinds,
    permission::permissions,
    workspaces,
};
pub use analytics::{Analytics, DayView, PartView, Unknown, analytics};
pub use costs::Sum;
pub use error::MarketingError;
pub use expenses::{Expense, NewExpense, create_expense, delete_expense, update_expense};
pub use input::NewMarketingCampaign;
pub use keep::{FindDue, Keep};
pub use manage::{create, delete, step, update};
pub use model::{
    Amount, ExpenseId, Goal, MarketingCampaign, MarketingId, Measure, Objective, PartKind, Status,
    Step,
};
pub use part_id::PartId;
pub use parts::{Candidate, NewPart, Part, attach, candidates, detach, parts};
pub use progress::{BudgetProgress, GoalProgress, Progress, WithProgress, with_progress};
pub use store::{
    MarketingFilter,
    expenses::{expense, expenses},
    get, list, lock,
};

pub(crate) const DOMAIN: Domain = Domain {
    name: "marketing",
    floor: 10,
    jobs,
    tables: &[
        "marketing_expenses",
        "marketing_parts",
        "marketing_campaigns",
    ],
    offers: &[
        &PERMISSIONS,
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
        &automations::Hooks {
            deleting: |work, id| Box::pin(parts::keep(work, id)),
        },
        &workspaces::Assigned {
            unassign: |work, user| Box::pin(store::disown(work, user)),
        },
    ],
};

permissions! {
    /// Marketing campaigns, their expenses and figures.
    MARKETING_READ = "marketing.read", Viewer;
    /// Writes, starts and ends them, attaches parts, and writes expenses down.
    MARKETING_WRITE = "marketing.write", Admin;
}

kinds! {
    /// A marketing campaign has used 80 or 100 percent of its budget.
    MARKETING_BUDGET = "marketing_budget";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let hourly = Schedule::new("marketing.find_due", "4 * * * *");
    registry
        .register::<FindDue>()
        .register::<Keep>()
        .schedule(hourly, &FindDue {})
}

#[cfg(test)]
mod tests;
