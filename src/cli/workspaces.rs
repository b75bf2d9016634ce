use clap::Subcommand;
use kazi_jobs::workspaces::{self, Tenant, TenantFilter, TenantStatus};
use kazi_platform::database;

use super::output::Format;
use crate::{CliError, runtime::Runtime};

/// Commands for workspaces.
#[derive(Subcommand)]
pub enum Workspaces {
    /// Lists the businesses, the newest first.
    List {
        /// Only those with this in their name, in any case.
        #[arg(long)]
        name: Option<String>,
        /// Only in this status: active, suspended, deleted.
        #[arg(long, value_parser = status)]
        status: Option<TenantStatus>,
        /// The most businesses in the list.
        #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
        #[command(flatten)]
        format: Format,
    },
}

fn status(text: &str) -> Result<TenantStatus, String> {
    let known = || TenantStatus::ALL.map(TenantStatus::name).join(", ");
    text.parse()
        .map_err(|_| format!("there is no such status; there are {}", known()))
}

impl Workspaces {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let Self::List {
            name,
            status,
            limit,
            format,
        } = self;
        // The operator's list shows all workspaces.
        let mut tx = database::platform(&runtime.ctx.db).await?;
        let filter = TenantFilter { q: name, status };
        let found = workspaces::tenants(&mut tx, &filter, None, limit).await?;
        let header = [
            "workspace",
            "name",
            "status",
            "country",
            "currency",
            "members",
            "created",
        ];
        format.rows(&header, &found, row)
    }
}

fn row(tenant: &Tenant) -> Vec<String> {
    vec![
        tenant.id.to_string(),
        tenant.name.clone(),
        tenant.status.to_string(),
        tenant.country.clone().unwrap_or_default(),
        tenant.currency.clone(),
        tenant.members.to_string(),
        tenant.created_at.format("%F %R").to_string(),
    ]
}
