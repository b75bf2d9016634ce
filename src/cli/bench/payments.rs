//! Payments whose webhooks are lost, doubled and out of order: what is paid is fulfilled once, and the books and Stripe's
//! balance agree to the cent after one comparison.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use axum::Router;
use chrono::TimeDelta;
use clap::Args;
use kazi_jobs::{
    Context,
    contacts::ContactId,
    orders::OrderId,
    payments::{self, NewAccount, NewPayment, PaymentId, Subject},
    pools,
};
use kazi_platform::{Money, WorkspaceId, actor::Actor, database};
use kazi_queue::{
    bench::Figure,
    lanes::{self, Limits},
};
use kazi_simulators::{
    Fault as Broken, Options, Service, Simulators, StripeAccount, StripeAction, WebhookFault,
};
use tokio_util::sync::CancellationToken;

use super::{Format, business, show, spinner};
use crate::{
    Fault, http,
    runtime::{self, Parts, Runtime},
};

/// How much.
#[derive(Args)]
pub struct Payments {
    /// Payments.
    #[arg(long, default_value_t = 5_000)]
    payments: u32,
    #[command(flatten)]
    format: Format,
}

const ACCOUNT: &str = "acct_bench";
const KEY: &str = "sk_test_bench";
const SECRET: &str = "whsec_bench";
/// Jobs of payments at once.
const SLOTS: usize = 32;
/// For a step that does not come to its end.
const PATIENCE: Duration = Duration::from_secs(600);

impl Payments {
    /// Measures.
    pub async fn run(self, runtime: &Runtime) -> Result<(), Fault> {
        let mut ctx = runtime.ctx.clone();
        let workspace = business(&ctx).await?;
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
        show(self.format, &measured?)
    }

    async fn measure(
        &self,
        ctx: &Context,
        workspace: WorkspaceId,
        simulators: &Simulators,
    ) -> Result<Vec<Figure>, Fault> {
        let all = i64::from(self.payments);
        let bar = spinner();
        bar.set_message("making sessions");
        let began = Instant::now();
        self.request(ctx, workspace).await?;
        wait(ctx, workspace, |counts| count(counts, "open") == all).await?;
        let opened = began.elapsed().as_secs_f64();

        bar.set_message("paying");
        let webhooks = Some(WebhookFault {
            drop: 0.05,
            duplicate: 0.05,
            reorder: 0.2,
            delay_ms: 0,
        });
        simulators.fault(Broken {
            webhooks,
            seed: Some(7),
            ..Broken::on(Service::Stripe)
        });
        let began = Instant::now();
        let mut paid = 0;
        for (number, session) in simulators.stripe_sessions(ACCOUNT).iter().enumerate() {
            // Of ten eight are paid, one ends, and one is left open.
            let action = match number % 10 {
                8 => StripeAction::Expire,
                9 => continue,
                _ => StripeAction::Pay,
            };
            paid += i64::from(action == StripeAction::Pay);
            simulators.stripe_act(&session.id, &action)?;
        }
        simulators.settle().await;
        let told = wait_until_idle(ctx, workspace).await?;
        let applied = began.elapsed().as_secs_f64();
        simulators.clear_faults();

        bar.set_message("comparing");
        let began = Instant::now();
        let (sessions, repaired) = reconcile(ctx, workspace).await?;
        let ended = wait_until_idle(ctx, workspace).await?;
        let compared = began.elapsed().as_secs_f64();
        bar.finish_and_clear();

        let mut tx = database::tenant(&ctx.db, workspace).await?;
        let balances = payments::balances(&mut tx, workspace).await?;
        let book = |account: &str| -> i64 {
            let its = balances.iter().filter(|balance| balance.account == account);
            its.map(|balance| balance.amount_minor).sum()
        };
        let at_stripe = simulators.stripe_balance(ACCOUNT).values().sum::<i64>();
        let sold = paid * AMOUNT;
        Ok(vec![
            Figure::new("sessions made", f64::from(self.payments) / opened, "/s"),
            Figure::new(
                "paid sessions applied",
                figure(count(&told, "paid")) / applied,
                "/s",
            ),
            Figure::new(
                "left by lost webhooks",
                figure(paid - count(&told, "paid")),
                "",
            ),
            Figure::new("time of the comparison", compared, "s"),
            Figure::new("sessions compared", figure(sessions), ""),
            Figure::new("repaired by it", figure(repaired), ""),
            Figure::new("paid at Stripe", figure(paid), ""),
            Figure::new(
                "paid and not fulfilled",
                figure(paid - count(&ended, "paid")),
                "",
            )
            .at_most(0.0),
            Figure::new(
                "fulfilled and not paid",
                figure(count(&ended, "paid") - paid),
                "",
            )
            .at_most(0.0),
            Figure::new(
                "sold twice or not at all",
                figure((sold + book("sales")).abs()),
                "cents",
            )
            .at_most(0.0),
            Figure::new(
                "books and Stripe differ",
                figure((book("stripe") - at_stripe).abs()),
                "cents",
            )
            .at_most(0.0),
        ])
    }

    async fn request(&self, ctx: &Context, workspace: WorkspaceId) -> Result<(), Fault> {
        let now = ctx.clock.now();
        for first in (0..self.payments).step_by(200) {
            let mut tx = database::tenant(&ctx.db, workspace).await?;
            for _ in first..self.payments.min(first + 200) {
                let order = OrderId::new();
                let new = NewPayment {
                    id: PaymentId::derived(order.uuid(), 1),
                    subject: Subject::Order(order),
                    contact: ContactId::new(),
                    amount: Money {
                        minor: AMOUNT,
                        currency: "USD".parse()?,
                    },
                    description: "An order of the bench",
                    expires_at: now + TimeDelta::hours(20),
                };
                payments::request(&mut tx, now, workspace, &new).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }
}

/// In cents.
const AMOUNT: i64 = 1_250;

async fn connect(
    ctx: &Context,
    workspace: WorkspaceId,
    simulators: &Simulators,
    own: &str,
) -> Result<(), Fault> {
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

type Counts = BTreeMap<String, i64>;

fn count(counts: &Counts, status: &str) -> i64 {
    counts.get(status).copied().unwrap_or(0)
}

async fn counts(ctx: &Context, workspace: WorkspaceId) -> Result<Counts, Fault> {
    let mut tx = database::tenant(&ctx.db, workspace).await?;
    let counts = payments::count_by_status(&mut tx, workspace).await?;
    Ok(counts.into_iter().collect())
}

async fn wait(
    ctx: &Context,
    workspace: WorkspaceId,
    done: impl Fn(&Counts) -> bool,
) -> Result<Counts, Fault> {
    let waited = async {
        loop {
            let counts = counts(ctx, workspace).await?;
            if done(&counts) {
                return Ok(counts);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waited).await?
}

/// Until every event that came is applied.
async fn wait_until_idle(ctx: &Context, workspace: WorkspaceId) -> Result<Counts, Fault> {
    let waited = async {
        loop {
            let mut tx = database::tenant(&ctx.db, workspace).await?;
            let left = payments::count_unapplied(&mut tx, workspace).await?;
            drop(tx);
            if left == 0 {
                return counts(ctx, workspace).await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waited).await?
}

/// Sessions that were looked at, and what was repaired.
async fn reconcile(ctx: &Context, workspace: WorkspaceId) -> Result<(i64, i64), Fault> {
    let mut tx = database::tenant(&ctx.db, workspace).await?;
    let now = ctx.clock.now();
    let id = payments::reconcile(&mut tx, now, workspace, &Actor::OPERATOR).await?;
    tx.commit().await?;
    let waited = async {
        loop {
            let mut tx = database::tenant(&ctx.db, workspace).await?;
            let rows = payments::reconciliations(&mut tx, workspace, Some(id), None, 1).await?;
            drop(tx);
            match rows.first() {
                Some(row) if row.status == "done" => {
                    return Ok((row.sessions.into(), row.repaired.into()));
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

#[expect(clippy::cast_precision_loss, reason = "some thousands")]
fn figure(count: i64) -> f64 {
    count as f64
}
