//! What happens at which moment, over all jobs, and who is told.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::course::Step;
use super::fate::Forced;
use super::job::{Job, Phase};
use super::{State, World};

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

impl World {
    /// Every change of every job from now on, in order; each job passes `processing` on its way to
    /// an end. None is lost, however slowly they are taken.
    pub(crate) fn subscribe(&self) -> UnboundedReceiver<Arc<Change>> {
        let (listener, changes) = unbounded_channel();
        let now = self.clock.now();
        let mut state = self.state();
        // What happened already is not told to who comes late.
        state.catch_up(now);
        state.agenda.listeners.push(listener);
        changes
    }

    /// Tells what has happened by now, and gives the moment of what happens next.
    pub(crate) fn catch_up(&self) -> Option<Timestamp> {
        let now = self.clock.now();
        let mut state = self.state();
        state.catch_up(now);
        state.agenda.due.peek().map(|Reverse((at, ..))| *at)
    }

    /// Until a moment may have come up that is earlier than those known.
    pub(crate) async fn replanned(&self) {
        self.replanned.notified().await;
    }
}

impl State {
    /// Enters a job just accepted, the last of all.
    pub(super) fn enter(&mut self, mut job: Job) {
        job.number = self.accepted;
        self.accepted += 1;
        job.course.next = job.first();
        self.agenda.plan(&job);
        self.jobs.push(job);
    }

    /// Tells what has happened by now, in the order in which it happened.
    pub(super) fn catch_up(&mut self, now: Timestamp) {
        while let Some(Reverse((at, number, step))) = self.agenda.take(now) {
            // The jobs stand in the order of their numbers.
            let found = self.jobs.binary_search_by_key(&number, |job| job.number);
            let Some(job) = found.ok().and_then(|index| self.jobs.get_mut(index)) else {
                continue;
            };
            if job.course.next != Some((at, step)) {
                continue;
            }
            job.course.next = job.after(step);
            self.agenda.plan(job);
            let phase = job.phase_after(step);
            self.agenda.tell(job, phase, at);
        }
    }

    /// Fixes a job's outcome; false when there is no such job.
    pub(super) fn force(&mut self, id: &str, outcome: Forced, now: Timestamp) -> bool {
        self.catch_up(now);
        let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) else {
            return false;
        };
        job.forced = Some(outcome);
        let phase = job.phase(now);
        job.course.next = job.upcoming(now);
        self.agenda.plan(job);
        let ends = matches!(phase, Phase::Done | Phase::Error { .. });
        if ends && job.course.told == Phase::Pending {
            self.agenda.tell(job, Phase::Processing(0.0), now);
        }
        if phase == Phase::Pending {
            // Nothing tells of a job that waits.
            job.course.told = phase;
        } else if phase.name() != job.course.told.name() {
            self.agenda.tell(job, phase, now);
        }
        true
    }
}

impl Agenda {
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
