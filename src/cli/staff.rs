use clap::Subcommand;
use kazi_jobs::identity::{self, UserFilter};
use kazi_platform::{actor::Actor, database};

use super::output::Format;
use crate::{CliError, runtime::Runtime};

/// The most users of a list.
const MOST: i64 = 1_000;

/// Commands for the platform's own people. Only these make a user staff.
#[derive(Subcommand)]
pub enum Staff {
    /// Makes a user one of the staff. The user registers first, as everybody does.
    Add {
        /// The address of the user.
        email: String,
    },
    /// Takes the rights of the staff from a user, at once.
    Remove {
        /// The address of the user.
        email: String,
    },
    /// Lists the staff.
    List(Format),
}

impl Staff {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let ctx = &runtime.ctx;
        let (email, is_staff) = match &self {
            Self::Add { email } => (email, true),
            Self::Remove { email } => (email, false),
            Self::List(format) => return list(runtime, *format).await,
        };
        identity::set_staff(ctx, &Actor::OPERATOR, email, is_staff)
            .await
            .map_err(|error| match error {
                identity::IdentityError::NotFound(_) => {
                    format!("{email} has no account: let its owner register first").into()
                }
                other => CliError::from(other),
            })?;
        Ok(())
    }
}

async fn list(runtime: &Runtime, format: Format) -> Result<(), CliError> {
    // As the platform, because users stand above the workspaces.
    let mut tx = database::platform(&runtime.ctx.db).await?;
    let filter = UserFilter {
        is_staff: Some(true),
        ..UserFilter::default()
    };
    let staff = identity::users_of_platform(&mut tx, &filter, None, MOST).await?;
    format.rows(&["user", "address", "name"], &staff, |one| {
        vec![
            one.user.id.to_string(),
            one.user.email.clone(),
            one.user.name.clone().unwrap_or_default(),
        ]
    })
}
