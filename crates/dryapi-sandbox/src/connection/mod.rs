//! Connections that can be made to fail: what a handler cannot do to its answer, its connection
//! does.
//!
//! [`Gate`] accepts connections and wraps each in a [`wire`]; handlers find its [`Line`] in the
//! request, and tell it what becomes of the answer's bytes.

mod gate;
mod line;
mod passage;
mod wire;

pub(crate) use self::gate::Gate;
pub(crate) use self::line::{Line, fresh};
pub(crate) use self::passage::Treatment;
