//! SQL of the audiences: who has, or had, a subscription.

use kazi_platform::Timestamp;
use sqlx::{Postgres, QueryBuilder};

use crate::{
    contacts::{Deed, SubscribedState, id_of},
    subscriptions::PlanId,
};

pub fn push(
    sql: &mut QueryBuilder<Postgres>,
    deed: &Deed,
    _now: Timestamp,
    of_contact: &str,
) -> Result<bool, &'static str> {
    let Deed::Subscribed { state, plan_id } = deed else {
        return Ok(false);
    };
    let plan: Option<PlanId> = id_of(plan_id.as_deref(), "plan_id")?;
    sql.push(
        "SELECT d.contact_id FROM subscriptions d WHERE d.workspace_id = current_workspace() AND d.status",
    );
    sql.push(match state {
        SubscribedState::Running => " IN ('active', 'grace')",
        // A pending one was never paid. One that was cancelled before its first period has no start.
        SubscribedState::Ended => {
            " IN ('expired', 'cancelled') AND d.starts_at IS NOT NULL AND NOT EXISTS (
                SELECT FROM subscriptions r WHERE r.workspace_id = d.workspace_id AND r.contact_id = d.contact_id
                  AND r.plan_id = d.plan_id AND r.status IN ('active', 'grace'))"
        }
    });
    if let Some(plan) = plan {
        sql.push(" AND d.plan_id = ").push_bind(plan.uuid());
    }
    sql.push(of_contact);
    Ok(true)
}
