//! When to look at a job's status. Looks are rationed (200 a day on the Basic plan), so they come
//! late and then closer, whatever the plan.

use std::time::Duration;

use dryapi_types::Meta;

/// When to look: first at the usual duration of such a job, then in growing steps.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Schedule {
    first: Duration,
    factor: f64,
    most: Duration,
}

impl Schedule {
    /// The default for a kind of task: the first look at its usual duration, then × 1.5, at most
    /// 60 s apart.
    #[must_use]
    pub fn of(meta: &Meta) -> Self {
        let first = meta.task.map_or(Duration::from_secs(5), |task| task.usual);
        Self {
            first,
            factor: 1.5,
            most: Duration::from_secs(60),
        }
    }

    /// A status call in every interval: only where they cost nothing, as in a sandbox. Zero calls again at
    /// once.
    #[must_use]
    pub const fn every(interval: Duration) -> Self {
        Self {
            first: interval,
            factor: 1.0,
            most: interval,
        }
    }

    /// How long to wait before look `number`, from 0.
    #[must_use]
    pub fn wait(&self, number: u32) -> Duration {
        let power = i32::try_from(number).unwrap_or(i32::MAX);
        let grown = self.first.as_secs_f64() * self.factor.powi(power);
        let most = self.most.max(self.first);
        if grown.is_finite() && grown < most.as_secs_f64() {
            Duration::from_secs_f64(grown)
        } else {
            most
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dryapi_types::{Operation, TextToImage};

    #[test]
    fn late_and_then_closer_in_proportion() {
        let schedule = Schedule::of(TextToImage::META);
        let seconds: Vec<f64> = (0..4)
            .map(|look| schedule.wait(look).as_secs_f64())
            .collect();
        assert_eq!(seconds, [5.0, 7.5, 11.25, 16.875]);
        assert_eq!(schedule.wait(1000), Duration::from_secs(60));
        assert_eq!(
            Schedule::every(Duration::from_millis(300)).wait(9),
            Duration::from_millis(300)
        );
    }
}
