//! Where a job stands, as far as anybody told. It only moves forward: whatever order push, webhook
//! and polls arrive in, doubled or late, the same news end in the same standing.

use dryapi_types::{Failure, JobState, JobStatus};

use super::news::{Answer, News, Origin};

/// The join of everything heard of a job.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    status: JobStatus,
    /// Whether anybody told anything.
    heard: bool,
    /// Who told where the result lies.
    url_from: Option<Origin>,
    /// Who told why it failed.
    failure_from: Option<Origin>,
    /// Who told the state as it is, the most trusted of them.
    told_by: Option<Origin>,
    /// Who told that it is over, the most trusted of them.
    over_from: Option<Origin>,
    answer: Option<Answer>,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            status: JobStatus::new(JobState::Pending),
            heard: false,
            url_from: None,
            failure_from: None,
            told_by: None,
            over_from: None,
            answer: None,
        }
    }
}

/// How far along a state is, and of two ends which one stands: a result that lies somewhere is not
/// thrown away; without one the status itself knows best; else the better news are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Pending,
    /// A word nobody has seen yet: still running, and perhaps more than waiting.
    Unknown,
    Processing,
    Failed,
    Done,
    ReadFailed,
    ReadDone,
    Result,
}

impl Weight {
    fn of(status: &JobStatus, inline: bool, origin: Origin) -> Self {
        let read = origin == Origin::Poll;
        match (&status.state, read) {
            (JobState::Pending, _) => Self::Pending,
            (JobState::Processing, _) => Self::Processing,
            (JobState::Done, _) if inline || status.result_url.is_some() => Self::Result,
            (JobState::Done, true) => Self::ReadDone,
            (JobState::Done, false) => Self::Done,
            (JobState::Error, true) => Self::ReadFailed,
            (JobState::Error, false) => Self::Failed,
            _ => Self::Unknown,
        }
    }
}

impl Standing {
    /// The status, without a result that came inline.
    pub(super) const fn status(&self) -> &JobStatus {
        &self.status
    }

    /// Whether anybody told anything.
    pub(super) const fn is_heard(&self) -> bool {
        self.heard
    }

    /// Whether nothing more will happen.
    pub(super) const fn is_over(&self) -> bool {
        self.status.state.is_terminal()
    }

    /// Whether the status itself was read and said that it is over: nothing is missing then.
    pub(super) fn is_read(&self) -> bool {
        self.over_from == Some(Origin::Poll)
    }

    /// The whole status, where a result came inline.
    pub(super) const fn answer(&self) -> Option<&Answer> {
        self.answer.as_ref()
    }

    fn weight(&self) -> Weight {
        let origin = self.told_by.unwrap_or(Origin::Push);
        Weight::of(&self.status, self.answer.is_some(), origin)
    }

    /// Takes news; whether they showed anything new.
    pub(super) fn hear(&mut self, news: News) -> bool {
        let News {
            origin,
            status,
            answer,
        } = news;
        let before = (self.status.clone(), self.over_from);
        if origin == Origin::Poll && status.state.is_terminal() {
            // Whatever else is known, the status itself said that it is over.
            self.over_from = Some(origin);
        }
        let says = Weight::of(&status, answer.is_some(), origin);
        if says < self.weight() && status.state != self.status.state {
            return before.1 != self.over_from;
        }
        let first = !std::mem::replace(&mut self.heard, true);
        if self.is_over() && status.state != self.status.state {
            // What contradicts the end is an end of its own.
            (self.status.result_url, self.url_from) = (None, None);
            (self.status.failure, self.failure_from) = (Failure::default(), None);
        }
        let same = status.state == self.status.state;
        self.told_by = if same {
            self.told_by.max(Some(origin))
        } else {
            Some(origin)
        };
        self.status.state = status.state;
        if self.is_over() {
            self.end(origin, answer);
        } else {
            self.status.progress = most(self.status.progress, status.progress);
            if status.preview.is_some() {
                self.status.preview = status.preview;
            }
        }
        if let Some(url) = status.result_url.filter(|_| self.url_from <= Some(origin)) {
            self.status.result_url = Some(url);
            self.url_from = Some(origin);
        }
        if self.status.state == JobState::Error {
            let told = status.failure.code.is_some() || status.failure.message.is_some();
            if told && self.failure_from <= Some(origin) {
                self.status.failure = status.failure;
                self.failure_from = Some(origin);
            }
        } else {
            self.status.failure = Failure::default();
        }
        // Only the status itself tells these.
        if origin == Origin::Poll {
            self.status.alternatives = status.alternatives;
            self.status.extra = status.extra;
        }
        first || before != (self.status.clone(), self.over_from)
    }

    fn end(&mut self, origin: Origin, answer: Option<Answer>) {
        self.over_from = self.over_from.max(Some(origin));
        self.status.preview = None;
        self.status.progress = (self.status.state == JobState::Done).then_some(100.0);
        if answer.is_some() {
            self.answer = answer;
        }
    }
}

fn most(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dryapi_types::FailureCode;
    use proptest::prelude::*;

    const URL: &str = "https://storage.example/r/1.png";

    fn push(state: JobState) -> News {
        let mut update = dryapi_types::Update::new("a", state.clone()).with_progress(45.5);
        if state == JobState::Done {
            update = update.with_result_url(URL);
        }
        News::pushed(update)
    }

    fn webhook(state: &JobState) -> News {
        let event = match state {
            JobState::Done => {
                dryapi_types::Event::completed("a", Some(dryapi_types::ResultUrl::new(URL)))
            }
            JobState::Error => dryapi_types::Event::failed(
                "a",
                Failure::new(Some(FailureCode::WorkerTimeout), Some("too slow".into())),
            ),
            _ => dryapi_types::Event::processing("a"),
        };
        News::delivered(&event).unwrap().1
    }

    fn poll(state: JobState, progress: f64) -> News {
        let mut status = JobStatus::new(state.clone()).with_progress(progress);
        if state == JobState::Done {
            status = status.with_result_url(URL);
        }
        News::polled(status, None)
    }

    /// What all three tell of one job, in the order in which it happens.
    fn history(fails: bool) -> Vec<News> {
        let mut told = vec![
            poll(JobState::Pending, 0.0),
            push(JobState::Processing),
            webhook(&JobState::Processing),
            poll(JobState::Processing, 10.0),
            poll(JobState::Unknown("paused".into()), 20.0),
            poll(JobState::Processing, 60.0),
        ];
        if fails {
            told.extend([webhook(&JobState::Error), poll(JobState::Error, 0.0)]);
        } else {
            let done = [
                push(JobState::Done),
                webhook(&JobState::Done),
                poll(JobState::Done, 100.0),
            ];
            told.extend(done);
        }
        told
    }

    proptest! {
        #[test]
        fn any_order_ends_in_the_same_standing(
            fails: bool,
            order in prop::collection::vec(0_usize..64, 0..40),
            last in 0_usize..64,
        ) {
            let history = history(fails);
            let ends: Vec<_> = history.iter().filter(|news| news.status.state.is_terminal()).collect();
            let mut standing = Standing::default();
            let mut reached = Weight::Pending;
            // Drawn with repetition and in any order, so doubled, lost and late; one end arrives.
            let mut told: Vec<&News> = order.iter().map(|at| &history[at % history.len()]).collect();
            told.insert(last % (told.len() + 1), ends[last % ends.len()]);
            let heard: Vec<Origin> = told
                .iter()
                .filter(|news| news.status.state.is_terminal())
                .map(|news| news.origin)
                .collect();
            for news in told {
                standing.hear(news.clone());
                let now = standing.weight();
                prop_assert!(now >= reached, "{:?}", standing);
                reached = now;
            }
            let expected = if fails { JobState::Error } else { JobState::Done };
            let status = standing.status();
            prop_assert_eq!(&status.state, &expected);
            prop_assert_eq!(status.progress, (!fails).then_some(100.0));
            prop_assert_eq!(&status.preview, &None);
            let url = status.result_url.as_ref().map(|url| url.as_str());
            prop_assert_eq!(url, (!fails).then_some(URL));
            let told_why = fails && heard.contains(&Origin::Webhook);
            prop_assert_eq!(status.failure.code.is_some(), told_why);
            prop_assert_eq!(standing.is_read(), heard.contains(&Origin::Poll));
        }
    }

    #[test]
    fn what_is_heard_twice_is_nothing_new() {
        for fails in [false, true] {
            let mut standing = Standing::default();
            for news in history(fails) {
                standing.hear(news.clone());
                assert!(!standing.hear(news), "{standing:?}");
            }
        }
    }

    #[test]
    fn a_result_is_not_thrown_away_for_a_failure() {
        let mut standing = Standing::default();
        assert!(standing.hear(webhook(&JobState::Error)));
        assert!(standing.hear(poll(JobState::Done, 100.0)));
        assert!(!standing.hear(webhook(&JobState::Error)));
        assert_eq!(standing.status().state, JobState::Done);
        assert_eq!(standing.status().failure, Failure::default());
    }
}
