//! What calls will cost, by as few price calls as possible.
//!
//! Two shapes were weighed. The first asks for each request: exact, and a thousand price calls for a
//! thousand pictures, of which a Basic account has two hundred a day. The second, used here, asks
//! once for each *shape*, the fields that move a price, and where a price grows with a count
//! (characters, seconds, pixels of a file) three times for all of them: two prices give the line, a
//! third must lie on it. Where it does not, each count is asked for.

mod ask;
pub(crate) mod cache;
mod estimate;
mod line;
mod question;

pub(crate) use self::ask::{estimate, quote};
pub use self::estimate::{Estimate, EstimateSource};
