//! The catalogue: the items of the menu, and the products with their texts and their stock.

mod category;
mod input;
mod low_stock;
mod menu_item;
mod model;
mod product;
mod stock;
mod store;

use kazi_queue::Registry;

use crate::{
    Context,
    domain::{Domain, Figures},
    notifications::kinds,
    permission::permissions,
};
pub use category::{
    Category, CategoryError, CategoryPatch, NewCategory, create_category, delete_category,
    update_category,
};
pub use input::{ProductInput, ProductPatch};
pub use low_stock::LowStock;
pub use menu_item::{
    MenuItemError, MenuItemPatch, MenuItemView, NewMenuItem, create_menu_item, delete_menu_item,
    update_menu_item,
};
pub use model::{CategoryId, Likeness, MenuItem, MenuItemId, NewProduct, Product, ProductId, Text};
pub use product::{
    ProductError, ProductFilter, ProductText, ProductView, create_product, delete_product, find,
    lock_product, update_product, view as product_view,
};
pub use stock::{StockChange, adjust_stock, change_stock, hold_offered};
pub use store::{
    add_menu_item, add_product,
    categories::{categories, category, lock_category},
    likeness::alike,
    menu,
    menu_items::{lock_menu_item, menu_item, menu_items},
    product,
    products::{offered, products},
    search,
};

pub(crate) const DOMAIN: Domain = Domain {
    name: "catalog",
    floor: 3,
    jobs,
    tables: &["product_texts", "products", "categories", "services"],
    offers: &[
        &PERMISSIONS,
        &NOTIFICATIONS,
        &Figures(include_str!("figures.txt")),
    ],
};

permissions! {
    /// Categories, services, products.
    CATALOG_READ = "catalog.read", Viewer;
    /// Changes them.
    CATALOG_WRITE = "catalog.write", Admin;
}

kinds! {
    /// Of a product only a few are left.
    LOW_STOCK = "low_stock";
}

fn jobs(registry: Registry<Context>) -> Registry<Context> {
    registry.register::<LowStock>()
}
