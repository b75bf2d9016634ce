//! Waits between attempts.

use std::time::Duration;

/// How long to wait between attempts, and how many there are.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    first: Duration,
    cap: Duration,
    attempts: u16,
}

impl Retry {
    /// From 1 s, doubling, 10 attempts: four to eight minutes in all.
    pub const DEFAULT: Self = Self::exponential(Duration::from_secs(1), Duration::from_secs(600));

    /// Doubles from `first` up to `cap`, with full jitter; 10 attempts.
    pub const fn exponential(first: Duration, cap: Duration) -> Self {
        Self {
            first,
            cap,
            attempts: 10,
        }
    }

    /// The same waits with another number of attempts in all: 1 to 32,767, else each enqueue is refused.
    pub const fn attempts(mut self, attempts: u16) -> Self {
        self.attempts = attempts;
        self
    }

    pub(crate) const fn max_attempts(&self) -> u16 {
        self.attempts
    }

    /// The wait after failed attempt number `attempt` (from 1). `dice` is in 0..1: full jitter spreads the retries of
    /// jobs that failed together ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
    pub(crate) fn wait(&self, attempt: u32, dice: f64) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        let ceiling = self.first.saturating_mul(1_u32 << doublings).min(self.cap);
        // At least a tenth: a wait of zero is a busy loop.
        ceiling.mul_f64(0.1 + 0.9 * dice.clamp(0.0, 1.0))
    }
}

/// The wait before trying a failed database once more: 50 ms to 5 s, with jitter.
pub(crate) fn backoff(failures: u32) -> Duration {
    let ceiling = Duration::from_millis(50)
        .saturating_mul(1 << failures.min(7))
        .min(Duration::from_secs(5));
    ceiling.mul_f64(0.5 + 0.5 * rand::random::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_up_to_its_cap_and_never_waits_nothing() {
        let retry = Retry::exponential(Duration::from_secs(2), Duration::from_secs(60));
        assert_eq!(retry.wait(1, 1.0), Duration::from_secs(2));
        assert_eq!(retry.wait(3, 1.0), Duration::from_secs(8));
        assert_eq!(retry.wait(40, 1.0), Duration::from_secs(60));
        assert_eq!(retry.wait(1, 0.0), Duration::from_millis(200));
    }
}
