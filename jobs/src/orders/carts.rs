//! Carts. Each change locks the cart's row first, so that two changes at once come one after the other.

use super::{
    CartFilter, CartId, CartItem, CartView, ItemProblem, MAX_ITEMS, MAX_QUANTITY, OrderError,
    Wanted,
    store::carts::{self as store, Cart},
};
use crate::{
    Work,
    catalog::{self, Product, ProductId},
    contacts::{self, ContactId},
    violations::{Violations, invalid},
    workspaces,
};

/// The carts of a filter, newest first, before the given one. Names are in a language, or else in the workspace's.
pub async fn carts(
    work: &mut Work,
    filter: &CartFilter,
    language: Option<&str>,
    after: Option<CartId>,
    limit: i64,
) -> Result<Vec<CartView>, sqlx::Error> {
    let rows = store::list(work, filter, after, limit).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        views.push(describe(work, row, language).await?);
    }
    Ok(views)
}

/// The contact's open cart, if there is one.
pub async fn cart(
    work: &mut Work,
    contact: ContactId,
    language: Option<&str>,
) -> Result<Option<CartView>, sqlx::Error> {
    let filter = CartFilter {
        status: Some("open".into()),
        contact: Some(contact),
        ..CartFilter::default()
    };
    let mut found = carts(work, &filter, language, None, 1).await?;
    Ok(found.pop())
}

/// The contact's open cart. It is created if there is none.
///
/// # Errors
/// `NotFound`: the contact does not exist.
pub async fn open_cart(
    work: &mut Work,
    contact: ContactId,
    language: Option<&str>,
) -> Result<CartView, OrderError> {
    match contacts::get(work, contact).await {
        Err(sqlx::Error::RowNotFound) => {
            let rule = "there is no such contact".into();
            return Err(invalid("/contact_id", ("unknown", rule)).into());
        }
        known => known?,
    };
    let row = store::open(work, contact).await?;
    Ok(describe(work, row, language).await?)
}

/// Adds pieces of a product to the contact's cart.
pub async fn add(
    work: &mut Work,
    contact: ContactId,
    wanted: Wanted,
    language: Option<&str>,
) -> Result<CartView, OrderError> {
    put(work, contact, wanted, language, true).await
}

/// Sets the pieces of a product in the contact's cart.
pub async fn set_quantity(
    work: &mut Work,
    contact: ContactId,
    wanted: Wanted,
    language: Option<&str>,
) -> Result<CartView, OrderError> {
    put(work, contact, wanted, language, false).await
}

async fn put(
    work: &mut Work,
    contact: ContactId,
    wanted: Wanted,
    language: Option<&str>,
    more: bool,
) -> Result<CartView, OrderError> {
    let mut violations = Violations::default();
    check_quantity(&mut violations, "/quantity", wanted.quantity);
    violations.end()?;
    let business = workspaces::get(work).await?;
    let fallback = business.default_language.as_str();
    let language = language.unwrap_or(fallback);
    // A problem with the product is found before a cart is created.
    let id = wanted.product_id;
    let product = catalog::product(work, id, language, fallback).await?;
    let product = product.ok_or(OrderError::Unavailable(id))?;
    let row = store::open(work, contact).await?;
    let there = store::items(work, row.id).await?;
    let before = there.iter().find(|(product, _)| *product == id);
    let quantity = match before {
        Some((_, before)) if more => before + wanted.quantity,
        _ => wanted.quantity,
    };
    let mut violations = Violations::default();
    check_quantity(&mut violations, "/quantity", quantity);
    violations.unless(
        before.is_some() || there.len() < MAX_ITEMS,
        "/product_id",
        "too_many",
        format!("a cart has at most {MAX_ITEMS} different products"),
    );
    violations.end()?;
    if product.stock < quantity {
        return Err(short(&product));
    }
    let others: Vec<ProductId> = there
        .iter()
        .map(|(product, _)| *product)
        .filter(|product| *product != id)
        .collect();
    let others = catalog::offered(work, &others, language, fallback).await?;
    if let Some(other) = others.first() {
        same_currency(other, &product)?;
    }
    store::put(work, row.id, id, quantity).await?;
    reread(work, row.id, Some(language)).await
}

/// Removes a product from the contact's open cart. It need not be in the cart.
///
/// # Errors
/// `NotFound`: the contact has no open cart.
pub async fn remove(
    work: &mut Work,
    contact: ContactId,
    product: ProductId,
    language: Option<&str>,
) -> Result<CartView, OrderError> {
    take_out(work, contact, Some(product), language).await
}

/// Empties the contact's open cart.
///
/// # Errors
/// As [`remove`].
pub async fn clear(
    work: &mut Work,
    contact: ContactId,
    language: Option<&str>,
) -> Result<CartView, OrderError> {
    take_out(work, contact, None, language).await
}

async fn take_out(
    work: &mut Work,
    contact: ContactId,
    product: Option<ProductId>,
    language: Option<&str>,
) -> Result<CartView, OrderError> {
    let open = CartFilter {
        status: Some("open".into()),
        contact: Some(contact),
        ..CartFilter::default()
    };
    let there = store::list(work, &open, None, 1).await?;
    let there = there.first().ok_or(OrderError::NotFound("cart"))?;
    // It may have been ordered at this moment. Then it stays as it is.
    let row = store::lock(work, there.id).await?;
    let row = row.filter(|row| row.status == "open");
    let row = row.ok_or(OrderError::NotFound("cart"))?;
    store::take_out(work, row.id, product).await?;
    reread(work, row.id, language).await
}

async fn reread(
    work: &mut Work,
    id: CartId,
    language: Option<&str>,
) -> Result<CartView, OrderError> {
    let row = store::lock(work, id).await?;
    let row = row.ok_or(OrderError::NotFound("cart"))?;
    Ok(describe(work, row, language).await?)
}

/// The cart with the present prices of its products.
async fn describe(
    work: &mut Work,
    row: Cart,
    language: Option<&str>,
) -> Result<CartView, sqlx::Error> {
    let business = workspaces::get(work).await?;
    let fallback = business.default_language.as_str();
    let there = store::items(work, row.id).await?;
    let ids: Vec<ProductId> = there.iter().map(|(product, _)| *product).collect();
    let language = language.unwrap_or(fallback);
    let offered = catalog::offered(work, &ids, language, fallback).await?;
    let of = |id: ProductId| offered.iter().find(|product| product.id == id);
    // The product that was added first decides.
    let currency = there.iter().find_map(|(id, _)| of(*id));
    let currency = currency.map_or(business.currency, |product| {
        product.price.currency.to_string()
    });
    let items: Vec<CartItem> = there
        .iter()
        .map(|(id, quantity)| {
            let product = of(*id);
            let problem = match product {
                None => Some(ItemProblem::Unavailable),
                Some(product) if product.price.currency.code() != currency => {
                    Some(ItemProblem::OtherCurrency)
                }
                Some(product) if product.stock < *quantity => Some(ItemProblem::OutOfStock),
                Some(_) => None,
            };
            CartItem {
                product_id: *id,
                name: product.map(|p| p.name.clone()).unwrap_or_default(),
                quantity: *quantity,
                price_minor: product.map_or(0, |product| product.price.minor),
                problem,
            }
        })
        .collect();
    let total_minor = items
        .iter()
        .filter(|item| item.problem.is_none())
        .map(|item| item.price_minor.saturating_mul(i64::from(item.quantity)))
        .fold(0, i64::saturating_add);
    Ok(CartView {
        id: row.id,
        contact_id: row.contact,
        status: row.status,
        version: row.version,
        items,
        currency,
        total_minor,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

pub(super) fn check_quantity(violations: &mut Violations, pointer: &str, quantity: i32) {
    violations.unless(
        (1..=MAX_QUANTITY).contains(&quantity),
        pointer,
        "out_of_range",
        format!("must be 1 to {MAX_QUANTITY}"),
    );
}

pub(super) fn short(product: &Product) -> OrderError {
    OrderError::Short {
        product: product.id,
        name: product.name.clone(),
        left: product.stock,
    }
}

/// An order has one currency.
pub(super) fn same_currency(there: &Product, wanted: &Product) -> Result<(), OrderError> {
    if there.price.currency == wanted.price.currency {
        return Ok(());
    }
    Err(OrderError::MixedCurrency {
        there: there.price.currency.to_string(),
        wanted: wanted.price.currency.to_string(),
    })
}
