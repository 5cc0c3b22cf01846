//! What happens at which moment, over all jobs, and who is told.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;

use super::fate::Forced;
use super::job::Job;
use super::phase::{Phase, Step};

/// Something that happened to a job.
#[derive(Debug)]
pub(crate) struct Change {
    /// As it was when it happened.
    pub(crate) job: Job,
    /// Where it stood before, by name. Equal to the name of `phase` where it only came along.
    pub(crate) before: &'static str,
    /// Where it stands now; never [`Phase::Pending`].
    pub(crate) phase: Phase,
    /// When, in virtual time: the moment itself, however late it is told.
    pub(crate) at: Timestamp,
}

/// The next step of every job that has one, and the listeners.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    /// Moment, number of the job, step. One that is no longer its job's next is void.
    due: BinaryHeap<Reverse<(Timestamp, u64, Step)>>,
    listeners: Vec<UnboundedSender<Arc<Change>>>,
}

impl Agenda {
    pub(super) fn listen(&mut self, listener: UnboundedSender<Arc<Change>>) {
        self.listeners.push(listener);
    }

    /// The moment of what happens next.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.due.peek().map(|Reverse((at, ..))| *at)
    }

    /// Enters a job just accepted.
    pub(super) fn enter(&mut self, job: &mut Job) {
        job.course.next = job.first();
        self.plan(job);
    }

    /// Tells what has happened by now, in the order in which it happened. The jobs stand in the
    /// order of their numbers.
    pub(super) fn catch_up(&mut self, jobs: &mut [Job], now: Timestamp) {
        while let Some(Reverse((at, number, step))) = self.take(now) {
            let found = jobs.binary_search_by_key(&number, |job| job.number);
            let Some(job) = found.ok().and_then(|index| jobs.get_mut(index)) else {
                continue;
            };
            if job.course.next != Some((at, step)) {
                continue;
            }
            job.course.next = job.after(step);
            self.plan(job);
            let phase = job.phase_after(step);
            self.tell(job, phase, at);
        }
    }

    /// Fixes a job's outcome.
    pub(super) fn force(&mut self, job: &mut Job, outcome: Forced, now: Timestamp) {
        job.forced = Some(outcome);
        let phase = job.phase(now);
        job.course.next = job.upcoming(now);
        self.plan(job);
        let ends = matches!(phase, Phase::Done | Phase::Error { .. });
        if ends && job.course.told == Phase::Pending {
            self.tell(job, Phase::Processing(0.0), now);
        }
        if phase == Phase::Pending {
            // Nothing tells of a job that waits.
            job.course.told = phase;
        } else if phase.name() != job.course.told.name() {
            self.tell(job, phase, now);
        }
    }

    fn plan(&mut self, job: &Job) {
        if let Some((at, step)) = job.course.next {
            self.due.push(Reverse((at, job.number, step)));
        }
    }

    fn take(&mut self, now: Timestamp) -> Option<Reverse<(Timestamp, u64, Step)>> {
        let Reverse((at, ..)) = self.due.peek()?;
        if *at <= now { self.due.pop() } else { None }
    }

    fn tell(&mut self, job: &mut Job, phase: Phase, at: Timestamp) {
        let before = std::mem::replace(&mut job.course.told, phase.clone()).name();
        if self.listeners.is_empty() {
            return;
        }
        let change = Arc::new(Change {
            job: job.clone(),
            before,
            phase,
            at,
        });
        self.listeners
            .retain(|listener| listener.send(Arc::clone(&change)).is_ok());
    }
}
