//! A tokio runtime of the client's own.

use std::future::Future;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::Error;

/// One worker, which goes on while nobody blocks.
#[derive(Debug)]
pub(super) struct Own(Option<Runtime>);

impl Own {
    /// # Errors
    /// Kind `Config` inside a tokio runtime, or when the system gives no thread.
    pub(super) fn start() -> Result<Self, Error> {
        refuse_inside()?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("dryapi-blocking")
            .enable_all()
            .build()
            .map_err(|error| Error::config("no runtime could be started").caused_by(error))?;
        Ok(Self(Some(runtime)))
    }

    /// Blocks on a future.
    ///
    /// # Errors
    /// Kind `Config` inside a tokio runtime; the future is not polled then.
    pub(super) fn block_on<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        refuse_inside()?;
        let runtime = self.0.as_ref();
        let runtime = runtime.ok_or_else(|| Error::config("the client was dropped"))?;
        Ok(runtime.block_on(future))
    }

    /// Moves it out, for another thread to end it.
    pub(super) const fn take(&mut self) -> Self {
        Self(self.0.take())
    }
}

impl Drop for Own {
    /// Waits for nothing: inside another runtime waiting would panic.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Whether this thread belongs to a tokio runtime, where blocking panics or holds others up.
///
/// In the destructor of a thread-local nobody can tell any more; blocking panics there, too.
pub(super) fn inside() -> bool {
    !Handle::try_current().is_err_and(|error| error.is_missing_context())
}

fn refuse_inside() -> Result<(), Error> {
    if inside() {
        let message = "the blocking client was called inside a tokio runtime; use \
                       `dryapi_client::Client` and `.await` there";
        return Err(Error::config(message));
    }
    Ok(())
}
