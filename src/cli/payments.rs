use clap::{Args, Subcommand};
use kazi_jobs::{
    Work,
    payments::{self, PaymentId, ReconciliationView},
    workspaces,
};
use kazi_platform::{WorkspaceId, actor::Actor, database};

use super::output::Format;
use crate::{CliError, runtime::Runtime};

/// Commands for payments.
#[derive(Subcommand)]
pub enum Payments {
    /// Lists the newest payments of a business.
    List {
        #[command(flatten)]
        of: Of,
        /// The number of payments to list.
        #[arg(long, default_value_t = 50)]
        limit: u16,
        #[command(flatten)]
        format: Format,
    },
    /// Shows a payment in the books.
    Show {
        /// The id, like pay_0190….
        id: PaymentId,
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        format: Format,
    },
    /// Asks the workers to compare the payments of a business with Stripe. Shows the last comparisons.
    Reconcile {
        #[command(flatten)]
        of: Of,
        #[command(flatten)]
        format: Format,
    },
}

/// The business whose payments are meant.
#[derive(Args)]
pub struct Of {
    /// The name of the business.
    #[arg(long)]
    workspace: String,
}

impl Of {
    async fn find(&self, runtime: &Runtime) -> Result<WorkspaceId, CliError> {
        // The operator names a workspace. This transaction looks it up, so it must see all workspaces.
        let mut tx = database::platform(&runtime.ctx.db).await?;
        let found = workspaces::by_name(&mut tx, &self.workspace).await?;
        Ok(found.ok_or_else(|| format!("there is no business called {:?}", self.workspace))?)
    }
}

impl Payments {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let ctx = &runtime.ctx;
        match self {
            Self::List { of, limit, format } => {
                let workspace = of.find(runtime).await?;
                let filter = payments::PaymentFilter::default();
                let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
                let limit = i64::from(limit);
                let rows = payments::payments(&mut work, &filter, None, None, limit).await?;
                let header = [
                    "payment", "of", "amount", "currency", "status", "received", "back",
                ];
                format.rows(&header, &rows, |row| {
                    vec![
                        row.id.to_string(),
                        row.subject.clone(),
                        row.amount_minor.to_string(),
                        row.currency.clone(),
                        row.status.clone(),
                        row.received_minor.to_string(),
                        row.refunded_minor.to_string(),
                    ]
                })
            }
            Self::Show { id, of, format } => {
                let workspace = of.find(runtime).await?;
                let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
                let rows = payments::entries(&mut work, Some(id), None, None, 200).await?;
                let header = ["when", "what", "reference", "account", "amount", "currency"];
                format.rows(&header, &rows, |row| {
                    vec![
                        row.happened_at.to_string(),
                        row.kind.clone(),
                        row.reference.clone(),
                        row.account.clone(),
                        row.amount_minor.to_string(),
                        row.currency.clone(),
                    ]
                })
            }
            Self::Reconcile { of, format } => {
                let workspace = of.find(runtime).await?;
                let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
                match payments::reconcile(&mut work).await {
                    Ok(_) | Err(payments::PaymentError::Running) => {}
                    Err(error) => return Err(error.into()),
                }
                let rows = payments::reconciliations(&mut work, None, None, 10).await?;
                work.commit().await?;
                let header = [
                    "comparison",
                    "status",
                    "from",
                    "sessions",
                    "events",
                    "repaired",
                    "differences",
                ];
                format.rows(&header, &rows, row)
            }
        }
    }
}

fn row(row: &ReconciliationView) -> Vec<String> {
    vec![
        row.id.to_string(),
        row.status.clone(),
        row.from_at.to_string(),
        row.sessions.to_string(),
        row.events.to_string(),
        row.repaired.to_string(),
        row.differences.to_string(),
    ]
}
