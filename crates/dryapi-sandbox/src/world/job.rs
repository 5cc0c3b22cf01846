//! A job: what was ordered, and where it stands at any moment of the virtual clock.

use std::time::Duration;

use dryapi_types::Usd;
use jiff::Timestamp;
use serde::Serialize;

use super::fate::{Fate, Forced, Twist};
use super::phase::{Course, Phase};
use crate::clock::between;
use crate::key::Key;
use crate::webhook::WebhookUrl;
use crate::works::Work;

/// One accepted job.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Counts up over all jobs, in the order of acceptance.
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) key: Key,
    pub(crate) task: &'static str,
    pub(crate) model: &'static str,
    pub(crate) price: Usd,
    pub(crate) accepted: Timestamp,
    pub(crate) pending: Duration,
    pub(crate) processing: Duration,
    pub(crate) forced: Option<Forced>,
    pub(crate) twist: Twist,
    pub(super) course: Course,
    /// Where its events go.
    pub(crate) webhook_url: Option<WebhookUrl>,
    /// Whether a text result stands in the status.
    pub(crate) inline: bool,
    pub(crate) work: Work,
}

impl Job {
    pub(crate) fn phase(&self, now: Timestamp) -> Phase {
        let age = between(self.accepted, now);
        let worked = age.saturating_sub(self.pending);
        // Whole numbers, so that a tenth of a percent is the same on every machine.
        let tenths = worked.as_micros().saturating_mul(1000) / self.processing.as_micros().max(1);
        let running = Phase::Processing(tenths.min(999) as f64 / 10.0);
        match &self.forced {
            Some(Forced::Pending) => Phase::Pending,
            Some(Forced::Processing) => running,
            Some(Forced::Done) => Phase::Done,
            Some(Forced::Error { code, message }) => Phase::Error {
                code: code.clone(),
                message: message.clone(),
            },
            None if age < self.pending => Phase::Pending,
            None if worked < self.processing => running,
            None => match &self.twist.fate {
                Fate::Done => Phase::Done,
                Fate::Stuck => running,
                Fate::Error { code, message } => Phase::Error {
                    code: code.clone(),
                    message: message.clone(),
                },
            },
        }
    }
}

/// A job as [`Sandbox::jobs`](crate::Sandbox::jobs) and `GET /_admin/jobs` show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JobView {
    /// The service's id of the job.
    pub request_id: String,
    /// The operation, for instance `txt2img`.
    pub task: String,
    /// The model's slug.
    pub model: String,
    /// `pending`, `processing`, `done` or `error`.
    pub status: String,
    /// 0.0 to 100.0.
    pub progress: f64,
    /// What was charged, in US dollars.
    pub price: Usd,
    /// When it was accepted, in virtual time (RFC 3339).
    pub accepted_at: String,
}

impl JobView {
    pub(crate) fn new(job: &Job, now: Timestamp) -> Self {
        let phase = job.phase(now);
        Self {
            request_id: job.id.clone(),
            task: job.task.to_owned(),
            model: job.model.to_owned(),
            status: phase.name().to_owned(),
            progress: phase.progress(),
            price: job.price,
            accepted_at: job.accepted.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_only_moves_forward_until_it_is_done() {
        let start = Timestamp::UNIX_EPOCH;
        let job = Job {
            number: 0,
            id: "i".into(),
            key: Key::new("k"),
            task: "txt2img",
            model: "m",
            price: Usd::ZERO,
            accepted: start,
            pending: Duration::from_secs(1),
            processing: Duration::from_secs(4),
            forced: None,
            twist: Twist::default(),
            course: Course::default(),
            webhook_url: None,
            inline: false,
            work: Work::Picture {
                prompt: String::new(),
                seed: 1,
                width: 1,
                height: 1,
            },
        };
        let at = |ms: i64| job.phase(Timestamp::from_millisecond(ms).unwrap());
        assert_eq!(at(-5000), Phase::Pending);
        assert_eq!(at(999), Phase::Pending);
        assert_eq!(at(1000), Phase::Processing(0.0));
        assert_eq!(at(2820), Phase::Processing(45.5));
        assert_eq!(at(4999), Phase::Processing(99.9));
        assert_eq!(at(5000), Phase::Done);
        let stuck = Job {
            forced: Some(Forced::Processing),
            ..job
        };
        let late = Timestamp::from_second(1_000_000).unwrap();
        assert_eq!(stuck.phase(late), Phase::Processing(99.9));
    }
}
