//! What the business sells, and the bot's menu.

mod categories;
mod menu_items;
mod products;

use kazi_jobs::catalog::{CategoryError, MenuItemError, ProductError};

use crate::api::{
    errors::{IN_USE, TAKEN, of_database},
    routes::Routes,
};
use crate::problem::{NOT_FOUND, Problem};

pub fn routes() -> Vec<Routes> {
    vec![
        categories::routes(),
        menu_items::routes(),
        products::routes(),
    ]
}

impl From<CategoryError> for Problem {
    fn from(error: CategoryError) -> Self {
        match error {
            CategoryError::Invalid(invalid) => invalid.into(),
            CategoryError::Database(error) => of_database(error, |constraint| match constraint {
                "categories_workspace_id_slug_key" => {
                    Some(TAKEN.about("/slug", "taken", "another category has this slug"))
                }
                "products_workspace_id_category_id_fkey" => {
                    Some(IN_USE.detail("Products are in this category."))
                }
                _ => None,
            }),
        }
    }
}

impl From<MenuItemError> for Problem {
    fn from(error: MenuItemError) -> Self {
        match error {
            MenuItemError::Invalid(invalid) => invalid.into(),
            MenuItemError::Database(error) => of_database(error, |constraint| {
                (constraint == "services_workspace_id_key_key")
                    .then(|| TAKEN.about("/key", "taken", "another menu item has this key"))
            }),
        }
    }
}

impl From<ProductError> for Problem {
    fn from(error: ProductError) -> Self {
        match error {
            ProductError::Invalid(invalid) => invalid.into(),
            ProductError::NotFound => NOT_FOUND,
            ProductError::Database(error) => of_database(error, |constraint| {
                (constraint == "products_sku")
                    .then(|| TAKEN.about("/sku", "taken", "another product has this number"))
            }),
            ProductError::Enqueue(error) => error.into(),
        }
    }
}
