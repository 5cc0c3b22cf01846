//! Who is told of jobs, and when.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::agenda::Change;
use super::{State, World};

impl World {
    /// Every change of every job from now on, in order; each job passes `processing` on its way to
    /// an end. None is lost, however slowly they are taken.
    pub(crate) fn subscribe(&self) -> UnboundedReceiver<Arc<Change>> {
        let (listener, changes) = unbounded_channel();
        let mut state = self.state();
        // What happened already is not told to who comes late.
        state.catch_up(self.clock.now());
        state.agenda.listen(listener);
        changes
    }

    /// Tells what has happened by now, and gives the moment of what happens next.
    pub(crate) fn catch_up(&self) -> Option<Timestamp> {
        let mut state = self.state();
        state.catch_up(self.clock.now());
        state.agenda.next()
    }

    /// Until a moment may have come up that is earlier than those known.
    pub(crate) async fn replanned(&self) {
        self.replanned.notified().await;
    }
}

impl State {
    pub(super) fn catch_up(&mut self, now: Timestamp) {
        self.agenda.catch_up(&mut self.jobs, now);
    }
}
