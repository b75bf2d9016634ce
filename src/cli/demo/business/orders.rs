//! The menu item of the cart.

use kazi_jobs::{
    Work,
    catalog::{self, Text},
};

use crate::CliError;

pub async fn make(work: &mut Work) -> Result<(), CliError> {
    let titles = [
        ("en", "🛒 My cart"),
        ("fr", "🛒 Mon panier"),
        ("es", "🛒 Mi carrito"),
        ("pt", "🛒 O meu carrinho"),
        ("ar", "🛒 سلتي"),
        ("hi", "🛒 मेरा कार्ट"),
    ];
    let titles: Text = titles
        .map(|(language, title)| (language.to_owned(), title.to_owned()))
        .into();
    catalog::add_menu_item(work, "cart", 15, &titles, &Text::new()).await?;
    Ok(())
}
