//! A business with payments: its account at Stripe, its products, and its customers' orders.

use std::collections::BTreeMap;

use kazi_jobs::{
    Context, Work,
    catalog::{self, NewProduct},
    contacts::{self, NewContact},
    orders::{self, NewOrder, Wanted},
    payments::{self, NewAccount, PaymentId},
    pools,
};
use kazi_platform::{Money, WorkspaceId, actor::Actor};
use kazi_queue::lanes::{self, Limits};
use kazi_simulators::{Simulators, StripeAccount};

use crate::CliError;

pub const ACCOUNT: &str = "acct_bench";
const KEY: &str = "sk_test_bench";
const SECRET: &str = "whsec_bench";
pub const PRODUCTS: i64 = 20;
pub const STOCK: i32 = 1_000_000;
const CUSTOMERS: u32 = 500;

/// An order with its total.
pub struct Placed {
    pub cents: i64,
    pub pieces: i64,
}

/// Places orders of one or two products with different prices.
pub async fn place(
    ctx: &Context,
    workspace: WorkspaceId,
    count: u32,
) -> Result<BTreeMap<PaymentId, Placed>, CliError> {
    let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
    let mut products = Vec::new();
    for number in 0..PRODUCTS {
        let new = NewProduct {
            sku: &format!("P-{number}"),
            price: Money {
                minor: 500 + number * 37,
                currency: "USD".parse()?,
            },
            image_url: None,
            stock: STOCK,
            texts: &[("en", "A product", "")],
        };
        products.push(catalog::add_product(&mut work, &new).await?);
    }
    let mut customers = Vec::new();
    for number in 0..CUSTOMERS {
        let new = NewContact {
            phone: Some(format!("+2547{number:08}")),
            ..NewContact::default()
        };
        let made = contacts::create(&mut work, &new).await?;
        customers.push(made.id);
    }
    work.commit().await?;
    let mut placed = BTreeMap::new();
    for number in 0..count {
        let index = number as usize;
        let line = |at: usize, quantity| Wanted {
            product_id: products[at % products.len()],
            quantity,
        };
        let mut items = vec![line(index, 1 + (number % 3).cast_signed())];
        if number.is_multiple_of(2) {
            items.push(line(index + 1, 1));
        }
        let new = NewOrder {
            contact_id: customers[index % customers.len()],
            items,
            note: String::new(),
        };
        let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
        let order = orders::order_for(&mut work, &new).await?;
        work.commit().await?;
        let order_is = Placed {
            cents: order.total_minor,
            pieces: order
                .items
                .iter()
                .map(|item| i64::from(item.quantity))
                .sum(),
        };
        placed.insert(orders::payment_of(order.id), order_is);
    }
    Ok(placed)
}

/// Connects the business with the simulated Stripe.
pub async fn connect(
    ctx: &Context,
    workspace: WorkspaceId,
    simulators: &Simulators,
    own: &str,
) -> Result<(), CliError> {
    let mut account = StripeAccount {
        account: ACCOUNT.into(),
        key: KEY.into(),
        webhook_secret: SECRET.into(),
        webhook_url: String::new(),
    };
    simulators.add_stripe(account.clone());
    let new = NewAccount {
        key: KEY.into(),
        webhook_secret: Some(SECRET.into()),
    };
    let connected = payments::put_account(ctx, workspace, &Actor::OPERATOR, &new).await?;
    account.webhook_url = payments::webhook_url(own, connected.id);
    simulators.add_stripe(account);
    // The machine is measured, and not Stripe's limit.
    let limits = Limits {
        rate: Some((10_000.0, 10_000)),
        reserved: 0,
        max_running: None,
    };
    let mut conn = ctx.owner.acquire().await?;
    lanes::set(
        &mut conn,
        pools::PAYMENTS,
        &connected.id.to_string(),
        &limits,
    )
    .await?;
    Ok(())
}
