//! What the planning tells of a test: its parts, what each arm costs, and whether they are enough to tell anything.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Campaign, CampaignError, Content, Cost, Price, prices::cost, run, store::experiment as store,
};
use crate::{
    Work,
    templates::{self, Category},
};

/// The parts of a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignExperimentReport)]
pub struct ExperimentReport {
    /// In the order of the campaign.
    pub arms: Vec<ArmReport>,
    /// Contacts who get nothing, and are counted.
    pub holdout: i64,
    /// Contacts who get the winner.
    pub rest: i64,
    /// Recipients whom each arm needs to find a usual difference in 80 % of all tests: 60 and 70 % who read, 10 and 15 % who
    /// click, 2 and 4 % who order.
    #[schema(example = 354)]
    pub needed: i64,
    /// An arm has fewer: the test will hardly find a winner.
    pub too_small: bool,
}

/// The recipients of an arm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignArmReport)]
pub struct ArmReport {
    /// The name of the arm.
    pub arm: String,
    pub recipients: i64,
    /// The category that Meta charges. `null` for a text.
    pub category: Option<Category>,
    /// The price of all recipients with a known price.
    pub cost: Option<Cost>,
    /// Recipients without a known price.
    pub unpriced: i64,
    /// Contacts whom the campaign leaves out because this arm cannot be filled for them, by reason: `missing_parameter`,
    /// `no_template`, `too_long`.
    pub left_out: BTreeMap<String, i64>,
}

/// Reads the parts of a campaign that is planned. Returns `None` when it has no test.
pub(super) async fn read(
    work: &mut Work,
    campaign: &Campaign,
    prices: &[Price],
) -> Result<Option<ExperimentReport>, CampaignError> {
    let Some(experiment) = &campaign.experiment else {
        return Ok(None);
    };
    let sender = run::sender_of(work, campaign).await?;
    let account = sender.and_then(|sender| sender.account).unwrap_or_default();
    let mut arms: Vec<ArmReport> = experiment
        .arms
        .iter()
        .map(|arm| ArmReport {
            arm: arm.name.clone(),
            ..ArmReport::default()
        })
        .collect();
    let at = |arm: i16| usize::try_from(arm).unwrap_or(usize::MAX);
    let mut rest = 0;
    let mut categories: BTreeMap<(i16, String), Option<Category>> = BTreeMap::new();
    for found in store::planned(work, campaign.id).await? {
        let Some(arm) = found.arm else {
            rest += found.recipients;
            continue;
        };
        let category = match (campaign.content_of(Some(arm)), found.language) {
            (Content::Template { name, .. }, Some(language)) => {
                let key = (arm, language);
                match categories.get(&key) {
                    Some(known) => *known,
                    None => {
                        let template = templates::find(work, &account, name, &key.1).await?;
                        let category = template.map(|template| template.category);
                        categories.insert(key, category);
                        category
                    }
                }
            }
            _ => None,
        };
        let Some(report) = arms.get_mut(at(arm)) else {
            continue;
        };
        report.recipients += found.recipients;
        // What is marketing in one language is marketing in all.
        if report.category != Some(Category::Marketing) {
            report.category = category.or(report.category);
        }
        let price = category.and_then(|of| cost(prices, &found.country, of, found.recipients));
        match (price, &mut report.cost) {
            (Some(price), Some(all)) => all.micros = all.micros.saturating_add(price.micros),
            (Some(price), none) => *none = Some(price),
            (None, _) => report.unpriced += found.recipients,
        }
    }
    for (arm, reason, contacts) in store::at_fault(work, campaign.id).await? {
        if let Some(report) = arms.get_mut(at(arm)) {
            report.left_out.insert(reason, contacts);
        }
    }
    let needed = experiment.needed();
    Ok(Some(ExperimentReport {
        too_small: arms.iter().any(|arm| arm.recipients < needed),
        arms,
        holdout: store::holdout(work, campaign.id).await?,
        rest,
        needed,
    }))
}
