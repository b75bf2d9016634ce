//! The figures of a test's parts, and what they say about the arms. All are counted from the rows.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Campaign, Revenue,
    experiment::Metric,
    stats::{self, Difference, Share},
    store::outcomes::{self as store, Of},
};
use crate::Work;

/// What became of a test.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignExperimentFigures)]
pub struct Figures {
    /// In the order of the campaign.
    pub arms: Vec<ArmFigures>,
    /// Those who get the winner, without those of the test who got it. `null`: there are none.
    pub rest: Option<PartFigures>,
    /// Those who get nothing. `null`: there are none.
    pub holdout: Option<Holdout>,
    pub comparison: Comparison,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignArmFigures)]
pub struct ArmFigures {
    /// The name of the arm.
    #[schema(example = "With a discount")]
    pub arm: String,
    /// Why the arm was stopped: `template_paused` or `template_disabled`.
    pub stopped: Option<String>,
    #[serde(flatten)]
    pub figures: PartFigures,
}

/// The figures of an arm, or of those who get the winner.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignPartFigures)]
pub struct PartFigures {
    /// The contacts whom the planning has put into it.
    pub contacts: i64,
    /// Their message is not queued yet.
    pub waiting: i64,
    /// The provider has accepted the message.
    pub sent: i64,
    pub delivered: i64,
    pub failed: i64,
    /// Contacts who then wanted no more marketing.
    pub opted_out: i64,
    /// Contacts who have read it, of those to whom it was sent.
    pub read: Share,
    /// Contacts who have clicked a tracked link, of those to whom it was sent.
    pub clicked: Share,
    /// Contacts who have ordered and paid, or booked, of all in it: within the campaign's days after its start, and for those
    /// who get the winner after the decision.
    pub ordered: Share,
    /// Their orders and bookings.
    pub orders: i64,
    /// What these are worth, by currency.
    pub revenue: Vec<Revenue>,
}

/// Contacts who get nothing, and are counted as those of the arms.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignHoldout)]
pub struct Holdout {
    pub contacts: i64,
    /// Contacts who have ordered and paid, or booked.
    pub ordered: Share,
    /// Their orders and bookings.
    pub orders: i64,
    /// What these are worth, by currency.
    pub revenue: Vec<Revenue>,
    /// How many more of the arms together have ordered, as a difference of shares.
    pub lift: Difference,
}

/// The arms beside each other, by the campaign's metric. Each difference has Newcombe's interval. It holds for all
/// comparisons together in 95 % of all cases (Bonferroni). Arms that were stopped are left out.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignComparison)]
pub struct Comparison {
    pub metric: Metric,
    /// The arm with the largest share. `null`: nobody has got a message yet.
    pub leader: Option<String>,
    /// The leader is surely better than each other arm.
    pub sure: bool,
    pub differences: Vec<ArmDifference>,
}

/// The share of the leader less that of another arm.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampaignArmDifference)]
pub struct ArmDifference {
    /// The other arm.
    pub arm: String,
    #[serde(flatten)]
    pub difference: Difference,
}

/// The counts of a part.
#[derive(Clone, Debug, Default)]
struct Counts {
    contacts: i64,
    waiting: i64,
    sent: i64,
    delivered: i64,
    read: i64,
    failed: i64,
    clicked: i64,
    opted_out: i64,
    people: i64,
    orders: i64,
    revenue: Vec<Revenue>,
}

impl Counts {
    /// Clicks and reads tell that it was sent, whatever else is told.
    fn share(&self, metric: Metric) -> Share {
        match metric {
            Metric::Read => Share::new(self.read, self.sent),
            Metric::Click => Share::new(self.clicked, self.sent),
            Metric::Order => Share::new(self.people, self.contacts),
        }
    }

    fn figures(self) -> PartFigures {
        PartFigures {
            read: self.share(Metric::Read),
            clicked: self.share(Metric::Click),
            ordered: self.share(Metric::Order),
            contacts: self.contacts,
            waiting: self.waiting,
            sent: self.sent,
            delivered: self.delivered,
            failed: self.failed,
            opted_out: self.opted_out,
            orders: self.orders,
            revenue: self.revenue,
        }
    }

    fn count(&mut self, standing: &store::Standing) {
        let contacts = standing.contacts;
        self.contacts += contacts;
        self.clicked += standing.clicked;
        self.opted_out += standing.opted_out;
        if standing.state == "planned" {
            self.waiting += contacts;
        }
        let reached = match standing.status.as_deref() {
            Some("failed") => {
                self.failed += contacts;
                0
            }
            Some("accepted" | "sent") => 1,
            Some("delivered") => 2,
            Some("read") => 3,
            _ => 0,
        };
        let steps = [&mut self.sent, &mut self.delivered, &mut self.read];
        for step in steps.into_iter().take(reached) {
            *step += contacts;
        }
    }
}

/// The parts of a test with their counts.
struct Parts(Vec<(Of, Counts)>);

impl Parts {
    async fn read(work: &mut Work, campaign: &Campaign) -> Result<Self, sqlx::Error> {
        let mut parts = Self(Vec::new());
        for standing in store::standings(work, campaign.id).await? {
            parts.of(standing.of).count(&standing);
        }
        for ordered in store::ordered(work, campaign.id).await? {
            let counts = parts.of(ordered.of);
            (counts.people, counts.orders) = (ordered.people, ordered.orders);
        }
        for (of, revenue) in store::revenue(work, campaign.id).await? {
            parts.of(of).revenue.push(revenue);
        }
        Ok(parts)
    }

    fn of(&mut self, of: Of) -> &mut Counts {
        let at = self.0.iter().position(|(known, _)| *known == of);
        let at = at.unwrap_or_else(|| {
            self.0.push((of, Counts::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    fn take(&self, holdout: bool, arm: Option<i16>) -> Option<Counts> {
        let of = Of { holdout, arm };
        let found = self.0.iter().find(|(known, _)| *known == of);
        found.map(|(_, counts)| counts.clone())
    }
}

/// The shares of some arms, by the campaign's metric.
pub(super) async fn shares(
    work: &mut Work,
    campaign: &Campaign,
    arms: &[i16],
) -> Result<Vec<Share>, sqlx::Error> {
    let parts = Parts::read(work, campaign).await?;
    let metric = campaign.experiment.as_ref().map(|one| one.metric);
    let metric = metric.unwrap_or(Metric::Read);
    let shares = arms.iter().map(|arm| {
        let counts = parts.take(false, Some(*arm)).unwrap_or_default();
        counts.share(metric)
    });
    Ok(shares.collect())
}

/// Counts what became of a campaign's test. Returns `None` when it has none.
pub async fn figures(work: &mut Work, campaign: &Campaign) -> Result<Option<Figures>, sqlx::Error> {
    let Some(experiment) = &campaign.experiment else {
        return Ok(None);
    };
    let parts = Parts::read(work, campaign).await?;
    let running = campaign.running_arms();
    let (mut arms, mut compared) = (Vec::new(), Vec::new());
    let (mut people, mut contacts) = (0, 0);
    for (n, arm) in (0..).zip(&experiment.arms) {
        let counts = parts.take(false, Some(n)).unwrap_or_default();
        people += counts.people;
        contacts += counts.contacts;
        if running.contains(&n) {
            compared.push((arm.name.clone(), counts.share(experiment.metric)));
        }
        arms.push(ArmFigures {
            arm: arm.name.clone(),
            stopped: campaign.experiment_state.stopped.get(&n).cloned(),
            figures: counts.figures(),
        });
    }
    let treated = Share::new(people, contacts);
    let holdout = parts.take(true, None).map(|counts| {
        let ordered = counts.share(Metric::Order);
        Holdout {
            contacts: counts.contacts,
            ordered,
            orders: counts.orders,
            revenue: counts.revenue,
            lift: treated.less(&ordered, 1),
        }
    });
    Ok(Some(Figures {
        arms,
        rest: parts.take(false, None).map(Counts::figures),
        holdout,
        comparison: comparison(experiment.metric, &compared),
    }))
}

fn comparison(metric: Metric, arms: &[(String, Share)]) -> Comparison {
    let shares: Vec<Share> = arms.iter().map(|(_, share)| *share).collect();
    let best = stats::leader(&shares).and_then(|best| arms.get(best));
    let others = arms.len().saturating_sub(1);
    let differences = best.map(|(leader, share)| {
        let others_of = arms.iter().filter(|(arm, _)| arm != leader);
        let each = others_of.map(|(arm, other)| ArmDifference {
            arm: arm.clone(),
            difference: share.less(other, others),
        });
        each.collect()
    });
    Comparison {
        metric,
        leader: best.map(|(leader, _)| leader.clone()),
        sure: stats::winner(&shares).is_some(),
        differences: differences.unwrap_or_default(),
    }
}
