//! What the client tells of paid requests, also when nobody waits for them any more.

use std::sync::{Arc, Mutex, PoisonError};

use dryapi_client::{Error, Event, Intent, Observer, RequestId};

use crate::duration;
use crate::report::terminal;
use crate::screen::Screen;

/// What is known of the command's paid request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Handed to the transport: what for, and which attempt.
    pub(crate) sent: Option<(Intent, u32)>,
    /// The job's id.
    pub(crate) accepted: Option<RequestId>,
    /// How the latest attempt failed, once it has.
    pub(crate) failed: Option<Error>,
}

/// Keeps what it is told. Clones keep the same.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    seen: Arc<Mutex<Seen>>,
    screen: Screen,
}

impl Recorder {
    pub(crate) fn new(screen: Screen) -> Self {
        Self {
            seen: Arc::default(),
            screen,
        }
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn change(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Observer for Recorder {
    fn on_event(&self, event: &Event) {
        match event {
            Event::Sending {
                intent, attempt, ..
            } => self.change(|seen| {
                seen.sent = Some((intent.clone(), *attempt));
                seen.failed = None;
            }),
            Event::Accepted { request_id, .. } => {
                self.change(|seen| seen.accepted = Some(request_id.clone()));
            }
            Event::Failed { error } => self.change(|seen| seen.failed = Some(error.clone())),
            // Of a task its job says it.
            Event::Warning { operation, message } if !is_task(operation) => {
                self.screen
                    .note(&format!("warning: {}", terminal::line(message)));
            }
            // Whatever the operation: the job does not say it.
            Event::Unrecorded { message, .. } => {
                self.screen
                    .note(&format!("warning: {}", terminal::line(message)));
            }
            Event::Retrying {
                operation,
                attempt,
                wait,
                ..
            } => {
                let wait = duration::show(*wait);
                self.screen.progress(&format!(
                    "{operation}: attempt {attempt} failed; again in {wait}"
                ));
            }
            _ => {}
        }
    }
}

fn is_task(operation: &str) -> bool {
    dryapi_types::meta(operation).is_some_and(|meta| meta.task.is_some())
}
