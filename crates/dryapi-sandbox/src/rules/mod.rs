//! Which requests meet which fault: what is asked for, before anything happens.

mod invalid;
mod named;
mod rule;
mod target;
mod written;

pub use self::invalid::InvalidFault;
pub(crate) use self::named::{ERROR_BODY, Named};
pub use self::rule::FaultRule;
pub(crate) use self::target::{On, Target};
