//! Gathers the figures of the parts of campaigns from their domains, in a number of statements that does not grow with them.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    MarketingId, PartKind,
    costs::{Amounts, Sum},
    model,
    parts::{ids_of, typed},
    store::{
        expenses::{self, SpentOn},
        parts::{self, Stored},
    },
};
use crate::{
    Work, automations,
    campaigns::{self, CourseDay, add_all},
    social, workspaces,
};

/// The days of a period, both ends included. Without an end it is open there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

impl Span {
    pub const ALL: Self = Self {
        from: None,
        until: None,
    };

    pub fn has(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// All that is known of some campaigns.
#[derive(Default)]
pub(super) struct Gathered {
    pub parts: Vec<Stored>,
    messages: HashMap<Uuid, Vec<CourseDay>>,
    posts: HashMap<Uuid, Vec<(NaiveDate, i64)>>,
    expenses: Vec<SpentOn>,
}

pub(super) async fn gather(work: &mut Work, ids: &[MarketingId]) -> Result<Gathered, sqlx::Error> {
    let zone = workspaces::time_zone(work).await?;
    let mut parts = parts::of(work, ids).await?;
    let mut gathered = Gathered {
        expenses: expenses::by_day(work, ids).await?,
        ..Gathered::default()
    };
    let broadcasts = typed(&ids_of(&parts, PartKind::Broadcast));
    let automations = typed(&ids_of(&parts, PartKind::Automation));
    let contents = typed(&ids_of(&parts, PartKind::Post));
    let mut days = campaigns::course(work, &broadcasts, zone).await?;
    days.extend(automations::course(work, &automations, zone).await?);
    for part in &mut parts {
        days.extend(part.kept.take().into_iter().flat_map(|kept| kept.0));
    }
    for day in days {
        gathered.messages.entry(day.of).or_default().push(day);
    }
    for day in social::course(work, &contents, zone).await? {
        let posts = gathered.posts.entry(day.of.uuid()).or_default();
        posts.push((day.day, day.published));
    }
    gathered.parts = parts;
    Ok(gathered)
}

/// A day of a campaign, in the making.
#[derive(Default)]
pub(super) struct OneDay {
    pub messages: CourseDay,
    pub published: i64,
    /// Messages and expenses: millionths by currency.
    pub spent: Amounts,
}

impl Gathered {
    pub fn parts_of(&self, campaign: MarketingId) -> impl Iterator<Item = &Stored> {
        self.parts
            .iter()
            .filter(move |part| part.campaign == campaign)
    }

    fn days(&self, part: &Stored) -> &[CourseDay] {
        self.messages.get(&part.part).map_or(&[], Vec::as_slice)
    }

    fn posts(&self, part: &Stored) -> &[(NaiveDate, i64)] {
        self.posts.get(&part.part).map_or(&[], Vec::as_slice)
    }

    /// The figures of a part in a period.
    pub fn sum_of(&self, part: &Stored, span: &Span) -> Sum {
        let mut sum = Sum::of(part.kind);
        for day in self.days(part).iter().filter(|day| span.has(day.day)) {
            sum.add_day(day);
        }
        let posts = self.posts(part).iter().filter(|(day, _)| span.has(*day));
        let posts: i64 = posts.map(|(_, count)| count).sum();
        super::costs::add(
            &mut sum.published,
            (part.kind == PartKind::Post).then_some(posts),
        );
        sum
    }

    /// The figures of all parts of a campaign in a period.
    pub fn total(&self, campaign: MarketingId, span: &Span) -> Sum {
        let mut total = Sum::default();
        for part in self.parts_of(campaign) {
            total.plus(&self.sum_of(part, span));
        }
        total
    }

    /// The expenses of a campaign in a period: millionths by currency.
    pub fn expenses(&self, campaign: MarketingId, span: &Span) -> Amounts {
        let mut amounts = Amounts::new();
        for (_, amount) in self.expenses_of(campaign, span) {
            add_all(&mut amounts, &amount);
        }
        amounts
    }

    fn expenses_of(
        &self,
        campaign: MarketingId,
        span: &Span,
    ) -> impl Iterator<Item = (NaiveDate, Amounts)> {
        let own = self
            .expenses
            .iter()
            .filter(move |one| one.campaign == campaign);
        let within = own.filter(move |one| span.has(one.day));
        within.map(|one| {
            let micros = model::micros(one.minor, &one.currency);
            (one.day, Amounts::from([(one.currency.clone(), micros)]))
        })
    }

    /// The days of a campaign in a period on which something happened.
    pub fn by_day(&self, campaign: MarketingId, span: &Span) -> BTreeMap<NaiveDate, OneDay> {
        let mut all: BTreeMap<NaiveDate, OneDay> = BTreeMap::new();
        for part in self.parts_of(campaign) {
            for day in self.days(part).iter().filter(|day| span.has(day.day)) {
                let one = all.entry(day.day).or_default();
                one.messages.add(day);
                add_all(&mut one.spent, &day.costs);
            }
            for (day, count) in self.posts(part).iter().filter(|(day, _)| span.has(*day)) {
                all.entry(*day).or_default().published += count;
            }
        }
        for (day, amount) in self.expenses_of(campaign, span) {
            add_all(&mut all.entry(day).or_default().spent, &amount);
        }
        all
    }
}
