//! Handling each event once, though it is delivered more than once.

mod guard;
mod held;
mod memory;
mod store;

pub use guard::{ReplayGuard, Step, Token};
pub use memory::MemoryStore;
pub use store::{Claim, Seen, SeenStore, StoreError};
