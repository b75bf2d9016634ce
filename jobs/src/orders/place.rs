//! Places orders: one transaction takes the stock, freezes names and prices, and requests the payment.

use chrono::TimeDelta;
use kazi_platform::Money;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    Agreed, CartId, Expire, MAX_ITEMS, OrderError, OrderItem, OrderView, Status, Wanted,
    carts::{check_quantity, same_currency, short},
    model::MAX_NOTE,
    store,
};
use crate::{
    Work,
    audit::Change,
    catalog::{self, ProductId},
    channels::ChannelId,
    contacts::{self, Contact, ContactId},
    endpoints::announce,
    payments::{self, NewPayment, OrderId, PaymentId, Subject},
    violations::{Violations, invalid},
    workspaces,
};

/// Time that an order can be paid.
const TO_PAY: TimeDelta = TimeDelta::hours(1);

/// An order that a member places for a contact.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewOrder)]
pub struct NewOrder {
    pub contact_id: ContactId,
    /// 1 to 50 different products of one currency.
    #[schema(min_items = 1, max_items = 50)]
    pub items: Vec<Wanted>,
    /// A remark for the business.
    #[serde(default)]
    #[schema(example = "Please ring twice.", max_length = 500)]
    pub note: String,
}

/// An order, and whether this call has placed it.
#[derive(Clone, Debug)]
pub struct Placed {
    pub order: OrderView,
    /// False: it was placed before.
    pub new: bool,
}

/// The id of an order's payment.
pub fn payment_of(order: OrderId) -> PaymentId {
    PaymentId::derived(order.uuid(), 1)
}

/// Orders a contact's cart as the contact has seen it. A cart is ordered once; a second call returns the order.
pub async fn order_cart(
    work: &mut Work,
    contact: ContactId,
    channel: Option<ChannelId>,
    agreed: &Agreed,
) -> Result<Placed, OrderError> {
    let mut violations = Violations::default();
    violations.text("/note", &agreed.note, 0, MAX_NOTE);
    violations.end()?;
    let contact = contacts::get(work, contact).await?;
    // Of two clicks at once, the second waits here and finds the cart ordered.
    let cart = store::carts::lock(work, agreed.cart_id).await?;
    let cart = cart.filter(|cart| cart.contact == contact.id);
    let cart = cart.ok_or(OrderError::NotFound("cart"))?;
    if let Some(there) = store::of_cart(work, cart.id).await? {
        let order = store::order(work, there).await?;
        let order = order.ok_or(OrderError::NotFound("order"))?;
        return Ok(Placed { order, new: false });
    }
    if cart.status != "open" || cart.version != agreed.version {
        return Err(OrderError::Changed);
    }
    let wanted: Vec<Wanted> = store::carts::items(work, cart.id)
        .await?
        .into_iter()
        .map(|(product_id, quantity)| Wanted {
            product_id,
            quantity,
        })
        .collect();
    let order = Order {
        contact: &contact,
        cart: Some(cart.id),
        channel,
        wanted: &wanted,
        note: &agreed.note,
        agreed: Some(agreed.total_minor),
    };
    let order = order.place(work).await?;
    store::carts::set_ordered(work, cart.id).await?;
    Ok(Placed { order, new: true })
}

/// Places an order for a contact.
pub async fn order_for(work: &mut Work, new: &NewOrder) -> Result<OrderView, OrderError> {
    let mut violations = Violations::default();
    violations.text("/note", &new.note, 0, MAX_NOTE);
    violations.unless(
        (1..=MAX_ITEMS).contains(&new.items.len()),
        "/items",
        "length",
        format!("must have 1 to {MAX_ITEMS} products"),
    );
    for (index, item) in new.items.iter().enumerate().take(MAX_ITEMS) {
        let pointer = format!("/items/{index}/quantity");
        check_quantity(&mut violations, &pointer, item.quantity);
        let twice = new.items[..index]
            .iter()
            .any(|other| other.product_id == item.product_id);
        let pointer = format!("/items/{index}/product_id");
        violations.unless(!twice, pointer, "twice", "must stand here once");
    }
    violations.end()?;
    let contact = match contacts::get(work, new.contact_id).await {
        Err(sqlx::Error::RowNotFound) => {
            let rule = "there is no such contact".into();
            return Err(invalid("/contact_id", ("unknown", rule)).into());
        }
        contact => contact?,
    };
    let order = Order {
        contact: &contact,
        cart: None,
        channel: None,
        wanted: &new.items,
        note: &new.note,
        agreed: None,
    };
    order.place(work).await
}

/// The input of an order.
struct Order<'a> {
    contact: &'a Contact,
    cart: Option<CartId>,
    channel: Option<ChannelId>,
    wanted: &'a [Wanted],
    note: &'a str,
    /// The total that the customer has agreed to.
    agreed: Option<i64>,
}

impl Order<'_> {
    /// Checks everything before it writes anything, because a caller may go on after an error.
    async fn place(&self, work: &mut Work) -> Result<OrderView, OrderError> {
        let business = workspaces::get(work).await?;
        let fallback = business.default_language.as_str();
        let language = self.contact.language.as_deref().unwrap_or(fallback);
        let ids: Vec<ProductId> = self.wanted.iter().map(|item| item.product_id).collect();
        // The products stay locked until the transaction ends, so nobody else sells them.
        let offered = catalog::hold_offered(work, &ids, language, fallback).await?;
        let mut items = Vec::with_capacity(self.wanted.len());
        let mut total: i64 = 0;
        for Wanted {
            product_id,
            quantity,
        } in self.wanted
        {
            let product = offered.iter().find(|product| product.id == *product_id);
            let product = product.ok_or(OrderError::Unavailable(*product_id))?;
            if let Some(first) = offered.first() {
                same_currency(first, product)?;
            }
            if product.stock < *quantity {
                metrics::counter!("kazi_orders_refused_total", "reason" => "out_of_stock")
                    .increment(1);
                return Err(short(product));
            }
            let price = product.price.minor;
            total = total.saturating_add(price.saturating_mul(i64::from(*quantity)));
            items.push(OrderItem {
                product_id: product.id,
                sku: product.sku.clone(),
                name: product.name.clone(),
                quantity: *quantity,
                price_minor: price,
            });
        }
        let Some(currency) = offered.first().map(|product| product.price.currency) else {
            return Err(OrderError::Empty);
        };
        if self.agreed.is_some_and(|agreed| agreed != total) {
            return Err(OrderError::Changed);
        }
        let total = Money {
            minor: total,
            currency,
        };
        if let Some(rule) = payments::refusal(total) {
            let rule = format!("comes to {total}, which {rule}");
            let why = invalid("/items", ("total_not_payable", rule));
            return Err(OrderError::NotPayable(why));
        }
        let id = OrderId::at(work.now());
        let expires_at = work.now() + TO_PAY;
        let new = store::NewOrder {
            id,
            contact: self.contact.id,
            cart: self.cart,
            channel: self.channel,
            total,
            note: self.note,
            items: &items,
            expires_at,
            at: work.now(),
        };
        let number = store::insert(work, &new).await?;
        let taken: Vec<(ProductId, i32)> = items
            .iter()
            .map(|item| (item.product_id, -item.quantity))
            .collect();
        catalog::change_stock(work, &taken).await?;
        let payment = NewPayment {
            id: payment_of(id),
            subject: Subject::Order(id),
            contact: self.contact.id,
            amount: total,
            description: &format!("{number} · {}", fit(&business.name)),
            expires_at,
        };
        payments::request(work, &payment).await?;
        let expire = Expire {
            workspace: work.workspace(),
            order: id,
        };
        expire.enqueue_at(work.conn(), expires_at).await?;
        let after = json!({"number": number, "contact_id": self.contact.id, "total_minor": total.minor,
                           "currency": total.currency, "items": items});
        work.audit(&Change::created("orders.place", ("order", id), &after))
            .await?;
        announce(work, Status::PendingPayment.announced(), id).await?;
        metrics::counter!("kazi_orders_total", "event" => "placed").increment(1);
        let order = store::order(work, id).await?;
        order.ok_or(OrderError::NotFound("order"))
    }
}

/// The business's name, cut to the description of a payment.
fn fit(name: &str) -> String {
    name.chars().take(200).collect()
}
