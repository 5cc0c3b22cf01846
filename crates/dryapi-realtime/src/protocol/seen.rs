//! What was told last of each job, so that nothing is told twice in a row.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash, Hasher};

use dryapi_types::{Preview, Update};

/// How many jobs are remembered; those not heard of for longest are forgotten first.
const JOBS: usize = 4096;

/// Hashes of the last update of each job. The hashes' keys are random, so that nobody can make two
/// updates look alike.
#[derive(Debug, Default)]
pub(super) struct Seen {
    hasher: RandomState,
    jobs: HashMap<u64, Last>,
    order: BTreeMap<u64, u64>,
    clock: u64,
}

#[derive(Debug)]
struct Last {
    update: u64,
    heard: u64,
}

impl Seen {
    /// Remembers an update, and says whether it is news.
    pub(super) fn is_news(&mut self, update: &Update) -> bool {
        let job = self.hasher.hash_one(update.request_id.as_str());
        let hash = self.hash(update);
        self.clock += 1;
        let now = Last {
            update: hash,
            heard: self.clock,
        };
        self.order.insert(self.clock, job);
        let before = self.jobs.insert(job, now);
        if let Some(before) = &before {
            self.order.remove(&before.heard);
        }
        if self.jobs.len() > JOBS
            && let Some((_, oldest)) = self.order.pop_first()
        {
            self.jobs.remove(&oldest);
        }
        before.is_none_or(|before| before.update != hash)
    }

    fn hash(&self, update: &Update) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        update.state.as_str().hash(&mut hasher);
        update.progress.map(f64::to_bits).hash(&mut hasher);
        let preview = update.preview.as_ref().map(|preview| match preview {
            Preview::Url(url) => (0, url.as_str()),
            Preview::DataUri(text) => (1, text.as_str()),
            Preview::Base64(text) => (2, text.as_str()),
            _ => (3, ""),
        });
        preview.hash(&mut hasher);
        let url = update.result_url.as_ref().map(|url| url.as_str());
        url.hash(&mut hasher);
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dryapi_types::JobState;

    fn update(id: usize, percent: f64) -> Update {
        Update::new(id.to_string().as_str(), JobState::Processing).with_progress(percent)
    }

    #[test]
    fn what_was_told_last_is_no_news() {
        let mut seen = Seen::default();
        let done = update(1, 2.0).with_result_url("https://s/1?a");
        let other = update(1, 2.0).with_result_url("https://s/1?b");
        for (update, news) in [
            (&update(1, 1.0), true),
            (&update(2, 1.0), true),
            (&update(1, 1.0), false),
            (&update(1, 2.0), true),
            (&update(1, 1.0), true),
            (&done, true),
            (&done, false),
            (&other, true),
        ] {
            assert_eq!(seen.is_news(update), news, "{update:?}");
        }
    }

    #[test]
    fn memory_is_bounded_and_forgets_the_quietest_job() {
        let mut seen = Seen::default();
        for job in 0..JOBS {
            assert!(seen.is_news(&update(job, 1.0)));
        }
        assert!(!seen.is_news(&update(0, 1.0)));
        assert!(seen.is_news(&update(JOBS, 1.0)));
        assert!(!seen.is_news(&update(0, 1.0)), "job 0 was heard of lately");
        assert!(seen.is_news(&update(1, 1.0)), "job 1 was forgotten");
        assert_eq!((seen.jobs.len(), seen.order.len()), (JOBS, JOBS));
    }
}
