//! Catalogue: the services of the menu, and the products with their words in each language.

mod model;
mod store;

pub use model::{NewProduct, Product, ProductId, ServiceItem, Text};
pub use store::{add_product, add_service, product, search, services};
