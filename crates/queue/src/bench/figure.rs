//! A measured figure and its target.

use serde::Serialize;

/// One measured figure.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured, with its conditions.
    pub what: String,
    /// The value of each run, in the order of the runs.
    pub values: Vec<f64>,
    /// The unit of the values, such as `jobs/s`; empty for a ratio or a count.
    pub unit: &'static str,
    /// The target. Values should be at least this, or at most if smaller is better.
    pub target: Option<f64>,
    /// Whether a smaller value is better.
    pub smaller_is_better: bool,
}

impl Figure {
    /// A figure without a target.
    pub fn new(what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            what: what.into(),
            values: vec![value],
            unit,
            target: None,
            smaller_is_better: false,
        }
    }

    /// Sets a target that values should reach.
    #[must_use]
    pub fn at_least(mut self, target: f64) -> Self {
        self.target = Some(target);
        self
    }

    /// Sets a target that values should not exceed.
    #[must_use]
    pub fn at_most(mut self, target: f64) -> Self {
        self.target = Some(target);
        self.smaller_is_better = true;
        self
    }

    /// Whether every run met the target. Without a target it is met.
    pub fn met(&self) -> bool {
        self.target.is_none_or(|target| {
            self.values.iter().all(|value| {
                if self.smaller_is_better {
                    *value <= target
                } else {
                    *value >= target
                }
            })
        })
    }

    /// Adds the figures of another run to those of the runs before it.
    pub fn gather(figures: &mut Vec<Self>, run: Vec<Self>) {
        for new in run {
            match figures.iter_mut().find(|known| known.what == new.what) {
                Some(known) => known.values.extend(new.values),
                None => figures.push(new),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_met_when_every_run_meets_it() {
        let mut figures = Vec::new();
        for value in [90.0, 70.0] {
            Figure::gather(
                &mut figures,
                vec![Figure::new("rate", value, "/s").at_least(80.0)],
            );
        }
        assert_eq!(figures.len(), 1);
        assert_eq!(figures[0].values, [90.0, 70.0]);
        assert!(!figures[0].met());
        assert!(Figure::new("time", 5.0, "ms").at_most(5.0).met());
        assert!(!Figure::new("time", f64::NAN, "ms").at_most(5.0).met());
    }
}
