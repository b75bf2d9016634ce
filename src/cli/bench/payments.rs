//! Measures payments with lost, repeated and reordered webhooks. Each payment is fulfilled once, and after one
//! reconciliation the books and Stripe's balance agree to the cent.

mod business;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use axum::Router;
use clap::Args;
use kazi_jobs::{
    Context, Work,
    catalog::{self, ProductFilter},
    orders::{self, OrderFilter, Status},
    payments::{self, PaymentId},
    pools,
};
use kazi_platform::{WorkspaceId, actor::Actor};
use kazi_queue::bench::Figure;
use kazi_simulators::{
    Fault, Options, Service, Simulators, StripeAction, StripeSession, WebhookFault,
};
use tokio_util::sync::CancellationToken;

use self::business::{ACCOUNT, PRODUCTS, Placed, STOCK, connect, place};
use super::{Format, show, spinner};
use crate::{
    CliError, http,
    runtime::{self, Parts, Runtime},
};

/// The size of the measurement.
#[derive(Args)]
pub struct Payments {
    #[arg(long, default_value_t = 5_000)]
    payments: u32,
    #[command(flatten)]
    format: Format,
}

/// Jobs of payments at once.
const SLOTS: usize = 32;
/// Time-out of a step.
const PATIENCE: Duration = Duration::from_secs(600);

impl Payments {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let mut ctx = runtime.ctx.clone();
        let workspace = super::business(&ctx).await?;
        let simulators = Simulators::start(Options::default()).await?;
        let listener = http::listen("127.0.0.1:0".parse()?).await?;
        let own = format!("http://{}", listener.local_addr()?);
        let mut providers = (*ctx.providers).clone();
        providers.stripe_base_url = simulators.base_url(Service::Stripe);
        providers.public_url.clone_from(&own);
        ctx.providers = providers.into();
        connect(&ctx, workspace, &simulators, &own).await?;
        let stop = CancellationToken::new();
        let parts = Parts {
            intake: true,
            pools: vec![(pools::PAYMENTS, SLOTS), (pools::DEFAULT, 8)],
            listener,
            routes: Router::new(),
        };
        let running = tokio::spawn({
            let (ctx, config, stop) = (ctx.clone(), runtime.config.clone(), stop.clone());
            async move { runtime::run(&ctx, &config, parts, stop).await }
        });
        let measured = self.measure(&ctx, workspace, &simulators).await;
        stop.cancel();
        running.await??;
        simulators.shutdown().await;
        let figures = measured?;
        show(self.format, &figures)?;
        // A figure with a target here is a promise, not a speed.
        match figures.iter().find(|figure| !figure.met()) {
            Some(broken) => Err(format!("a promise is broken: {}", broken.what).into()),
            None => Ok(()),
        }
    }

    async fn measure(
        &self,
        ctx: &Context,
        workspace: WorkspaceId,
        simulators: &Simulators,
    ) -> Result<Vec<Figure>, CliError> {
        let all = i64::from(self.payments);
        let bar = spinner();
        bar.set_message("placing orders");
        let began = Instant::now();
        let placed = place(ctx, workspace, self.payments).await?;
        let ordered = began.elapsed().as_secs_f64();
        bar.set_message("making sessions");
        wait(ctx, workspace, |counts| count(counts, "open") == all).await?;
        let opened = began.elapsed().as_secs_f64();

        bar.set_message("paying");
        let webhooks = Some(WebhookFault {
            drop: 0.05,
            duplicate: 0.05,
            reorder: 0.2,
            delay_ms: 0,
        });
        simulators.fault(Fault {
            webhooks,
            seed: Some(7),
            ..Fault::on(Service::Stripe)
        });
        let began = Instant::now();
        for (number, session) in simulators.stripe_sessions(ACCOUNT).iter().enumerate() {
            // Of ten orders, eight are paid, one ends, and one stays open.
            let action = match number % 10 {
                8 => StripeAction::Expire,
                9 => continue,
                _ => StripeAction::Pay,
            };
            simulators.stripe_act(&session.id, &action)?;
        }
        simulators.settle().await;
        wait_until_idle(ctx, workspace).await?;
        let applied = began.elapsed().as_secs_f64();
        simulators.clear_faults();
        let paid = sessions(simulators, |session| session.payment_status == "paid")?;
        let ended = sessions(simulators, |session| session.status == "expired")?;
        let told = orders_in(ctx, workspace, Status::Paid).await?;

        bar.set_message("comparing");
        let began = Instant::now();
        let (compared, repaired) = reconcile(ctx, workspace).await?;
        wait_until_idle(ctx, workspace).await?;
        let comparison = began.elapsed().as_secs_f64();
        let fulfilled = orders_in(ctx, workspace, Status::Paid).await?;
        let expired = orders_in(ctx, workspace, Status::Expired).await?;
        bar.finish_and_clear();

        let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
        let balances = payments::balances(&mut work).await?;
        let stock: i64 = catalog::products(&mut work, &ProductFilter::default(), None, PRODUCTS)
            .await?
            .iter()
            .map(|product| i64::from(product.stock))
            .sum();
        let book = |account: &str| -> i64 {
            let its = balances.iter().filter(|balance| balance.account == account);
            its.map(|balance| balance.amount_minor).sum()
        };
        let of = |ids: &BTreeSet<PaymentId>, what: fn(&Placed) -> i64| -> i64 {
            let its = placed.iter().filter(|(id, _)| ids.contains(*id));
            its.map(|(_, order)| what(order)).sum()
        };
        let total: i64 = placed.values().map(|order| order.pieces).sum();
        let kept = PRODUCTS * i64::from(STOCK) - total + of(&ended, |order| order.pieces);
        let missing = |these: &BTreeSet<PaymentId>, there: &BTreeSet<PaymentId>| {
            figure(these.difference(there).count())
        };
        let none =
            |what: &'static str, value: f64, unit| Figure::new(what, value, unit).at_most(0.0);
        let at_stripe = simulators.stripe_balance(ACCOUNT).values().sum::<i64>();
        Ok(vec![
            Figure::new("orders placed", f64::from(self.payments) / ordered, "/s"),
            Figure::new(
                "placed and their sessions open",
                f64::from(self.payments) / opened,
                "/s",
            ),
            Figure::new(
                "paid orders fulfilled by webhooks",
                figure(told.len()) / applied,
                "/s",
            ),
            Figure::new("paid at Stripe", figure(paid.len()), ""),
            Figure::new("left by lost webhooks", missing(&paid, &told), ""),
            Figure::new("time of the comparison", comparison, "s"),
            Figure::new("sessions compared", figure(compared), ""),
            Figure::new("repaired by it", figure(repaired), ""),
            none("paid and not fulfilled", missing(&paid, &fulfilled), ""),
            none("fulfilled and not paid", missing(&fulfilled, &paid), ""),
            none(
                "ended at Stripe and still held",
                missing(&ended, &expired),
                "",
            ),
            none(
                "stock differs",
                figure((stock - kept).unsigned_abs()),
                "pieces",
            ),
            none(
                "sold twice or not at all",
                figure((of(&paid, |order| order.cents) + book("sales")).unsigned_abs()),
                "cents",
            ),
            none(
                "books and Stripe differ",
                figure((book("stripe") - at_stripe).unsigned_abs()),
                "cents",
            ),
        ])
    }
}

/// The payments whose sessions at Stripe are in a state.
fn sessions(
    simulators: &Simulators,
    so: impl Fn(&StripeSession) -> bool,
) -> Result<BTreeSet<PaymentId>, CliError> {
    let all = simulators.stripe_sessions(ACCOUNT);
    let its = all.iter().filter(|session| so(session));
    its.map(|session| {
        let reference = session.reference.as_deref().unwrap_or_default();
        reference.parse().map_err(|_| "a session of nobody".into())
    })
    .collect()
}

/// The payments of the orders with a status.
async fn orders_in(
    ctx: &Context,
    workspace: WorkspaceId,
    status: Status,
) -> Result<BTreeSet<PaymentId>, CliError> {
    let filter = OrderFilter {
        status: Some(status),
        ..OrderFilter::default()
    };
    let (mut found, mut after) = (BTreeSet::new(), None);
    loop {
        let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
        let page = orders::orders(&mut work, &filter, after, 1_000).await?;
        let Some(last) = page.last() else {
            return Ok(found);
        };
        after = Some(last.number);
        found.extend(page.iter().map(|order| orders::payment_of(order.id)));
    }
}

type Counts = BTreeMap<String, i64>;

fn count(counts: &Counts, status: &str) -> i64 {
    counts.get(status).copied().unwrap_or(0)
}

async fn counts(ctx: &Context, workspace: WorkspaceId) -> Result<Counts, CliError> {
    let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
    let counts = payments::count_by_status(&mut work).await?;
    Ok(counts.into_iter().collect())
}

async fn wait(
    ctx: &Context,
    workspace: WorkspaceId,
    done: impl Fn(&Counts) -> bool,
) -> Result<(), CliError> {
    let waited = async {
        loop {
            let counts = counts(ctx, workspace).await?;
            if done(&counts) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waited).await?
}

/// Waits until every event is applied.
async fn wait_until_idle(ctx: &Context, workspace: WorkspaceId) -> Result<(), CliError> {
    let waited = async {
        loop {
            let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
            let left = payments::count_unapplied(&mut work).await?;
            drop(work);
            if left == 0 {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waited).await?
}

/// Returns the number of compared sessions and of repairs.
async fn reconcile(ctx: &Context, workspace: WorkspaceId) -> Result<(i32, i32), CliError> {
    let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
    let id = payments::reconcile(&mut work).await?;
    work.commit().await?;
    let waited = async {
        loop {
            let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
            let rows = payments::reconciliations(&mut work, Some(id), None, 1).await?;
            drop(work);
            match rows.first() {
                Some(row) if row.status == "done" => {
                    return Ok((row.sessions, row.repaired));
                }
                Some(row) if row.status == "failed" => {
                    return Err(row.error.clone().unwrap_or_default().into());
                }
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    };
    tokio::time::timeout(PATIENCE, waited).await?
}

fn figure(count: impl TryInto<u32>) -> f64 {
    count.try_into().map_or(f64::NAN, f64::from)
}
