//! Takes away what is left of workspaces that were deleted more than 30 days ago.

use std::time::Duration;

use chrono::TimeDelta;
use kazi_platform::{WorkspaceId, actor::Actor, database};
use kazi_queue::{Job, JobError, Pool, Running};
use serde::{Deserialize, Serialize};

use super::{RESTORABLE_DAYS, store};
use crate::{
    Context,
    audit::{self, Change},
    pools,
};

/// Runs once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct PurgeDeleted {}

/// Every table with a `workspace_id`; a table stands before those that its foreign keys name. The data keys are the first:
/// from then on nothing that was sealed for the workspace can be read, also not in a back-up made later.
pub(super) const TABLES: &[&str] = &[
    "workspace_keys",
    "payment_differences",
    "reconciliations",
    "ledger_entries",
    "ledger_transactions",
    "refunds",
    "payment_events",
    "payments",
    "payment_accounts",
    "news_deliveries",
    "news_digests",
    "news_summaries",
    "news_articles",
    "news_subscriptions",
    "messages",
    "ticket_messages",
    "tickets",
    "subscription_periods",
    "subscriptions",
    "plans",
    "campaign_messages",
    "campaigns",
    "segments",
    "campaign_prices",
    "bot_states",
    "conversations",
    "shipments",
    "order_items",
    "orders",
    "order_numbers",
    "cart_items",
    "carts",
    "ai_calls",
    "knowledge",
    "prompts",
    "product_texts",
    "products",
    "categories",
    "services",
    "bookings",
    "offering_providers",
    "offerings",
    "special_hours",
    "opening_hours",
    "providers",
    "contact_import_chunks",
    "contact_import_faults",
    "contact_imports",
    "contact_taggings",
    "contact_tags",
    "contact_fields",
    "consents",
    "contact_identities",
    "contacts",
    "social_steps",
    "social_publications",
    "social_schedules",
    "social_variants",
    "social_contents",
    "social_accounts",
    "templates",
    "webhook_events",
    "channels",
    "notifications",
    "notification_preferences",
    "invitations",
    "members",
    "api_keys",
    // With their tokens.
    "sessions",
    "one_time_codes",
    "idempotency_keys",
    "audit_log",
    // Whose column is called id.
    "workspaces",
];

/// Rows of one transaction: it holds their locks, and the vacuum up.
const BATCH: i64 = 2_000;

impl Job for PurgeDeleted {
    type Context = Context;
    const NAME: &'static str = "workspaces.purge_deleted";
    const POOL: Pool = pools::DEFAULT;
    const TIMEOUT: Duration = Duration::from_secs(3_600);

    async fn run(&self, ctx: &Context, _: &Running) -> Result<(), JobError> {
        let before = ctx.clock.now() - TimeDelta::days(RESTORABLE_DAYS);
        // Of the platform: a deleted workspace has nobody who could ask for it.
        let mut tx = database::platform(&ctx.db).await?;
        let deleted = store::deleted_before(&mut tx, before).await?;
        tx.commit().await?;
        for workspace in deleted {
            purge(ctx, workspace).await?;
        }
        Ok(())
    }
}

/// A process may die after any batch: the workspace's own row goes last, so the next night goes on with the rest.
async fn purge(ctx: &Context, workspace: WorkspaceId) -> Result<(), JobError> {
    for &table in TABLES {
        loop {
            // Of the platform, as above.
            let mut tx = database::platform(&ctx.db).await?;
            let gone = store::purge(&mut tx, table, workspace, BATCH).await?;
            if table == "workspaces" {
                let change = Change {
                    action: "workspaces.purge",
                    subject_kind: "workspace",
                    subject: workspace.uuid(),
                    before: None,
                    after: None,
                };
                // Of no workspace: there is none any more.
                audit::record(&mut tx, None, &Actor::SYSTEM, &change).await?;
            }
            tx.commit().await?;
            if gone == 0 || table == "workspaces" {
                break;
            }
        }
    }
    tracing::info!(workspace.id = %workspace, "a deleted workspace is purged");
    Ok(())
}
