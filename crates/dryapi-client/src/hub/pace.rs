//! When to look at a job: late and then closer; later where somebody else will tell; not at all
//! before others like it were done.

use std::time::{Duration, Instant};

use super::schedule::Schedule;
use super::usual::Expected;

/// At most this far apart.
const MOST: Duration = Duration::from_secs(60);
/// Who hears nothing for so long looks for itself.
const SILENCE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(120));
/// Where webhooks tell: they are delivered again after one minute, two, and five.
const LATE_WEBHOOK: Duration = Duration::from_secs(8 * 60);

/// Who tells of a job, beside the looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Teller {
    /// Nobody.
    Nobody,
    /// The push channel, which is silent about failures.
    Push,
    /// Webhooks, which may be late or never come.
    Webhooks,
}

/// What is known of a job for this.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) accepted: Instant,
    /// The latest news of any kind.
    pub(super) heard: Instant,
    pub(super) last_look: Option<Instant>,
    /// How often it was looked at.
    pub(super) looks: u32,
    pub(super) expected: Expected,
    /// The default for its kind of task.
    pub(super) usual: Duration,
    /// How long most of its kind take at most, where nothing was learned.
    pub(super) most: Duration,
}

/// The moment of the next look at a job that is still running.
pub(super) fn next(known: &Known, teller: Teller, schedule: Option<&Schedule>) -> Option<Instant> {
    let Known {
        accepted,
        heard,
        last_look,
        looks,
        expected,
        ..
    } = *known;
    // News are as good as a look.
    let last_heard = Some(heard).filter(|heard| *heard > accepted);
    let by_looks = match (schedule, last_look.max(last_heard)) {
        (Some(schedule), Some(last)) => last.checked_add(schedule.wait(looks)),
        (Some(schedule), None) => accepted.checked_add(schedule.wait(0)),
        (None, Some(last)) => last.checked_add(gap(known)),
        (None, None) => accepted.checked_add(expected.after),
    };
    match teller {
        Teller::Nobody => by_looks,
        Teller::Push => {
            let overdue = accepted.checked_add(expected.after.mul_f64(1.3) + SILENCE.0 / 3)?;
            let silence = grown(expected.after / 4, looks).clamp(SILENCE.0, SILENCE.1);
            Some(overdue.max(heard.checked_add(silence)?).max(by_looks?))
        }
        Teller::Webhooks => {
            let overdue = accepted.checked_add(expected.after.mul_f64(2.0))?;
            Some(overdue.max(heard.checked_add(LATE_WEBHOOK)?))
        }
    }
}

/// How long after a look in vain the next comes.
fn gap(known: &Known) -> Duration {
    let base = known.usual.max(known.expected.after / 5);
    grown(base, known.looks.max(1)).min(MOST)
}

fn grown(base: Duration, looks: u32) -> Duration {
    let power = i32::try_from(looks).unwrap_or(i32::MAX).min(64);
    let seconds = (base.as_secs_f64() * 1.5_f64.powi(power)).min(86_400.0);
    Duration::from_secs_f64(seconds)
}

/// How much rarer looks get, where the day's are fewer than its open jobs need.
pub(super) fn stretch(spare: Option<u64>, open: usize) -> f64 {
    let Some(spare) = spare else { return 1.0 };
    let needed = 2.0 * open as f64;
    (needed / (spare.max(1) as f64)).clamp(1.0, 20.0)
}

/// When a job's reserved look is spent, the last one of the day that it is sure of: once it is all
/// but certain to be done, or shortly before the day ends.
pub(super) fn reserved(known: &Known, day_ends: Instant, open: usize) -> Option<Instant> {
    let least = if known.expected.learned {
        MOST
    } else {
        known.most
    };
    let certain = known.expected.after.mul_f64(2.0).max(least);
    let certain = known.accepted.checked_add(certain)?;
    // All open jobs are read within the limit of the last minutes.
    let spread = Duration::from_secs(120) + Duration::from_secs(2) * u32::try_from(open).ok()?;
    let last_call = day_ends.checked_sub(spread)?;
    Some(certain.min(last_call))
}

/// Whether a job is read again after a new connection: not if that was done just now, measured by
/// its age, so that a bad network costs few looks.
pub(super) fn again_after_a_gap(known: &Known) -> Option<Instant> {
    let last = known.last_look?;
    let age = last.saturating_duration_since(known.accepted);
    last.checked_add((age * 2).max(Duration::from_secs(5)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[expect(
        clippy::disallowed_methods,
        reason = "an `Instant` has no other origin; its value is never looked at"
    )]
    fn known(usual: u64, learned: Option<u64>) -> Known {
        let now = Instant::now();
        Known {
            accepted: now,
            heard: now,
            last_look: None,
            looks: 0,
            expected: Expected {
                after: SECOND * u32::try_from(learned.unwrap_or(usual)).unwrap(),
                learned: learned.is_some(),
            },
            usual: SECOND * u32::try_from(usual).unwrap(),
            most: SECOND * 300,
        }
    }

    /// The ages of the first looks at a job that never ends.
    fn ages(mut known: Known, teller: Teller) -> Vec<u64> {
        let mut ages = Vec::new();
        for _ in 0..5 {
            let at = next(&known, teller, None).unwrap();
            ages.push((at - known.accepted).as_secs());
            known.last_look = Some(at);
            known.heard = at;
            known.looks += 1;
        }
        ages
    }

    #[test]
    fn looks_come_late_and_then_closer_in_proportion() {
        assert_eq!(ages(known(5, None), Teller::Nobody), [5, 12, 23, 40, 65]);
        let learned = ages(known(5, Some(300)), Teller::Nobody);
        assert_eq!(learned, [300, 360, 420, 480, 540]);
    }

    #[test]
    fn where_somebody_tells_looks_are_a_watchdogs() {
        assert_eq!(ages(known(5, None), Teller::Push), [30, 60, 90, 120, 150]);
        assert_eq!(ages(known(5, Some(300)), Teller::Push)[0], 400);
        assert_eq!(ages(known(5, None), Teller::Webhooks)[..2], [480, 960]);
    }

    #[test]
    fn a_days_looks_are_spread_over_its_jobs() {
        assert_eq!(stretch(None, 1000), 1.0);
        assert_eq!(stretch(Some(200), 50), 1.0);
        assert_eq!(stretch(Some(25), 50), 4.0);
        assert_eq!(stretch(Some(0), 50), 20.0);
    }

    #[test]
    fn the_reserved_look_is_not_wasted() {
        let known = known(5, Some(300));
        let midnight = known.accepted + SECOND * 86_400;
        let at = |ends| (reserved(&known, ends, 60).unwrap() - known.accepted).as_secs();
        assert_eq!(at(midnight), 600);
        assert_eq!(at(known.accepted + SECOND * 600), 360);
    }

    #[test]
    fn a_bad_network_costs_few_looks() {
        let mut known = known(5, None);
        assert_eq!(again_after_a_gap(&known), None);
        let mut reads = 0;
        for cut in 0..20 {
            let now = known.accepted + SECOND * cut * 10;
            if again_after_a_gap(&known).is_none_or(|at| at <= now) {
                known.last_look = Some(now);
                reads += 1;
            }
        }
        assert!(reads <= 4, "{reads}");
    }
}
