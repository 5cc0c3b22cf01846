//! What a step makes of an entry. No store, no clock: a table of rules.
//!
//! Knowledge only grows. A step that says less than is known changes nothing and is no error, so a
//! step may be repeated after a crash, or come late from a process that was given up.

use std::time::SystemTime;

use dryapi_types::{RequestId, Usd};

use crate::entry::{Entry, SavedFile, Why};
use crate::error::LedgerError;
use crate::evidence::{Evidence, EvidenceKind};
use crate::state::State;

/// What is to be recorded.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Its writer sends it, and stops waiting at that moment.
    Sent { writer: String, until: SystemTime },
    /// Provably not charged, says who had the turn.
    TurnedDown { writer: String, why: Why },
    /// Provably not charged, whoever says so of what is unknown.
    NotCharged(Why),
    /// It may have been charged; nobody will know from the answer.
    Unknown(Why),
    /// The service's id.
    Accepted(RequestId),
    /// The result is there.
    Done,
    /// The service says that the job failed.
    Failed(Why),
    /// The result is in a file.
    Downloaded(SavedFile),
    /// What it costs is known better.
    Priced(Usd),
    /// Something was seen.
    Seen(Evidence),
}

/// What a step makes of an entry.
#[derive(Debug)]
pub(crate) enum Next {
    /// All of it was known.
    Same,
    /// This is to be stored.
    Changed(Entry),
    /// This is to be stored, and the caller is to know.
    Contradiction(Entry, LedgerError),
}

/// Takes a step.
pub(crate) fn take(entry: &Entry, step: &Step, now: SystemTime) -> Result<Next, LedgerError> {
    use State::{Accepted, Done, Downloaded, Failed, Prepared, Refused, Sent, Unknown};
    match step {
        Step::Sent { writer, until } => {
            if entry.writer != *writer || !matches!(entry.state, Prepared | Sent) {
                return Err(LedgerError::NotYourTurn(entry.intent.clone()));
            }
            let mut next = to(entry, Sent, now)?;
            // Another attempt of the same call may have more time, never less.
            next.until = if entry.state == Sent {
                entry.until.max(*until)
            } else {
                *until
            };
            let same = entry.state == Sent && next.until == entry.until;
            Ok(if same {
                Next::Same
            } else {
                Next::Changed(next)
            })
        }
        // Whoever took the turn over decides what becomes of it.
        Step::TurnedDown { writer, .. } if entry.writer != *writer => Ok(Next::Same),
        Step::TurnedDown { why, .. } => match entry.state {
            Prepared | Sent | Unknown => because(entry, Refused, why, now),
            _ => Ok(Next::Same),
        },
        Step::NotCharged(why) => match entry.state {
            Refused => Ok(Next::Same),
            Unknown => because(entry, Refused, why, now),
            _ => Err(illegal(entry, Refused)),
        },
        Step::Unknown(why) => match entry.state {
            Prepared => Err(illegal(entry, Unknown)),
            Sent => because(entry, Unknown, why, now),
            _ => Ok(Next::Same),
        },
        Step::Accepted(id) => match &entry.request_id {
            Some(recorded) if recorded == id => Ok(Next::Same),
            Some(recorded) => Ok(second(entry, recorded, id, now)),
            None => {
                let mut next = to(entry, Accepted, now)?;
                next.request_id = Some(id.clone());
                next.why = None;
                Ok(Next::Changed(next))
            }
        },
        Step::Done => match entry.state {
            Done | Downloaded => Ok(Next::Same),
            _ => {
                let mut next = to(entry, Done, now)?;
                next.why = None;
                Ok(Next::Changed(next))
            }
        },
        Step::Failed(why) => match entry.state {
            Failed => Ok(Next::Same),
            _ => because(entry, Failed, why, now),
        },
        Step::Downloaded(file) => {
            if entry.file.as_ref() == Some(file) {
                return Ok(Next::Same);
            }
            // A file that was lost is fetched once more, perhaps to another place.
            let mut next = to(entry, Downloaded, now)?;
            next.file = Some(file.clone());
            Ok(Next::Changed(next))
        }
        Step::Priced(cost) => {
            let mut next = to(entry, entry.state, now)?;
            next.estimate = Some(*cost);
            for reserved in &mut next.reserved {
                reserved.amount = *cost;
            }
            let same = next.estimate == entry.estimate && next.reserved == entry.reserved;
            Ok(if same {
                Next::Same
            } else {
                Next::Changed(next)
            })
        }
        Step::Seen(note) => {
            let known = |old: &Evidence| old.kind == note.kind && old.text == note.text;
            if entry.evidence.iter().any(known) {
                return Ok(Next::Same);
            }
            let mut next = to(entry, entry.state, now)?;
            next.note(note.clone());
            Ok(Next::Changed(next))
        }
    }
}

fn to(entry: &Entry, state: State, now: SystemTime) -> Result<Entry, LedgerError> {
    if state != entry.state && !entry.state.may_become(state) {
        return Err(illegal(entry, state));
    }
    let mut next = entry.clone();
    next.state = state;
    next.changed = now;
    Ok(next)
}

fn because(entry: &Entry, state: State, why: &Why, now: SystemTime) -> Result<Next, LedgerError> {
    let mut next = to(entry, state, now)?;
    next.why = Some(why.clone());
    Ok(Next::Changed(next))
}

fn illegal(entry: &Entry, to: State) -> LedgerError {
    LedgerError::Illegal {
        intent: entry.intent.clone(),
        from: entry.state,
        to,
    }
}

fn second(entry: &Entry, recorded: &RequestId, given: &RequestId, now: SystemTime) -> Next {
    let error = LedgerError::SecondJob {
        intent: entry.intent.clone(),
        recorded: recorded.clone(),
        given: given.clone(),
    };
    let mut next = entry.clone();
    let note = Evidence::new(now, EvidenceKind::SecondJob, given.as_str());
    let known = next.evidence.iter().any(|old| old.text == note.text);
    if !known {
        next.note(note);
        next.changed = now;
    }
    Next::Contradiction(next, error)
}

#[cfg(test)]
mod tests;
