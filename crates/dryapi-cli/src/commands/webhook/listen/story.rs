//! From a job's changes to the events the service tells a webhook, each once.

use std::time::SystemTime;

use dryapi_client::{JobState, JobStatus, JobTicket};
use dryapi_webhook::Event;

use crate::commands::webhook::uuid::uuid;

/// What was told of a job.
#[derive(Debug, Default)]
pub(super) enum Story {
    /// Nothing.
    #[default]
    Untold,
    /// That a worker has it, since then.
    Processing(SystemTime),
    /// How it ended.
    Ended,
}

impl Story {
    /// The event that a change is, if it is one: progress is none.
    pub(super) fn event(
        &mut self,
        ticket: &JobTicket,
        status: &JobStatus,
        now: SystemTime,
    ) -> Option<Event> {
        let id = ticket.request_id().clone();
        let event = match (&*self, &status.state) {
            (Self::Untold, JobState::Processing) => {
                *self = Self::Processing(now);
                Event::processing(id)
            }
            (Self::Untold | Self::Processing(_), JobState::Done) => {
                let event = Event::completed(id, status.result_url.clone());
                match std::mem::replace(self, Self::Ended) {
                    Self::Processing(since) => {
                        event.with_processing_time(now.duration_since(since).unwrap_or_default())
                    }
                    _ => event,
                }
            }
            (Self::Untold | Self::Processing(_), JobState::Error) => {
                *self = Self::Ended;
                Event::failed(id, status.failure.clone())
            }
            _ => return None,
        };
        let event = event.with_delivery_id(uuid()).with_timestamp(now);
        Some(match ticket.task() {
            Some(task) => event.with_job_type(task),
            None => event,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use dryapi_types::{Failure, FailureCode, ResultUrl};
    use dryapi_webhook::EventKind;

    use super::*;

    fn events(states: &[JobStatus]) -> Vec<Event> {
        let mut story = Story::default();
        let ticket = JobTicket::new("r1");
        let mut now = UNIX_EPOCH;
        let told = states.iter().filter_map(|status| {
            now += Duration::from_millis(1500);
            story.event(&ticket, status, now)
        });
        told.collect()
    }

    fn at(state: JobState) -> JobStatus {
        JobStatus::new(state)
    }

    #[test]
    fn progress_is_no_event_and_an_end_is_one_once() {
        let mut done = at(JobState::Done);
        done.result_url = Some(ResultUrl::new("https://s/x.png"));
        let told = events(&[
            at(JobState::Pending),
            at(JobState::Unknown("queued".to_owned())),
            at(JobState::Processing),
            at(JobState::Processing).with_progress(45.5),
            done.clone(),
            done.clone(),
            at(JobState::Processing),
        ]);
        let names: Vec<_> = told.iter().map(|event| event.kind.name()).collect();
        assert_eq!(names, ["job.processing", "job.completed"]);
        let json = told[1].to_json();
        assert_eq!(json["data"]["result_url"], "https://s/x.png");
        assert_eq!(json["data"]["previous_status"], "processing");
        assert_eq!(json["data"]["processing_time_ms"], 3000);
        assert_ne!(told[0].delivery_id, told[1].delivery_id);
    }

    #[test]
    fn a_failure_says_why() {
        let failure = Failure::new(Some(FailureCode::WorkerTimeout), Some("slow".to_owned()));
        let told = events(&[at(JobState::Error).with_failure(failure)]);
        let EventKind::JobFailed { code, message, .. } = &told[0].kind else {
            panic!("{told:?}");
        };
        assert_eq!(*code, Some(FailureCode::WorkerTimeout));
        assert_eq!(message.as_deref(), Some("slow"));
    }

    #[test]
    fn an_end_alone_is_told_without_a_time_nobody_knows() {
        let told = events(&[at(JobState::Done)]);
        let data = &told[0].to_json()["data"];
        assert!(data.get("processing_time_ms").is_none() && data.get("result_url").is_none());
    }
}
