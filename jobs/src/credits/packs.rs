//! The packs of credits that the platform sells.

use kazi_platform::{Currency, Money};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CreditError, Pack, PackId, store::packs as store};
use crate::{
    Across, Context,
    audit::{self, Change},
    payments,
    violations::Violations,
};

const MAX_NAME: usize = 100;
const MOST_CREDITS: i64 = 1_000_000_000;
const MOST_PACKS: i64 = 100;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCreditPack)]
pub struct NewPack {
    #[schema(example = "Starter", min_length = 1, max_length = 100)]
    pub name: String,
    #[schema(example = 1000, minimum = 1, maximum = 1_000_000_000_i64)]
    pub credits: i64,
    /// Minor units, such as cents.
    #[schema(example = 2500, minimum = 1)]
    pub amount_minor: i64,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// Businesses can buy it. Default: true.
    #[serde(default = "yes")]
    pub active: bool,
}

const fn yes() -> bool {
    true
}

impl NewPack {
    fn price(&self) -> Result<Money, CreditError> {
        let mut violations = Violations::default();
        violations.text("/name", &self.name, 1, MAX_NAME);
        let fits = (1..=MOST_CREDITS).contains(&self.credits);
        let rule = "must be 1 to 1000000000";
        violations.unless(fits, "/credits", "out_of_range", rule);
        let currency = self
            .currency
            .parse::<Currency>()
            .map_err(|error| ("unknown_currency", error.to_string()));
        let currency = violations.take("/currency", currency);
        let price = currency.map(|currency| Money {
            minor: self.amount_minor,
            currency,
        });
        if let Some(rule) = price.and_then(payments::refusal) {
            violations.add("/amount_minor", ("out_of_range", rule));
        }
        violations.end()?;
        price.ok_or(CreditError::NotFound)
    }
}

/// The packs that businesses see, the smallest first.
pub async fn packs(ctx: &Context) -> Result<Vec<Pack>, sqlx::Error> {
    // They belong to the platform, and no workspace sees the table.
    let mut across = Across::of(ctx).await?;
    let packs = store::list(across.conn(), true).await?;
    across.commit().await?;
    Ok(packs)
}

/// A pack that can be bought now.
pub(super) async fn on_sale(ctx: &Context, id: PackId) -> Result<Option<Pack>, sqlx::Error> {
    let mut across = Across::of(ctx).await?;
    let pack = store::get(across.conn(), id).await?;
    across.commit().await?;
    Ok(pack.filter(|pack| pack.active))
}

/// All packs, for the platform's staff.
pub async fn all_packs(across: &mut Across) -> Result<Vec<Pack>, sqlx::Error> {
    store::list(across.conn(), false).await
}

async fn note(across: &mut Across, change: &Change) -> Result<(), sqlx::Error> {
    let actor = across.actor().clone();
    audit::record(across.conn(), None, &actor, change).await
}

fn values(new: &NewPack, price: Money) -> (&str, i64, Money, bool) {
    (new.name.trim(), new.credits, price, new.active)
}

pub async fn create_pack(across: &mut Across, new: &NewPack) -> Result<Pack, CreditError> {
    let price = new.price()?;
    let mut violations = Violations::default();
    let few = store::count(across.conn()).await? < MOST_PACKS;
    violations.unless(few, "", "too_many", "there are 100 packs: delete one first");
    violations.end()?;
    let id = PackId::at(across.now());
    let now = across.now();
    store::insert(across.conn(), id, values(new, price), now).await?;
    let pack = found(across, id).await?;
    let change = Change::created("credits.create_pack", ("credit_pack", id), &pack);
    note(across, &change).await?;
    Ok(pack)
}

/// Changes a locked pack. What was bought before keeps its price.
pub async fn update_pack(
    across: &mut Across,
    before: &Pack,
    new: &NewPack,
) -> Result<Pack, CreditError> {
    let (price, now) = (new.price()?, across.now());
    store::update(across.conn(), before.id, values(new, price), now).await?;
    let pack = found(across, before.id).await?;
    let subject = ("credit_pack", before.id);
    let change = Change::updated("credits.update_pack", subject, before, &pack);
    note(across, &change).await?;
    Ok(pack)
}

/// Deletes a locked pack. Its top-ups keep its name.
pub async fn delete_pack(across: &mut Across, before: &Pack) -> Result<(), CreditError> {
    store::delete(across.conn(), before.id).await?;
    let subject = ("credit_pack", before.id);
    let change = Change::deleted("credits.delete_pack", subject, before);
    Ok(note(across, &change).await?)
}

async fn found(across: &mut Across, id: PackId) -> Result<Pack, CreditError> {
    let found = store::get(across.conn(), id).await?;
    found.ok_or(CreditError::NotFound)
}
