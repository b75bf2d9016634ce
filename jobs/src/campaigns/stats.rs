//! Shares, where they truly lie, and whether two of them differ. Pure.
//!
//! A share has Wilson's interval. Two shares differ when Newcombe's interval of their difference, which is made of Wilson's,
//! does not hold zero. So what is shown and what is decided are the same.

use serde::Serialize;
use utoipa::ToSchema;

/// Quantiles of the normal distribution for an error of 5 % in all, for 1 to 4 comparisons (Bonferroni): each comparison may
/// err in 5 %, 2.5 %, 1.67 % and 1.25 % of all cases.
const QUANTILES: [f64; 4] = [1.959_964, 2.241_403, 2.393_980, 2.497_705];
/// The quantile for a power of 80 %.
const POWER: f64 = 0.841_621;
/// With fewer successes or failures of two arms together nothing is said.
const LEAST: i64 = 5;

/// So many of so many, and where the true share lies with 95 % certainty (Wilson).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = CampaignShare)]
pub struct Share {
    #[schema(example = 120)]
    pub count: i64,
    #[schema(example = 400)]
    pub of: i64,
    /// From 0 to 1. Without anybody, 0.
    #[schema(example = 0.3)]
    pub share: f64,
    #[schema(example = 0.257)]
    pub low: f64,
    #[schema(example = 0.347)]
    pub high: f64,
}

/// The difference of two shares, and where it truly lies (Newcombe).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = CampaignDifference)]
pub struct Difference {
    /// From -1 to 1.
    #[schema(example = 0.062)]
    pub difference: f64,
    #[schema(example = 0.011)]
    pub low: f64,
    #[schema(example = 0.112)]
    pub high: f64,
    /// Chance alone does not explain it: the interval does not hold zero, and there are 5 successes and 5 failures at least.
    pub sure: bool,
}

impl Share {
    pub fn new(count: i64, of: i64) -> Self {
        // Somebody may order twice, and a status may come before its message.
        let count = count.min(of);
        let (low, high) = wilson(count, of, QUANTILES[0]);
        Self {
            count,
            of,
            share: ratio(count, of),
            low,
            high,
        }
    }

    /// This share less another, as one of so many comparisons.
    pub fn less(&self, other: &Self, comparisons: usize) -> Difference {
        let at = comparisons.clamp(1, QUANTILES.len()) - 1;
        let z = QUANTILES.get(at).copied().unwrap_or(QUANTILES[0]);
        let (mine, theirs) = (
            wilson(self.count, self.of, z),
            wilson(other.count, other.of, z),
        );
        let difference = self.share - other.share;
        let below = (self.share - mine.0).hypot(theirs.1 - other.share);
        let above = (mine.1 - self.share).hypot(other.share - theirs.0);
        let (low, high) = (difference - below, difference + above);
        let successes = self.count + other.count;
        let failures = self.of + other.of - successes;
        Difference {
            difference,
            low,
            high,
            sure: successes >= LEAST && failures >= LEAST && (low > 0.0 || high < 0.0),
        }
    }
}

fn float(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(i32::MAX))
}

fn ratio(count: i64, of: i64) -> f64 {
    if of == 0 {
        0.0
    } else {
        float(count) / float(of)
    }
}

/// Wilson's interval: it stays within 0 and 1, also for few and for none.
fn wilson(count: i64, of: i64, z: f64) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let (p, n, z2) = (ratio(count, of), float(of), z * z);
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// The arm with the largest share: of several, the first.
pub fn leader(arms: &[Share]) -> Option<usize> {
    let arms = arms.iter().enumerate().filter(|(_, arm)| arm.of > 0).rev();
    let best = arms.max_by(|a, b| a.1.share.total_cmp(&b.1.share));
    best.map(|(n, _)| n)
}

/// The arm that is surely better than each other arm.
pub fn winner(arms: &[Share]) -> Option<usize> {
    let best = leader(arms)?;
    let others = arms.len().checked_sub(1).filter(|others| *others > 0)?;
    let leading = arms.get(best)?;
    let mut rest = arms.iter().enumerate().filter(|(n, _)| *n != best);
    rest.all(|(_, arm)| leading.less(arm, others).sure)
        .then_some(best)
}

/// People whom each of so many arms needs, so that a true difference between two shares is found in 80 % of all tests.
pub fn needed(arms: usize, lower: f64, higher: f64) -> i64 {
    let at = arms.clamp(2, QUANTILES.len() + 1) - 2;
    let z = QUANTILES.get(at).copied().unwrap_or(QUANTILES[0]) + POWER;
    let spread = lower * (1.0 - lower) + higher * (1.0 - higher);
    let people = z * z * spread / ((higher - lower) * (higher - lower));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "thousands, far below the bound"
    )]
    let people = people.ceil() as i64;
    people
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_that_of_the_books() {
        // Wilson's of Newcombe (1998), Statistics in Medicine 17:857, and of Brown, Cai and DasGupta.
        for (count, of, low, high) in [
            (0, 0, 0.0, 1.0),
            (0, 10, 0.0, 0.2775),
            (10, 10, 0.7225, 1.0),
            (50, 100, 0.4038, 0.5962),
            (81, 263, 0.2553, 0.3662),
        ] {
            let share = Share::new(count, of);
            assert!((share.low - low).abs() < 1e-4, "{share:?}");
            assert!((share.high - high).abs() < 1e-4, "{share:?}");
        }
    }

    #[test]
    fn a_difference_is_that_of_the_books() {
        // Method 10 of Newcombe (1998), Statistics in Medicine 17:873.
        for (mine, theirs, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((10, 10), (0, 20), 0.6791, 1.0),
        ] {
            let mine = Share::new(mine.0, mine.1);
            let found = mine.less(&Share::new(theirs.0, theirs.1), 1);
            assert!((found.low - low).abs() < 1e-4, "{found:?}");
            assert!((found.high - high).abs() < 1e-4, "{found:?}");
        }
    }

    #[test]
    fn there_is_a_winner_only_where_chance_does_not_explain_it() {
        let arms = |counts: &[(i64, i64)]| {
            let arms: Vec<_> = counts.iter().map(|(k, n)| Share::new(*k, *n)).collect();
            winner(&arms)
        };
        assert_eq!(arms(&[(100, 1_000), (150, 1_000)]), Some(1));
        assert_eq!(arms(&[(100, 1_000), (101, 1_000)]), None);
        assert_eq!(arms(&[(0, 3), (3, 3)]), None);
        // Enough for one comparison, and not for four.
        assert_eq!(arms(&[(130, 1_000), (100, 1_000)]), Some(0));
        let several = [
            (130, 1_000),
            (100, 1_000),
            (90, 1_000),
            (80, 1_000),
            (80, 1_000),
        ];
        assert_eq!(arms(&several), None);
        assert_eq!(arms(&[]), None);
        assert_eq!(arms(&[(5, 10)]), None);
        assert_eq!(arms(&[(0, 0), (0, 0)]), None);
    }

    #[test]
    fn more_arms_and_smaller_differences_need_more_people() {
        assert_eq!(needed(2, 0.6, 0.7), 354);
        assert!(needed(5, 0.6, 0.7) > needed(2, 0.6, 0.7));
        assert!(needed(2, 0.02, 0.04) > 1_000);
    }
}
