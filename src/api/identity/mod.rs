//! Users, customers and programs: log-in and the calls about their own account.

mod api_keys;
mod customer;
mod log_in;
mod me;
mod second_factor;
mod sessions;

use crate::api::routes::Routes;

pub fn routes() -> Vec<Routes> {
    vec![
        log_in::routes(),
        second_factor::routes(),
        sessions::routes(),
        me::routes(),
        customer::routes(),
        api_keys::routes(),
    ]
}
