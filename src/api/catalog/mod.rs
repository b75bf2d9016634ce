//! What the business sells.

mod categories;
mod products;

use crate::api::routes::Routes;

pub fn routes() -> Vec<Routes> {
    vec![categories::routes(), products::routes()]
}
