//! The escape hatch: anything the service answers, with the same key, retries, limits and errors.

mod call;
mod operation;
mod response;

pub use call::Raw;
pub use response::RawResponse;
