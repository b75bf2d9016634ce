//! Identity: users, sessions and keys, and how a caller proves to be one.
//!
//! A user registers, proves the address by a code and logs in with a password, and a second factor where they have one.
//! A log-in is a session: a family of refresh tokens, each good once. Customers log in by a code over WhatsApp; programs
//! show a key. Access tokens are not made here: what asks here is told a session, and asks again whether it is alive.
//!
//! No answer tells whether an account exists. Tries are counted in a way that a stranger cannot lock the owner out.

mod account;
mod api_keys;
mod codes;
mod customers;
mod error;
mod input;
mod lockout;
mod log_in;
mod model;
mod password;
mod purge;
mod secret;
mod send_code;
mod session;
mod staff;
mod store;
mod totp;
mod users;

use kazi_platform::actor::Actor;
use kazi_queue::{Registry, cron::Schedule};
use sqlx::PgConnection;

use crate::{
    Context,
    audit::{self, Change},
    domain::Domain,
    notifications::Mailboxes,
    permission::permissions,
};
pub use account::{
    change_password, create_user, forgot_password, register, request_email_code, reset_password,
    set_disabled, verify_email,
};
pub use api_keys::{
    ApiKeyId, ApiKeyRecord, ApiKeyView, ApiToken, NewApiKey, api_key, create_api_key,
    list_api_keys, revoke_api_key, touch_api_key,
};
pub use customers::{
    CustomerLogIn, CustomerVerify, customer_alive, customer_log_in, customer_verify,
};
pub use error::IdentityError;
pub use input::{ChangePassword, LogIn, Register, ResetPassword, UpdateUser, VerifyEmail};
pub use log_in::{log_in, log_in_totp};
pub use model::{
    CodeId, LoggedIn, LoginOutcome, Origin, Person, Refreshed, SessionId, SessionView, Subject,
    UserState, UserView,
};
pub use purge::PurgeExpired;
pub use send_code::SendCode;
pub use session::{list_sessions, refresh, revoke_all_sessions, revoke_session, session_alive};
pub use staff::{
    SeenUser, UserFilter, set_staff, user as user_of_platform, users as users_of_platform,
};
pub use totp::{
    Enrolment, confirm_totp, count_recovery_codes, disable_totp, enrol_totp, renew_recovery_codes,
    step_up,
};
pub use users::{get_user, people, request_phone_code, update_user, user_by_email, verify_phone};

pub(crate) const DOMAIN: Domain = Domain {
    name: "identity",
    floor: 7,
    jobs,
    tables: &["api_keys", "sessions", "one_time_codes"],
    offers: &[
        &PERMISSIONS,
        &Mailboxes {
            of: |ctx, user| Box::pin(users::mailbox(ctx, user.into())),
        },
    ],
};

permissions! {
    /// Makes and revokes keys for programs.
    API_KEYS_MANAGE = "api_keys.manage", Admin, step_up, not_for_keys;
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    let nightly = Schedule::new("identity.purge_expired", "47 3 * * *");
    registry
        .register::<SendCode>()
        .register::<PurgeExpired>()
        .schedule(nightly, &PurgeExpired {})
}

/// Records a change of a user or a session, which belong to no workspace.
async fn audited(
    conn: &mut PgConnection,
    actor: &Actor,
    change: &Change,
) -> Result<(), sqlx::Error> {
    audit::record(conn, None, actor, change).await
}

#[cfg(test)]
pub(crate) mod tests;
