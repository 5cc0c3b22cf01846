//! A handler's hand on its own connection.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{ConnectInfo, Request};

use super::passage::{Passage, Treatment};

/// What becomes of the answer on a connection; nothing special unless told. Clones are of the same
/// connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line(Arc<Mutex<Option<Passage>>>);

impl Line {
    /// Treats the bytes written from now on, until the next request.
    pub(crate) fn treat(&self, treatment: Treatment) {
        *self.passage() = Some(Passage::new(treatment));
    }

    /// Nothing more goes out.
    pub(crate) fn close(&self) {
        self.treat(Treatment::Close);
    }

    pub(super) fn passage(&self) -> MutexGuard<'_, Option<Passage>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A new request on a connection: what befell the last one's answer is over.
pub(crate) async fn fresh(ConnectInfo(line): ConnectInfo<Line>, request: Request) -> Request {
    *line.passage() = None;
    request
}
