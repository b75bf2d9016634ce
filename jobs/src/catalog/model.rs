//! Services and products as values.

use std::collections::BTreeMap;

use kazi_platform::{Money, id};

id!(
    /// A product.
    pub struct ProductId, "prd_"
);

/// A service as the menu shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuItem {
    /// What a tap on it means.
    pub key: String,
    /// In the reader's language.
    pub title: String,
    /// In the reader's language.
    pub description: Option<String>,
}

/// Words by language.
pub type Text = BTreeMap<String, String>;

/// A product in one language.
#[derive(Clone, Debug)]
pub struct Product {
    pub id: ProductId,
    /// The business's own number.
    pub sku: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: String,
    /// What it costs.
    pub price: Money,
    pub image_url: Option<String>,
    /// How many there are.
    pub stock: i32,
}

/// A product to be added.
#[derive(Clone, Debug)]
pub struct NewProduct<'a> {
    /// The business's own number.
    pub sku: &'a str,
    /// What it costs.
    pub price: Money,
    pub image_url: Option<&'a str>,
    /// How many there are.
    pub stock: i32,
    /// Language, name, description.
    pub texts: &'a [(&'a str, &'a str, &'a str)],
}
