//! Users, customers and programs: how they log in, and what they may do with their own account.

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
