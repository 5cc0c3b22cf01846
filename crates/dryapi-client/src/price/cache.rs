//! The prices that are known, each asked for once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dryapi_types::Usd;
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use super::line::Line;

/// A price holds for so long.
pub(super) const HOLDS: Duration = Duration::from_secs(24 * 3600);
/// So many prices are kept.
const MOST: usize = 4096;

/// What is known of prices. Whoever wants one that is being asked for waits for the answer.
#[derive(Debug, Default)]
pub(crate) struct Prices(Mutex<HashMap<String, Slot>>);

type Slot = Arc<OnceCell<(Instant, Known)>>;

/// What is known of all questions with one key.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Known {
    /// All have this price.
    Fixed(Usd),
    /// It grows in proportion.
    Along(Line),
    /// It grows, but not in proportion.
    Bent,
}

impl Prices {
    /// What is known under a key; learned by one, where nobody knows.
    pub(super) async fn known<F, E>(
        &self,
        key: String,
        now: Instant,
        learn: impl FnOnce() -> F,
    ) -> Result<Known, E>
    where
        F: Future<Output = Result<Known, E>>,
    {
        let slot = self.slot(key, now);
        let learned = slot.get_or_try_init(|| async { Ok((now, learn().await?)) });
        learned.await.map(|(_, known)| *known)
    }

    fn slot(&self, key: String, now: Instant) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let holds = |slot: &Slot| match slot.get() {
            Some((at, _)) => now.saturating_duration_since(*at) < HOLDS,
            None => true,
        };
        if slots.len() >= MOST {
            // What is being asked for is held by those who ask; what nobody learned is not.
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        let slot = slots.entry(key).or_default();
        if !holds(slot) {
            *slot = Slot::default();
        }
        Arc::clone(slot)
    }
}
