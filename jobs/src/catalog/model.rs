//! Menu items and products as values.

use std::collections::BTreeMap;

use kazi_platform::{Money, id};

use crate::locale;

id!(
    pub struct CategoryId, "cat_"
);

id!(
    pub struct MenuItemId, "mit_"
);

id!(
    pub struct ProductId, "prd_"
);

/// An item of the bot's menu, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuItem {
    /// Its tap has the id `svc:<key>`.
    pub key: String,
    pub title: String,
    pub description: Option<String>,
}

/// Texts by language.
pub type Text = BTreeMap<String, String>;

/// A product in one language.
#[derive(Clone, Debug)]
pub struct Product {
    pub id: ProductId,
    /// The business's own number.
    pub sku: String,
    pub name: String,
    pub description: String,
    pub price: Money,
    pub image_url: Option<String>,
    pub stock: i32,
}

impl Product {
    /// Describes the product to a customer: under its image, or as a text.
    pub fn caption(&self, language: &str) -> String {
        let stock = match self.stock > 0 {
            true => "in-stock",
            false => "out-of-stock",
        };
        let stock = locale::text(language, stock, &[]);
        let (name, price, description) = (&self.name, &self.price, &self.description);
        format!("*{name}*\n{price} · {stock}\n\n{description}")
    }
}

/// How a text is like the words of a question. A word that many texts have counts less than a rare one.
#[derive(Default, Clone, Debug)]
pub struct Likeness {
    /// Words that the text has: the sum of their ranks, or 0.
    pub words: f32,
    /// Words with almost the same letters: the sum of what they share, or 0.
    pub letters: f32,
    /// The places of these words in the question, from 1.
    pub places: Vec<i64>,
    /// How far each of them is the same word: from 0 to 1.
    pub degrees: Vec<f32>,
    /// The number of texts that have each of them.
    pub spreads: Vec<i64>,
}

#[derive(Clone, Debug)]
pub struct NewProduct<'a> {
    /// The business's own number.
    pub sku: &'a str,
    pub price: Money,
    pub image_url: Option<&'a str>,
    pub stock: i32,
    /// Language, name and description.
    pub texts: &'a [(&'a str, &'a str, &'a str)],
}
