//! How long jobs take: learned per model, so that a look comes when there is something to see.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// What jobs are alike: the task and, where known, the model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub(super) task: &'static str,
    pub(super) model: Option<Arc<str>>,
}

/// What was learned of the durations of jobs, by kind.
#[derive(Debug, Default)]
pub(super) struct Usual {
    kinds: HashMap<Kind, Learned>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Learned {
    /// When a job is probably done.
    typical: Option<Duration>,
    /// The greatest age at which one was seen unfinished.
    open: Duration,
}

/// When a job is probably done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) after: Duration,
    /// Whether a job like it was seen finished.
    pub(super) learned: bool,
}

/// More kinds than anybody uses; a bound all the same.
const MOST: usize = 1024;

impl Usual {
    /// When a job of a kind is probably done: as learned; else later than any like it was seen
    /// unfinished, up to `bound`; else the kind's default.
    pub(super) fn expected(&self, kind: &Kind, default: Duration, bound: Duration) -> Expected {
        let learned = self.kinds.get(kind).copied().unwrap_or_default();
        if let Some(after) = learned.typical {
            return Expected {
                after,
                learned: true,
            };
        }
        // One job probes; those behind it learn from it that it is too early to look.
        let beyond = learned.open.mul_f64(1.5).min(bound);
        Expected {
            after: default.max(beyond),
            learned: false,
        }
    }

    /// A job was seen unfinished at this age.
    pub(super) fn unfinished(&mut self, kind: &Kind, age: Duration) {
        if let Some(learned) = self.of(kind) {
            learned.open = learned.open.max(age);
        }
    }

    /// A job was told to be done at this age, the moment it was.
    pub(super) fn finished(&mut self, kind: &Kind, age: Duration) {
        if let Some(learned) = self.of(kind) {
            // A little more than the average, so that most looks come after the end.
            let sample = age.mul_f64(1.1);
            learned.typical = Some(match learned.typical {
                Some(typical) => typical.mul_f64(0.7) + sample.mul_f64(0.3),
                None => sample,
            });
        }
    }

    /// A job was found done by a look at this age: the first at it, or after some in vain. When it
    /// was done is not known, only that it was by then; so looks that find something come a little
    /// earlier each time, until one comes too early.
    pub(super) fn found(&mut self, kind: &Kind, age: Duration, first: bool) {
        if let Some(learned) = self.of(kind) {
            learned.typical = Some(match learned.typical {
                Some(typical) if first => typical.min(age).mul_f64(0.95),
                _ => age,
            });
        }
    }

    fn of(&mut self, kind: &Kind) -> Option<&mut Learned> {
        if self.kinds.len() >= MOST && !self.kinds.contains_key(kind) {
            return None;
        }
        Some(self.kinds.entry(kind.clone()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn kind(model: &str) -> Kind {
        Kind {
            task: "txt2img",
            model: Some(Arc::from(model)),
        }
    }

    #[test]
    fn those_behind_learn_from_the_first() {
        let mut usual = Usual::default();
        let expected =
            |usual: &Usual, model: &str| usual.expected(&kind(model), SECOND * 5, SECOND * 150);
        assert_eq!(expected(&usual, "a").after, SECOND * 5);
        usual.unfinished(&kind("a"), SECOND * 40);
        assert_eq!(expected(&usual, "a").after, SECOND * 60);
        assert_eq!(expected(&usual, "b").after, SECOND * 5);
        usual.unfinished(&kind("a"), SECOND * 4000);
        assert_eq!(
            expected(&usual, "a").after,
            SECOND * 150,
            "one that is stuck stops nobody"
        );
        usual.found(&kind("a"), SECOND * 300, false);
        let learned = expected(&usual, "a");
        assert_eq!((learned.after, learned.learned), (SECOND * 300, true));
    }

    #[test]
    fn looks_creep_towards_the_end_of_the_work() {
        let mut usual = Usual::default();
        let (real, a) = (SECOND * 100, kind("a"));
        usual.found(&a, SECOND * 300, false);
        let mut looks = 0;
        for _ in 0..100 {
            let mut at = usual.expected(&a, SECOND * 5, SECOND).after;
            let mut first = true;
            looks += 1;
            while at < real {
                (at, first) = (at + SECOND * 10, false);
                looks += 1;
            }
            usual.found(&a, at, first);
        }
        let after = usual.expected(&a, SECOND * 5, SECOND).after;
        assert!((90..130).contains(&after.as_secs()), "{after:?}");
        assert!(looks < 160, "{looks}");
    }

    #[test]
    fn what_is_told_at_once_is_an_average() {
        let mut usual = Usual::default();
        for _ in 0..20 {
            usual.finished(&kind("a"), SECOND * 100);
        }
        let after = usual.expected(&kind("a"), SECOND * 5, SECOND).after;
        assert_eq!(after.as_secs_f64().round(), 110.0);
    }
}
