//! The moments of a job: what happens to it next, and when, in virtual time.

use std::time::Duration;

use jiff::Timestamp;

use super::fate::{Fate, Forced};
use super::job::Job;
use super::phase::{Phase, Step};

impl Job {
    /// The first step of a job just accepted.
    pub(super) fn first(&self) -> Option<(Timestamp, Step)> {
        self.moment(Step::Start).map(|at| (at, Step::Start))
    }

    /// What comes after a step, if its fate lets it.
    pub(super) fn after(&self, step: Step) -> Option<(Timestamp, Step)> {
        let next = step.following()?;
        self.moment(next).map(|at| (at, next))
    }

    /// The first step that is still to come at `now`, of a job that works already.
    pub(super) fn upcoming(&self, now: Timestamp) -> Option<(Timestamp, Step)> {
        let steps = std::iter::successors(Some(Step::Start), |step| step.following());
        let moments = steps
            .skip(1)
            .map_while(|step| Some((self.moment(step)?, step)));
        let mut later = moments.skip_while(|(at, _)| *at <= now);
        later.next()
    }

    /// Where a job stands after a step; at the very moment of it, even where all fall on one.
    pub(super) fn phase_after(&self, step: Step) -> Phase {
        match step {
            Step::Start => Phase::Processing(0.0),
            Step::Progress(percent) => Phase::Processing(f64::from(percent)),
            Step::End => match &self.twist.fate {
                Fate::Done | Fate::Stuck => Phase::Done,
                Fate::Error { code, message } => Phase::Error {
                    code: code.clone(),
                    message: message.clone(),
                },
            },
        }
    }

    /// When a step happens; never where a forced outcome or the job's fate is against it.
    fn moment(&self, step: Step) -> Option<Timestamp> {
        let ends = self.forced.is_none() && self.twist.fate != Fate::Stuck;
        let works = matches!(self.forced, None | Some(Forced::Processing));
        let worked = match step {
            _ if !works => return None,
            Step::Start => Duration::ZERO,
            Step::Progress(percent) => self.worked(percent),
            Step::End if ends => self.processing,
            Step::End => return None,
        };
        let at = self
            .accepted
            .saturating_add(self.pending.saturating_add(worked));
        at.ok()
    }

    /// How long so many percent of the work take, rounded up, so that they are done by then.
    fn worked(&self, percent: u8) -> Duration {
        let micros = self.processing.as_micros().saturating_mul(percent.into());
        let micros = u64::try_from(micros.div_ceil(100)).unwrap_or(u64::MAX);
        Duration::from_micros(micros)
    }
}
