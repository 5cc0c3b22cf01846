//! Being told to stop: Ctrl-C, SIGTERM, SIGHUP.

use std::io;

use tokio::sync::watch;

/// How often the command was told to stop. A request to stop stays asked.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<u32>);

impl Stop {
    /// Listens to the process's signals from now on. Needs a runtime.
    pub(crate) fn listen() -> io::Result<Self> {
        let (asked, stop) = watch::channel(0);
        let mut signals = Signals::new()?;
        tokio::spawn(async move {
            loop {
                signals.next().await;
                asked.send_modify(|times| *times += 1);
            }
        });
        Ok(Self(stop))
    }

    /// Waits until the command was told this many times.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub(crate) async fn asked(&self, times: u32) {
        let mut stop = self.0.clone();
        if stop.wait_for(|asked| *asked >= times).await.is_err() {
            // The listener is gone, so is the runtime.
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
