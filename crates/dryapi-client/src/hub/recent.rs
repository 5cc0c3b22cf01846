//! News of jobs nobody waits for yet: a webhook may be faster than the program that will wait.

use std::collections::{HashMap, VecDeque};

use dryapi_types::RequestId;

use super::news::News;

const MOST: usize = 1024;

/// The latest news of the latest jobs, a bounded number of them.
#[derive(Debug, Default)]
pub(super) struct Recent {
    news: HashMap<RequestId, News>,
    order: VecDeque<RequestId>,
}

impl Recent {
    /// Keeps what ends a job; what else was told is asked for again.
    pub(super) fn keep(&mut self, id: RequestId, mut news: News) {
        if !news.status.state.is_terminal() {
            return;
        }
        news.status.preview = None;
        if self.news.insert(id.clone(), news).is_some() {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.news.remove(&oldest);
        }
    }

    pub(super) fn take(&mut self, id: &RequestId) -> Option<News> {
        let news = self.news.remove(id)?;
        self.order.retain(|kept| kept != id);
        Some(news)
    }
}
