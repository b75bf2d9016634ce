//! The scene for carts. Customers tap on everything, and can write a number of pieces.

pub(super) mod tools;
mod words;

use kazi_clients::whatsapp::ListRow;
use kazi_queue::JobError;
use serde_json::{Value, json};

use self::words::{problem_key, status_key};
use super::{
    Agreed, CartView, MAX_QUANTITY, OrderError, OrderFilter, Status, Wanted, carts, moves,
    notify::{money, total},
    place, store,
};
use crate::{
    Work,
    catalog::ProductId,
    conversations::{Heard, Say, Talk, TalkReply},
    locale,
    payments::OrderId,
};

/// Lines of a cart with a row of their own. A list has ten rows.
const ITEM_ROWS: usize = 6;
/// Orders in one list.
const ORDERS: i64 = 5;
/// The key of the product that the scene waits for a number of.
const QUANTITY: &str = "quantity_of";

/// Answers the customer. Returns `None` when the message is not for this scene.
pub async fn hear(
    work: &mut Work,
    talk: &Talk<'_>,
    at: Option<&Value>,
    heard: Heard<'_>,
) -> Result<Option<TalkReply>, JobError> {
    let scene = OrdersScene { talk };
    let answer = match heard {
        Heard::Opened => scene.show(work, None).await,
        Heard::Tap(tap) => scene.tapped(work, tap).await,
        Heard::Text(text) => {
            let product = at.and_then(|at| at[QUANTITY].as_str()?.parse().ok());
            match (product, locale::number(text)) {
                (Some(product), Some(number)) => scene.set(work, product, number).await,
                // A text is not for this scene.
                _ => return Ok(None),
            }
        }
        Heard::File { .. } => return Ok(None),
    };
    match answer {
        Ok(reply) => Ok(reply),
        Err(error) => {
            let excuse = scene.excuse(error)?;
            let reply = scene.show(work, Some(excuse)).await;
            reply.map_err(|error| JobError::retry("cart", error))
        }
    }
}

type Answer = Result<Option<TalkReply>, OrderError>;

/// The cart of the customer.
struct OrdersScene<'a> {
    talk: &'a Talk<'a>,
}

impl OrdersScene<'_> {
    async fn tapped(&self, work: &mut Work, tap: &str) -> Answer {
        let (what, rest) = tap.split_once(':').unwrap_or((tap, ""));
        let product = rest.parse::<ProductId>().ok();
        match (what, product) {
            ("show", _) => self.show(work, None).await,
            ("orders", _) => self.orders(work).await,
            ("clear", _) => {
                let contact = self.talk.contact.id;
                carts::clear(work, contact, self.language()).await?;
                self.show(work, None).await
            }
            ("order", _) => self.order(work, rest).await,
            ("cancel", _) => match rest.parse() {
                Ok(order) => self.cancel(work, order).await,
                Err(_) => Ok(None),
            },
            ("add", Some(product)) => self.add(work, product).await,
            ("item", Some(product)) => self.item(work, product).await,
            ("more", Some(product)) => self.change(work, product, 1).await,
            ("less", Some(product)) => self.change(work, product, -1).await,
            ("ask", Some(product)) => self.ask(work, product).await,
            ("remove", Some(product)) => self.change(work, product, -MAX_QUANTITY).await,
            _ => Ok(None),
        }
    }

    async fn add(&self, work: &mut Work, product_id: ProductId) -> Answer {
        let contact = self.talk.contact.id;
        let wanted = Wanted {
            product_id,
            quantity: 1,
        };
        let cart = carts::add(work, contact, wanted, self.language()).await?;
        let added = cart.items.iter().find(|item| item.product_id == product_id);
        let name = added.map_or("", |item| &item.name);
        let quantity = added.map_or(0, |item| item.quantity).to_string();
        let fill = [("name", name), ("quantity", &quantity)];
        let total = money(cart.total_minor, &cart.currency);
        let text = format!(
            "{}\n{}",
            self.text("cart-added", &fill),
            self.text("cart-total", &[("total", &total)])
        );
        let rows = vec![
            self.order_row(&cart),
            self.row("cart:show", "cart-show"),
            self.row("svc:shop", "cart-shop"),
        ];
        Ok(said(Say::Choice { text, rows }))
    }

    /// Shows the cart, after a first text.
    async fn show(&self, work: &mut Work, first: Option<String>) -> Answer {
        let contact = self.talk.contact.id;
        let cart = carts::cart(work, contact, self.language()).await?;
        let cart = cart.filter(|cart| !cart.items.is_empty());
        let mut lines: Vec<String> = first.into_iter().collect();
        let mut rows = Vec::new();
        match cart {
            None => lines.push(self.text("cart-empty", &[])),
            Some(cart) => {
                lines.push(self.text("cart-title", &[]));
                lines.extend(cart.items.iter().map(|item| {
                    let amount = item.price_minor.saturating_mul(item.quantity.into());
                    let end = match item.problem {
                        None => money(amount, &cart.currency),
                        Some(problem) => format!("⚠️ {}", self.text(problem_key(problem), &[])),
                    };
                    format!("{} × {} – {end}", item.quantity, self.name(&item.name))
                }));
                let total = money(cart.total_minor, &cart.currency);
                lines.push(self.text("cart-total", &[("total", &total)]));
                if cart.items.iter().all(|item| item.problem.is_none()) {
                    rows.push(self.order_row(&cart));
                }
                rows.extend(cart.items.iter().take(ITEM_ROWS).map(|item| ListRow {
                    id: format!("cart:item:{}", item.product_id),
                    title: format!("✏️ {}", self.name(&item.name)),
                    description: Some(format!("{} ×", item.quantity)),
                }));
                rows.push(self.row("cart:clear", "cart-clear"));
            }
        }
        rows.push(self.row("svc:shop", "cart-shop"));
        rows.push(self.row("cart:orders", "cart-orders"));
        let text = lines.join("\n");
        Ok(said(Say::Choice { text, rows }))
    }

    async fn item(&self, work: &mut Work, product: ProductId) -> Answer {
        let contact = self.talk.contact.id;
        let cart = carts::cart(work, contact, self.language()).await?;
        let item = cart
            .iter()
            .flat_map(|cart| &cart.items)
            .find(|item| item.product_id == product);
        let Some(item) = item else {
            return self.show(work, None).await;
        };
        let quantity = item.quantity.to_string();
        let fill = [("name", self.name(&item.name)), ("quantity", quantity)];
        let fill = fill.each_ref().map(|(key, value)| (*key, value.as_str()));
        let text = self.text("cart-item", &fill);
        let row = |what: &str, key| self.row(&format!("cart:{what}:{product}"), key);
        let mut rows = vec![
            row("more", "cart-more"),
            row("less", "cart-less"),
            row("ask", "cart-other"),
            row("remove", "cart-remove"),
        ];
        rows.push(self.row("cart:show", "cart-show"));
        Ok(said(Say::Choice { text, rows }))
    }

    /// Adds or removes pieces of a product. With none left, the product is removed.
    async fn change(&self, work: &mut Work, product_id: ProductId, by: i32) -> Answer {
        let contact = self.talk.contact.id;
        let language = self.language();
        let cart = carts::cart(work, contact, language).await?;
        let there = cart
            .iter()
            .flat_map(|cart| &cart.items)
            .find(|item| item.product_id == product_id);
        let quantity = there.map_or(0, |item| item.quantity) + by;
        if quantity > 0 {
            let wanted = Wanted {
                product_id,
                quantity,
            };
            carts::set_quantity(work, contact, wanted, language).await?;
        } else if there.is_some() {
            carts::remove(work, contact, product_id, language).await?;
        }
        self.show(work, None).await
    }

    async fn ask(&self, work: &mut Work, product: ProductId) -> Answer {
        let contact = self.talk.contact.id;
        let cart = carts::cart(work, contact, self.language()).await?;
        let item = cart
            .iter()
            .flat_map(|cart| &cart.items)
            .find(|item| item.product_id == product);
        let name = item.map(|item| self.name(&item.name)).unwrap_or_default();
        let most = MAX_QUANTITY.to_string();
        let fill = [("name", name.as_str()), ("most", &most)];
        Ok(Some(TalkReply {
            // Without choices, because a written number would be taken for a choice.
            says: vec![Say::Text(self.text("cart-ask-quantity", &fill))],
            next: Some(json!({QUANTITY: product})),
        }))
    }

    async fn set(&self, work: &mut Work, product_id: ProductId, number: usize) -> Answer {
        let quantity = i32::try_from(number).unwrap_or(i32::MAX);
        if !(1..=MAX_QUANTITY).contains(&quantity) {
            return self.ask(work, product_id).await;
        }
        let contact = self.talk.contact.id;
        let wanted = Wanted {
            product_id,
            quantity,
        };
        carts::set_quantity(work, contact, wanted, self.language()).await?;
        self.show(work, None).await
    }

    /// Orders the cart as it was shown: `shown` has its id, version and total.
    async fn order(&self, work: &mut Work, shown: &str) -> Answer {
        let mut parts = shown.split(':');
        let mut part = || parts.next().unwrap_or_default();
        let (Ok(cart_id), Ok(version), Ok(total_minor)) =
            (part().parse(), part().parse(), part().parse())
        else {
            return Ok(None);
        };
        let agreed = Agreed {
            cart_id,
            version,
            total_minor,
            note: String::new(),
        };
        let contact = self.talk.contact.id;
        let channel = Some(self.talk.channel);
        let placed = place::order_cart(work, contact, channel, &agreed).await?;
        let order = placed.order;
        let (number, total) = (order.number.to_string(), total(&order));
        let fill = [("number", number.as_str()), ("total", &total)];
        let key = if placed.new {
            "cart-ordered"
        } else {
            "cart-ordered-already"
        };
        let mut rows = Vec::new();
        if order.status == Status::PendingPayment {
            rows.push(self.cancel_row(order.id, order.number));
        }
        rows.push(self.row("cart:orders", "cart-orders"));
        rows.push(self.row("menu", "menu-title"));
        let text = self.text(key, &fill);
        Ok(said(Say::Choice { text, rows }))
    }

    async fn orders(&self, work: &mut Work) -> Answer {
        let contact = self.talk.contact.id;
        let theirs = OrderFilter {
            contact: Some(contact),
            ..OrderFilter::default()
        };
        let orders = store::orders(work, &theirs, None, ORDERS).await?;
        let mut rows = Vec::new();
        let mut lines: Vec<String> = Vec::new();
        for order in &orders {
            let status = self.text(status_key(order.status), &[]);
            lines.push(format!("{} · {} · {status}", order.number, total(order)));
            if let Some(url) = &order.payment_url {
                lines.push(url.clone());
            }
            if order.status == Status::PendingPayment {
                rows.push(self.cancel_row(order.id, order.number));
            }
        }
        if lines.is_empty() {
            lines.push(self.text("cart-no-orders", &[]));
        }
        rows.push(self.row("cart:show", "cart-show"));
        rows.push(self.row("menu", "menu-title"));
        let text = lines.join("\n");
        Ok(said(Say::Choice { text, rows }))
    }

    async fn cancel(&self, work: &mut Work, id: OrderId) -> Answer {
        let contact = self.talk.contact.id;
        let order = store::order(work, id).await?;
        // Only the customer's own order, because anybody can invent an id.
        if order.is_none_or(|order| order.contact_id != contact) {
            return self.orders(work).await;
        }
        match moves::cancel(work, id).await {
            // The order itself tells the customer, as with every cancellation.
            Ok(_) => Ok(Some(TalkReply::default())),
            Err(OrderError::Refused(_)) => Ok(said(Say::Text(self.text("cart-cancel-late", &[])))),
            Err(error) => Err(error),
        }
    }

    /// The text for a customer when something cannot be done.
    fn excuse(&self, error: OrderError) -> Result<String, JobError> {
        Ok(match error {
            OrderError::Short { name, left, .. } => {
                let left = left.to_string();
                let fill = [("name", name.as_str()), ("left", left.as_str())];
                self.text("cart-short", &fill)
            }
            OrderError::Unavailable(_) => self.text("cart-gone", &[]),
            OrderError::MixedCurrency { .. } => self.text("cart-mixed", &[]),
            OrderError::Invalid(_) => self.text("cart-too-much", &[]),
            OrderError::NotPayable(_) => self.text("cart-not-payable", &[]),
            OrderError::Changed
            | OrderError::Empty
            | OrderError::NotFound(_)
            | OrderError::Refused(_) => self.text("cart-changed", &[]),
            OrderError::Database(error) => return Err(error.into()),
            OrderError::Enqueue(error) => return Err(error.into()),
        })
    }

    fn language(&self) -> Option<&str> {
        Some(self.talk.language)
    }

    fn text(&self, key: &str, fill: &[(&'static str, &str)]) -> String {
        locale::text(self.talk.language, key, fill)
    }

    /// A product that is not sold any more has no name.
    fn name(&self, name: &str) -> String {
        match name {
            "" => self.text("cart-gone", &[]),
            name => name.to_owned(),
        }
    }

    fn row(&self, id: &str, key: &str) -> ListRow {
        ListRow {
            id: id.to_owned(),
            title: self.text(key, &[]),
            description: None,
        }
    }

    fn order_row(&self, cart: &CartView) -> ListRow {
        let (id, version, total) = (cart.id, cart.version, cart.total_minor);
        self.row(&format!("cart:order:{id}:{version}:{total}"), "cart-order")
    }

    fn cancel_row(&self, id: OrderId, number: i64) -> ListRow {
        let number = number.to_string();
        ListRow {
            id: format!("cart:cancel:{id}"),
            title: self.text("cart-cancel", &[("number", &number)]),
            description: None,
        }
    }
}

/// An answer after which the scene does not hold the conversation; the customer goes on with a tap.
fn said(say: Say) -> Option<TalkReply> {
    let says = vec![say];
    Some(TalkReply { says, next: None })
}
