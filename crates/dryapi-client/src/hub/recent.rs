//! What is known of jobs that nobody waits for now: a webhook may be faster than the program that
//! will wait, and a wait that is begun again goes on where the last one stopped.

use std::collections::{HashMap, VecDeque};

use dryapi_types::RequestId;

use super::entry::Looks;
use super::news::News;
use super::standing::Standing;

const MOST: usize = 1024;

/// What is known of the latest jobs, a bounded number of them.
#[derive(Debug, Default)]
pub(super) struct Recent {
    jobs: HashMap<RequestId, Known>,
    order: VecDeque<RequestId>,
}

/// What is known of a job.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) standing: Standing,
    pub(super) looks: Looks,
}

impl Recent {
    /// Takes news of what ends a job; what else was told is asked for again.
    pub(super) fn hear(&mut self, id: &RequestId, news: News) {
        if news.status.state.is_terminal() || self.jobs.contains_key(id) {
            self.of(id).standing.hear(news);
        }
    }

    /// Keeps what is known of a job that nobody waits for any more.
    pub(super) fn keep(&mut self, id: &RequestId, known: Known) {
        *self.of(id) = known;
    }

    pub(super) fn take(&mut self, id: &RequestId) -> Option<Known> {
        let known = self.jobs.remove(id)?;
        self.order.retain(|kept| kept != id);
        Some(known)
    }

    fn of(&mut self, id: &RequestId) -> &mut Known {
        if !self.jobs.contains_key(id) {
            self.order.push_back(id.clone());
            if self.order.len() > MOST
                && let Some(oldest) = self.order.pop_front()
            {
                self.jobs.remove(&oldest);
            }
        }
        self.jobs.entry(id.clone()).or_default()
    }
}
