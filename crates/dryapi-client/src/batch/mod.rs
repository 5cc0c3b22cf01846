//! Many jobs: a stream in, a stream of outcomes out.
//!
//! Two shapes were weighed. The first collects: rows in, results out, in order; simple, and a
//! million rows fill the memory before the first is sent. The second, used here, is a stream on both
//! sides with a bounded number of rows between them: rows are taken as places become free, and
//! outcomes come as they are known, whatever their order.

mod crew;
mod embed;
mod gate;
mod item;
#[cfg(feature = "ledger")]
mod kept;
#[cfg(feature = "ledger")]
mod names;
#[cfg(feature = "ledger")]
mod orphans;
mod outcome;
mod packs;
mod plan;
mod prepared;
mod row;
mod standing;
#[cfg(not(feature = "ledger"))]
mod unkept;
mod verdict;
mod watch;

pub use self::embed::{EmbedAll, EmbedOutcomes, Embedded};
pub use self::item::BatchItem;
pub use self::outcome::{BatchEvent, BatchOutcome, BatchResult};
pub use self::prepared::{Batch, BatchOutcomes};
