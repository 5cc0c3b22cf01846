//! Jobs after their acceptance: found, forced, looked at.

use super::World;
use super::fate::Forced;
use super::job::{Job, JobView};
use super::phase::Phase;
use crate::key::Key;

impl World {
    /// A job of one account (`key`), or of any.
    pub(crate) fn job(&self, key: Option<&Key>, id: &str) -> Option<Job> {
        let state = self.state();
        let mine = |job: &&Job| job.id == id && key.is_none_or(|key| job.key == *key);
        state.jobs.iter().rev().find(mine).cloned()
    }

    /// Whether a job is still here: a reset forgets it.
    pub(crate) fn knows(&self, job: &Job) -> bool {
        let jobs = &self.state().jobs;
        jobs.binary_search_by_key(&job.number, |job| job.number)
            .is_ok()
    }

    /// Whether the push channel breaks over the event that is to be told of a job, which it does
    /// once.
    pub(crate) fn cuts_push(&self, job: &Job) -> bool {
        if !job.twist.push_cut {
            return false;
        }
        let mut state = self.state();
        let found = state
            .jobs
            .binary_search_by_key(&job.number, |job| job.number);
        let job = found.ok().and_then(|index| state.jobs.get_mut(index));
        job.is_some_and(|job| std::mem::take(&mut job.twist.push_cut))
    }

    /// Fixes a job's outcome; false when there is no such job.
    pub(crate) fn force(&self, id: &str, outcome: Forced) -> bool {
        let mut guard = self.state();
        let state = &mut *guard;
        let now = self.clock.now();
        state.catch_up(now);
        let Some(job) = state.jobs.iter_mut().find(|job| job.id == id) else {
            return false;
        };
        state.agenda.force(job, outcome, now);
        self.replanned.notify_one();
        true
    }

    /// Makes the next address of a finished job's result one that has expired; false when the
    /// account has no such job, or it is not finished.
    pub(crate) fn spoil_next_url(&self, key: &Key, id: &str) -> bool {
        let now = self.clock.now();
        let mut state = self.state();
        let finished = |job: &&mut Job| job.key == *key && job.phase(now) == Phase::Done;
        let mut jobs = state.jobs.iter_mut().filter(|job| job.id == id);
        let Some(job) = jobs.find(finished) else {
            return false;
        };
        job.twist.stale_urls += 1;
        true
    }

    /// Whether the address that is now handed out has expired.
    pub(crate) fn hand_out_stale(&self, id: &str) -> bool {
        let mut state = self.state();
        let job = state.jobs.iter_mut().find(|job| job.id == id);
        let left = job.and_then(|job| {
            let left = job.twist.stale_urls.checked_sub(1)?;
            job.twist.stale_urls = left;
            Some(left)
        });
        left.is_some()
    }

    pub(crate) fn jobs(&self, key: Option<&Key>) -> Vec<JobView> {
        let now = self.clock.now();
        let state = self.state();
        let mine = |job: &&Job| key.is_none_or(|key| job.key == *key);
        state
            .jobs
            .iter()
            .filter(mine)
            .map(|job| JobView::new(job, now))
            .collect()
    }
}
