//! Deliveries of many jobs: in order for each, side by side for different ones.

use std::collections::{HashMap, VecDeque};

use dryapi_client::RequestId;
use tokio::task::JoinSet;

use super::courier::Courier;
use crate::commands::webhook::parcel::Parcel;
use crate::report::End;

/// Jobs with something to deliver, at most: then no more is taken until one is through.
const MOST: usize = 1024;

/// What is to be delivered. Dropping it gives that up.
#[derive(Debug)]
pub(super) struct Rounds {
    courier: Courier,
    /// What waits behind the delivery that is being made.
    waiting: HashMap<RequestId, VecDeque<Parcel>>,
    making: JoinSet<(RequestId, Result<(), End>)>,
}

impl Rounds {
    pub(super) fn new(courier: Courier) -> Self {
        Self {
            courier,
            waiting: HashMap::new(),
            making: JoinSet::new(),
        }
    }

    /// Whether no more can be taken now.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= MOST
    }

    /// How many deliveries are not through.
    pub(super) fn open(&self) -> usize {
        let behind: usize = self.waiting.values().map(VecDeque::len).sum();
        self.waiting.len() + behind
    }

    /// Takes a delivery, after those of the same job.
    pub(super) fn take(&mut self, id: &RequestId, parcel: Parcel) {
        match self.waiting.get_mut(id) {
            Some(behind) => behind.push_back(parcel),
            None => {
                self.waiting.insert(id.clone(), VecDeque::new());
                self.make(id.clone(), parcel);
            }
        }
    }

    fn make(&mut self, id: RequestId, parcel: Parcel) {
        let courier = self.courier.clone();
        self.making.spawn(async move {
            let made = courier.deliver(&parcel).await;
            (id, made)
        });
    }

    /// Waits until one is through, and begins the next of its job; for ever where there is none.
    ///
    /// # Errors
    /// When nobody reads what is said of it any more.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Result<(), End> {
        let Some(ended) = self.making.join_next().await else {
            return std::future::pending().await;
        };
        // A task is cancelled only when all are.
        let Ok((id, made)) = ended else {
            return Ok(());
        };
        made?;
        match self.waiting.get_mut(&id).and_then(VecDeque::pop_front) {
            Some(parcel) => self.make(id, parcel),
            None => {
                self.waiting.remove(&id);
            }
        }
        Ok(())
    }
}
