//! What a board must bear: jobs picked up late, contradictions, refusals, waits that come and go.

mod limits;
mod listeners;
mod looks;
mod news;

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use dryapi_types::{JobState, JobStatus};

use super::*;
use crate::error::{Error, ErrorKind};

const S: Duration = Duration::from_secs(1);

#[expect(
    clippy::disallowed_methods,
    reason = "an `Instant` has no other origin"
)]
fn start() -> Now {
    Now {
        at: Instant::now(),
        wall: UNIX_EPOCH + S * 1_774_094_400,
    }
}

fn plus(n: Now, s: u64) -> Now {
    Now {
        at: n.at + Duration::from_secs(s),
        wall: n.wall + Duration::from_secs(s),
    }
}

fn ticket(id: &str, at: SystemTime) -> JobTicket {
    JobTicket::accepted(id.into(), "txt2img", None, at)
}

fn polled(state: JobState) -> Result<Looked, Error> {
    Ok(Looked {
        news: News::polled(
            JobStatus::new(state).with_result_url("https://s/1.png"),
            None,
        ),
        limit: None,
    })
}

fn failed(kind: ErrorKind) -> Result<Looked, Error> {
    Err(Error::builder(kind, "request-status").build())
}

/// The times (seconds after `from`) of the looks until `until`, each answered by `answer`.
fn looks(
    board: &mut Board,
    from: Now,
    until: u64,
    mut answer: impl FnMut(u64) -> Result<Looked, Error>,
) -> Vec<u64> {
    let mut times = Vec::new();
    for second in 0..until {
        let now = plus(from, second);
        loop {
            let agenda = board.agenda(now);
            if agenda.looks.is_empty() {
                break;
            }
            for order in agenda.looks {
                times.push(second);
                let a = answer(second);
                board.looked(&order, a, now);
            }
        }
    }
    times
}
