//! One output of the command, written to from several threads.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Clones write to the same.
#[derive(Clone)]
pub(super) struct Stream(Arc<Mutex<dyn Write + Send>>);

impl Stream {
    pub(super) fn new(stream: impl Write + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(stream)))
    }

    /// Writes all of it.
    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        // Half a line of a thread that panicked does no harm.
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stream.write_all(bytes)
    }

    pub(super) fn flush(&self) -> io::Result<()> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .flush()
    }
}
