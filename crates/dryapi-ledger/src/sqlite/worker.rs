//! The one thread that holds the connection: SQLite blocks, and a runtime's threads must not.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use tokio::sync::oneshot;

use super::db::Db;
use crate::error::{StoreError, StoreErrorKind};

type Job = Box<dyn FnOnce(&mut Db) + Send>;

/// A thread with a connection. It ends when this is dropped, after what was begun.
#[derive(Debug)]
pub(super) struct Worker {
    jobs: Sender<Job>,
}

impl Worker {
    /// Starts the thread, which opens the connection.
    pub(super) async fn start<T: Send + 'static>(
        open: impl FnOnce() -> Result<(Db, T), StoreError> + Send + 'static,
    ) -> Result<(Self, T), StoreError> {
        let (jobs, inbox) = channel();
        let (tell, told) = oneshot::channel();
        let body = move || match open() {
            Ok((db, given)) => {
                if tell.send(Ok(given)).is_ok() {
                    work(db, &inbox);
                }
            }
            // Nobody waits any more: nothing to tell.
            Err(error) => drop(tell.send(Err(error))),
        };
        let thread = thread::Builder::new().name("dryapi-ledger".to_owned());
        thread.spawn(body).map_err(|error| {
            let text = "the ledger's thread cannot be started";
            StoreError::new(StoreErrorKind::Other, text).with_source(error)
        })?;
        let given = told.await.map_err(|_| ended())??;
        Ok((Self { jobs }, given))
    }

    /// Does something with the connection.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = oneshot::channel();
        // Whoever does not wait any more needs no answer.
        let job: Job = Box::new(move |db| drop(tell.send(work(db))));
        self.jobs.send(job).map_err(|_| ended())?;
        told.await.map_err(|_| ended())?
    }
}

fn work(mut db: Db, inbox: &Receiver<Job>) {
    while let Ok(job) = inbox.recv() {
        job(&mut db);
    }
}

fn ended() -> StoreError {
    let text = "the ledger's thread has ended; open the ledger again";
    StoreError::new(StoreErrorKind::Other, text)
}
