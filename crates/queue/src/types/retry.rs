//! Waits between attempts.

use std::time::Duration;

/// The waits between attempts, and the number of attempts.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    first: Duration,
    cap: Duration,
    attempts: u16,
}

impl Retry {
    /// Waits from 1 s to 10 min, and 10 attempts. All waits together take four to eight minutes.
    pub const DEFAULT: Self = Self::exponential(Duration::from_secs(1), Duration::from_secs(600));

    /// Waits `first`, then twice as long each time, up to `cap`. Each wait is shortened at random (full jitter). 10
    /// attempts.
    pub const fn exponential(first: Duration, cap: Duration) -> Self {
        Self {
            first,
            cap,
            attempts: 10,
        }
    }

    /// Sets the number of attempts: 1 to 32,767. With any other number each enqueue is refused.
    pub const fn attempts(mut self, attempts: u16) -> Self {
        self.attempts = attempts;
        self
    }

    pub(crate) const fn max_attempts(&self) -> u16 {
        self.attempts
    }

    /// The wait after failed attempt number `attempt`, counted from 1. `dice` is between 0 and 1. Full jitter spreads
    /// the retries of jobs that failed together ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
    pub(crate) fn wait(&self, attempt: u32, dice: f64) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        let ceiling = self.first.saturating_mul(1_u32 << doublings).min(self.cap);
        // At least a tenth of the full wait, because a wait of zero is a busy loop.
        ceiling.mul_f64(0.1 + 0.9 * dice.clamp(0.0, 1.0))
    }
}

/// The wait before the next try at a database that has failed: 50 ms to 5 s, with jitter.
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
