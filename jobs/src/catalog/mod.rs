//! Catalogue: the services of the menu, and the products with their words in each language.

mod category;
mod model;
mod store;

pub use category::{
    Category, CategoryError, CategoryId, CategoryPatch, NewCategory, create_category,
    delete_category, update_category,
};
pub use model::{NewProduct, Product, ProductId, ServiceItem, Text};
pub use store::{
    add_product, add_service,
    categories::{categories, category, lock_category},
    product, search, services,
};
