//! Measures typical audiences of a business with many contacts: how many they are and a sample, as the editor of a segment
//! asks for both.

mod store;

use std::time::Instant;

use clap::Args;
use kazi_jobs::{Work, campaigns, contacts::Audience};
use kazi_platform::actor::Actor;
use kazi_queue::bench::Figure;
use serde_json::{Value, json};

use super::{Format, business, percentile, show, spinner};
use crate::{CliError, runtime::Runtime};

/// The size of the measurement.
#[derive(Args)]
pub struct Audiences {
    /// The number of contacts. Half as many orders, and three tenths as many recipients of each of two campaigns.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1_000..=5_000_000))]
    contacts: u32,
    /// How often each audience is asked for.
    #[arg(long, default_value_t = 5)]
    times: u32,
    #[command(flatten)]
    format: Format,
}

/// Milliseconds in which somebody who writes a segment expects its size.
const TARGET: f64 = 300.0;

impl Audiences {
    pub async fn run(self, runtime: &Runtime) -> Result<(), CliError> {
        let ctx = &runtime.ctx;
        let workspace = business(ctx).await?;
        let bar = spinner();
        store::write(ctx, workspace, self.contacts, |what| {
            bar.set_message(format!("writing {what}"));
        })
        .await?;
        let mut figures = vec![Figure::new("contacts", f64::from(self.contacts), "")];
        for (what, audience) in audiences() {
            bar.set_message(what);
            let audience: Audience = serde_json::from_value(audience)?;
            let (mut took, mut found) = (Vec::new(), 0);
            for _ in 0..self.times.max(1) {
                let began = Instant::now();
                let mut work = Work::by(ctx, workspace, Actor::OPERATOR).await?;
                found = campaigns::preview(&mut work, &audience).await?.contacts;
                took.push(began.elapsed().as_secs_f64() * 1e3);
            }
            took.sort_by(f64::total_cmp);
            let named = format!("{what} ({found})");
            figures.push(Figure::new(named, percentile(&took, 0.5), "ms").at_most(TARGET));
        }
        bar.finish_and_clear();
        show(self.format, &figures)
    }
}

fn audiences() -> [(&'static str, Value); 6] {
    let (product, campaign) = (store::PRODUCT, store::CAMPAIGN);
    let spent = json!({"at_least_minor": 5_000, "currency": "USD"});
    let ordered = json!({"kind": "ordered", "times": {"within_days": 90}, "spent": spent});
    let bought = json!({"kind": "ordered", "product_id": format!("prd_{product}")});
    let read = json!({"kind": "campaign", "did": "read", "campaign_id": format!("cmp_{campaign}")});
    let lately = json!({"kind": "ordered", "times": {"within_days": 30}});
    let groups = json!({
        "any_of": [{"tags_all": ["g3"], "countries": ["KE"]}, {"did": [lately]}],
        "none_of": [{"did": [read]}],
    });
    [
        ("all", json!({})),
        (
            "a tag and not another",
            json!({"tags_any": ["g1"], "tags_none": ["g2"]}),
        ),
        ("spent in 90 days", json!({"did": [ordered]})),
        ("bought a product", json!({"did": [bought]})),
        ("read a campaign", json!({"did": [read]})),
        ("groups", groups),
    ]
}
